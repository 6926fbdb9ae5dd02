import { invalidArgument } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import type { VoteRules } from '../vote-rules.js'
import { bordaWeights, logprobWeights } from '../votes/weighted-vote.js'
import type { Weighing } from '../votes/weighted-vote.js'
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
   * Name of the part that `best-of-K` and `first-passing@K` choose by and by which votes of `weighted-maj@K`, `borda@K`
   * and `logprob-maj@K` weigh, where the name itself says none.
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
  | 'borda@'
  | 'logprob-maj@'
  | 'best-of-'
  | 'first-passing@'

/** What the names of a family are made of, and the objective that one stands for. */
export interface Family {
  readonly form: string
  /** What stands between k and a further number, which `form` shows where it must be there. */
  readonly mark?: '_' | '^' | '≥' | undefined
  /** What the further number may be (default: any). */
  readonly accepts?: ((number: number) => boolean) | undefined
  readonly make: (of: { readonly k: number; readonly number: number | undefined }, rules: ObjectiveRules) => Objective
}

/** Every family of objectives. */
export const families: Readonly<Record<ObjectiveFamily, Family>> = {
  mean: { form: 'mean', make: () => meanObjective() },
  'pass@': { form: 'pass@K', make: ({ k }) => passAtKObjective({ k }) },
  'pass^': { form: 'pass^K', make: ({ k }) => passHatKObjective({ k }) },
  'G-Pass@': {
    form: 'G-Pass@K_TAU',
    mark: '_',
    accepts: (tau) => tau >= 0 && tau <= 1,
    make: ({ k, number: tau }) => gPassAtKObjective({ k, tau: tau! }),
  },
  'mG-Pass@': { form: 'mG-Pass@K', make: ({ k }) => meanGPassAtKObjective({ k }) },
  'max@': { form: 'max@K', make: ({ k }) => maxAtKObjective({ k }) },
  'maj@': { form: 'maj@K', make: ({ k }, { ties, unparsed }) => majorityObjective({ k, ties, unparsed }) },
  'weighted-maj@': {
    form: 'weighted-maj@K by NAME',
    make: ({ k }, rules) => weightedMajority(`weighted-maj@${k}`, k, rules),
  },
  'borda@': {
    form: 'borda@K^POWER by NAME',
    mark: '^',
    accepts: (power) => power >= 0,
    make: ({ k, number: power }, rules) =>
      weightedMajority(`borda@${k}^${power}`, k, { ...rules, weigh: bordaWeights(power!) }),
  },
  'logprob-maj@': {
    form: 'logprob-maj@K by NAME',
    make: ({ k }, rules) => weightedMajority(`logprob-maj@${k}`, k, { ...rules, weigh: logprobWeights }),
  },
  agreement: { form: 'agreement', make: (_, { unparsed }) => agreementObjective({ unparsed }) },
  'best-of-': { form: 'best-of-K by NAME', make: ({ k: n }, { by }) => bestOfNObjective({ n, by }) },
  'first-passing@': {
    form: 'first-passing@K by NAME',
    mark: '≥',
    make: ({ k, number: threshold }, { by }) => firstPassingObjective({ k, by, threshold }),
  },
}

function weightedMajority(
  name: string,
  k: number,
  { by, ties = 'share', unparsed, weigh }: ObjectiveRules & { readonly weigh?: Weighing | undefined },
): Objective {
  if (by === undefined) {
    throw invalidArgument(`${name} does not say what votes weigh`, `say ${name} by judge for instance`)
  }
  if (ties !== 'share') throw invalidArgument(`${name} shares ties, but the rule is ${ties}`, 'choose the rule share')
  return weightedMajorityObjective({ k, by, weigh, unparsed })
}
