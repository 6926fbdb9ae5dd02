import { requireOneOf } from '@posttrain/core'

/**
 * What decides where several answers have the most votes: `share` counts their mean reward, the expectation of a random
 * pick; under `strict` nobody wins and the vote is worth 0; `first` takes the answer among them that was seen first.
 */
export type TiePolicy = 'share' | 'strict' | 'first'

/**
 * What a sample without an answer does in a vote: under `abstain` it is drawn and has no vote; under `vote` it votes,
 * with all other unparsed samples, for one answer "unparsed"; under `wrong` it votes alone for a wrong answer of its
 * own.
 */
export type UnparsedPolicy = 'abstain' | 'vote' | 'wrong'

/** Rules of a vote. */
export interface VoteRules {
  /** Default `share`. */
  readonly ties?: TiePolicy | undefined
  /** Default `abstain`. */
  readonly unparsed?: UnparsedPolicy | undefined
}

const tiePolicies: readonly TiePolicy[] = ['share', 'strict', 'first']
const unparsedPolicies: readonly UnparsedPolicy[] = ['abstain', 'vote', 'wrong']

/** A checked rule for samples without an answer. */
export const requireUnparsed = (unparsed: UnparsedPolicy): UnparsedPolicy =>
  requireOneOf('unparsed', unparsed, unparsedPolicies)

/**
 * The rules of a vote with their defaults, checked.
 *
 * @throws PosttrainError `invalid-argument` for an unknown rule, naming those there are
 * @example
 * ```ts
 * checkedRules({ ties: 'strict' }) // => { ties: 'strict', unparsed: 'abstain' }
 * ```
 */
export const checkedRules = ({
  ties = 'share',
  unparsed = 'abstain',
}: VoteRules): { readonly ties: TiePolicy; readonly unparsed: UnparsedPolicy } => ({
  ties: requireOneOf('ties', ties, tiePolicies),
  unparsed: requireUnparsed(unparsed),
})
