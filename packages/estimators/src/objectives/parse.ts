import { invalidArgument } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import type { VoteRules } from '../vote-rules.js'
import { bestOfNObjective } from './best-of-n.js'
import { firstPassingObjective } from './first-passing.js'
import { majorityObjective } from './majority-at-k.js'
import { maxAtKObjective } from './max-at-k.js'
import { meanObjective } from './mean.js'
import { passAtKObjective } from './pass-at-k.js'
import { passHatKObjective } from './pass-hat-k.js'

/** What a name leaves open: the rules of a vote, and what a choice is made by. */
export interface ObjectiveRules extends VoteRules {
  /** Name of the part that `best-of-K` and `first-passing@K` choose by, where the name itself says none. */
  readonly by?: string | undefined
}

/** What the name of an objective begins with, up to its k. */
export type ObjectiveFamily = 'mean' | 'pass@' | 'pass^' | 'max@' | 'maj@' | 'best-of-' | 'first-passing@'

type FamilyWithK = Exclude<ObjectiveFamily, 'mean'>

const families: Readonly<Record<FamilyWithK, (k: number, rules: ObjectiveRules) => Objective>> = {
  'pass@': (k) => passAtKObjective({ k }),
  'pass^': (k) => passHatKObjective({ k }),
  'max@': (k) => maxAtKObjective({ k }),
  'maj@': (k, { ties, unparsed }) => majorityObjective({ k, ties, unparsed }),
  'best-of-': (n, { by }) => bestOfNObjective({ n, by }),
  'first-passing@': (k, { by }) => firstPassingObjective({ k, by }),
}

/** Families whose names may end with what is chosen by. */
const choosing: readonly string[] = ['best-of-', 'first-passing@'] satisfies FamilyWithK[]

/** A name taken apart. */
interface ParsedName {
  readonly family: FamilyWithK
  readonly k: number
  readonly by: string | undefined
}

/** undefined for what is no name of an objective with a k. */
function parseName(name: string): ParsedName | undefined {
  const [, start = '', k, by] = /^(\D+)([1-9]\d{0,15})(?: by (.+))?$/.exec(name) ?? []
  if (!Object.hasOwn(families, start) || (by !== undefined && !choosing.includes(start))) return undefined
  return { family: start as FamilyWithK, k: Number(k), by }
}

/**
 * The objective that a name stands for, with default baselines.
 *
 * @param name `mean`, `pass@K`, `pass^K`, `max@K`, `maj@K`, `best-of-K` or `first-passing@K`, K a positive integer; the
 *   last two also with ` by NAME`, the part that they choose by
 * @param rules of votes and choices; names that leave nothing open ignore them
 * @returns an objective whose name is this one, with what `rules` adds to it
 * @throws PosttrainError `invalid-argument`, with the accepted forms as hint
 * @example
 * ```ts
 * parseObjective('pass@8').k // => 8
 * parseObjective('best-of-4', { by: 'judge' }).name // => 'best-of-4 by judge'
 * ```
 */
export function parseObjective(name: string, rules: ObjectiveRules = {}): Objective {
  if (name === 'mean') return meanObjective()
  const parsed = parseName(name)
  if (parsed === undefined) {
    throw invalidArgument(
      `the objective '${name}' is unknown`,
      'use mean, pass@K, pass^K, max@K, maj@K, best-of-K or first-passing@K, where K is the number of samples, ' +
        'for instance pass@8 or best-of-4 by judge',
    )
  }
  const { family, k, by = rules.by } = parsed
  return families[family](k, { ...rules, by })
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
export const familyOf = (name: string): ObjectiveFamily | undefined =>
  name === 'mean' ? name : parseName(name)?.family
