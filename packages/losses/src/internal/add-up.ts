import { requireLength, sum } from '@posttrain/core'
import type { LossConstants, LossValue, TokenScores } from '@posttrain/core'
import type { SequenceTerm } from './sequence-term.js'

/** The sum over a batch of what each sequence adds by itself. */
export function addUp(
  scores: readonly TokenScores[],
  constants: readonly LossConstants[],
  term: (scores: TokenScores, constants: LossConstants, index: number) => SequenceTerm,
): Pick<LossValue, 'value' | 'cotangents'> {
  requireLength('constants', constants, scores.length)
  const terms = scores.map((sequence, i) => term(sequence, constants[i]!, i))
  return { value: sum(terms.map(({ value }) => value)), cotangents: terms.map(({ cotangents }) => cotangents) }
}
