import { invalidArgument } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import type { VoteRules } from '../vote-rules.js'
import { agreementObjective } from './agreement.js'
import { bestOfNObjective } from './best-of-n.js'
import { firstPassingObjective } from './first-passing.js'
import { gPassAtKObjective, meanGPassAtKObjective } from './g-pass-at-k.js'
import { majorityObjective } from './majority-at-k.js'
import { maxAtKObjective } from './max-at-k.js'
import { meanObjective } from './mean.js'
import { passAtKObjective } from './pass-at-k.js'
import { passHatKObjective } from './pass-hat-k.js'
import { weightedMajorityObjective } from './weighted-majority-at-k.js'

/** What a name leaves open: the rules of a vote, and what a choice is made by. */
export interface ObjectiveRules extends VoteRules {
  /**
   * Name of the part that `best-of-K` and `first-passing@K` choose by and votes of `weighted-maj@K` weigh, where the
   * name itself says none.
   */
  readonly by?: string | undefined
}

/** What the name of an objective begins with, up to its k; all of it where there is none. */
export type ObjectiveFamily =
  | 'mean'
  | 'agreement'
  | 'pass@'
  | 'pass^'
  | 'G-Pass@'
  | 'mG-Pass@'
  | 'max@'
  | 'maj@'
  | 'weighted-maj@'
  | 'best-of-'
  | 'first-passing@'

/** A name taken apart. */
interface ParsedName {
  readonly family: ObjectiveFamily
  readonly k: string | undefined
  /** Behind `_`. */
  readonly tau: string | undefined
  /** Behind ` by `. */
  readonly by: string | undefined
}

/** What the names of a family are made of, and the objective that one stands for. */
interface Family {
  readonly form: string
  readonly make: (of: { readonly k: number; readonly tau: number }, rules: ObjectiveRules) => Objective
}

const families: Readonly<Record<ObjectiveFamily, Family>> = {
  mean: { form: 'mean', make: () => meanObjective() },
  'pass@': { form: 'pass@K', make: ({ k }) => passAtKObjective({ k }) },
  'pass^': { form: 'pass^K', make: ({ k }) => passHatKObjective({ k }) },
  'G-Pass@': { form: 'G-Pass@K_TAU', make: (of) => gPassAtKObjective(of) },
  'mG-Pass@': { form: 'mG-Pass@K', make: ({ k }) => meanGPassAtKObjective({ k }) },
  'max@': { form: 'max@K', make: ({ k }) => maxAtKObjective({ k }) },
  'maj@': { form: 'maj@K', make: ({ k }, { ties, unparsed }) => majorityObjective({ k, ties, unparsed }) },
  'weighted-maj@': { form: 'weighted-maj@K by NAME', make: ({ k }, rules) => weightedMajority(k, rules) },
  agreement: { form: 'agreement', make: (_, { unparsed }) => agreementObjective({ unparsed }) },
  'best-of-': { form: 'best-of-K by NAME', make: ({ k: n }, { by }) => bestOfNObjective({ n, by }) },
  'first-passing@': { form: 'first-passing@K by NAME', make: ({ k }, { by }) => firstPassingObjective({ k, by }) },
}

function weightedMajority(k: number, { by, ties = 'share', unparsed }: ObjectiveRules): Objective {
  if (by === undefined) {
    throw invalidArgument(
      `weighted-maj@${k} does not say what votes weigh`,
      `say weighted-maj@${k} by judge for instance`,
    )
  }
  if (ties !== 'share') {
    throw invalidArgument(`weighted-maj@${k} shares ties, but the rule is ${ties}`, 'choose the rule share')
  }
  return weightedMajorityObjective({ k, by, unparsed })
}

const NAME = /^([^\d]+?)(?:([1-9]\d{0,15})(?:_(0|1|0?\.\d+))?)?(?: by (.+))?$/

/** undefined for what is no name of an objective. */
function parseName(name: string): ParsedName | undefined {
  const [, start = '', k, tau, by] = NAME.exec(name) ?? []
  if (!Object.hasOwn(families, start)) return undefined
  const family = start as ObjectiveFamily
  const { form } = families[family]
  const isWhole =
    form.includes('K') === (k !== undefined) &&
    form.includes('_TAU') === (tau !== undefined) &&
    (by === undefined || form.endsWith(' by NAME'))
  return isWhole ? { family, k, tau, by } : undefined
}

/**
 * The objective that a name stands for, with default baselines.
 *
 * @param name `mean`, `pass@K`, `pass^K`, `G-Pass@K_TAU`, `mG-Pass@K`, `max@K`, `maj@K`, `weighted-maj@K`, `agreement`,
 *   `best-of-K` or `first-passing@K`, K a positive integer and TAU a share from 0 to 1; `weighted-maj@K` and the last
 *   two also with ` by NAME`, the part that they read
 * @param rules of votes and choices; names that leave nothing open ignore them
 * @returns an objective whose name is this one, with what `rules` adds to it
 * @throws PosttrainError `invalid-argument`, with the accepted forms as hint; also for weighted votes without a part
 *   that weighs, or under another rule for ties than `share`
 * @example
 * ```ts
 * parseObjective('pass@8').k // => 8
 * parseObjective('best-of-4', { by: 'judge' }).name // => 'best-of-4 by judge'
 * ```
 */
export function parseObjective(name: string, rules: ObjectiveRules = {}): Objective {
  const parsed = parseName(name)
  if (parsed === undefined) {
    const forms = Object.values(families).map(({ form }) => form.replace(' by NAME', ''))
    throw invalidArgument(
      `the objective '${name}' is unknown`,
      `use ${forms.slice(0, -1).join(', ')} or ${forms.at(-1)}, where K is the number of samples and TAU a share, for ` +
        'instance pass@8, G-Pass@8_0.75 or best-of-4 by judge',
    )
  }
  const { family, k, tau, by = rules.by } = parsed
  return families[family].make({ k: Number(k), tau: Number(tau) }, { ...rules, by })
}

/**
 * The family of objectives that a name belongs to, whatever its k: so that nobody else takes names apart.
 *
 * @param name for instance `pass@8`
 * @returns for instance `pass@`; undefined for what `parseObjective` would refuse
 * @example
 * ```ts
 * familyOf('best-of-4 by judge') // => 'best-of-'
 * familyOf('grpo') // => undefined
 * ```
 */
export const familyOf = (name: string): ObjectiveFamily | undefined => parseName(name)?.family
