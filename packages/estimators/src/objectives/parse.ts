import { invalidArgument } from '@posttrain/core'
import type { Objective } from '@posttrain/core'
import { families, type ObjectiveFamily, type ObjectiveRules } from './families.js'

export type { ObjectiveFamily, ObjectiveRules } from './families.js'

/** The name of an objective, taken apart. */
export interface ObjectiveName {
  readonly family: ObjectiveFamily
  /** Absent for `mean` and `agreement`. */
  readonly k?: number | undefined
  /** A further number: a share, a power or a threshold. */
  readonly number?: number | undefined
  /** Name of the part that is read, as far as the name says it. */
  readonly by?: string | undefined
}

/** Numbers as they are printed, and shares without the zero before the point. */
const NAME = /^([^\d]+?)(?:([1-9]\d{0,15})(?:([_^≥])(-?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?))?)?(?: by ([^]+))?$/

/**
 * Takes the name of an objective apart, so that nobody else does.
 *
 * @param name for instance `pass@8`
 * @returns undefined for what `parseObjective` would call unknown
 * @example
 * ```ts
 * objectiveName('borda@8^0.5 by judge') // => { family: 'borda@', k: 8, number: 0.5, by: 'judge' }
 * objectiveName('grpo') // => undefined
 * ```
 */
export function objectiveName(name: string): ObjectiveName | undefined {
  const [, start = '', k, mark, further, by] = NAME.exec(name) ?? []
  if (!Object.hasOwn(families, start)) return undefined
  const family = start as ObjectiveFamily
  const { form, mark: own, accepts = () => true } = families[family]
  const number = further === undefined ? undefined : Number(further)
  const isWhole =
    form.includes('K') === (k !== undefined) &&
    (mark === undefined ? own === undefined || !form.includes(`K${own}`) : mark === own) &&
    (number === undefined || (Number.isFinite(number) && accepts(number))) &&
    (by === undefined || form.endsWith(' by NAME'))
  if (!isWhole) return undefined
  return { family, ...(k && { k: Number(k) }), ...(number !== undefined && { number }), ...(by && { by }) }
}

/**
 * The objective that a name stands for, with default baselines. The name of every objective of this package gives that
 * objective back, but for what `rules` say and for votes that a function of one's own weighs.
 *
 * @param name `mean`, `pass@K`, `pass^K`, `G-Pass@K_TAU`, `mG-Pass@K`, `max@K`, `maj@K`, `weighted-maj@K`,
 *   `borda@K^POWER`, `logprob-maj@K`, `agreement`, `best-of-K`, `first-passing@K` or `first-passing@K≥THRESHOLD`, K a
 *   positive integer, TAU a share from 0 to 1 and POWER at least 0; votes that weigh and choices also with ` by NAME`,
 *   the part that they read
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
  const parsed = objectiveName(name)
  if (parsed === undefined) {
    const forms = Object.values(families).map(({ form }) => form.replace(' by NAME', ''))
    throw invalidArgument(
      `the objective '${name}' is unknown`,
      `use ${forms.slice(0, -1).join(', ')} or ${forms.at(-1)}, where K is the number of samples, TAU a share and ` +
        'POWER at least 0, for instance pass@8, G-Pass@8_0.75 or best-of-4 by judge',
    )
  }
  const { family, k = 1, number, by = rules.by } = parsed
  return families[family].make({ k, number }, { ...rules, by })
}

/**
 * The family of objectives that a name belongs to, whatever its k.
 *
 * @param name for instance `pass@8`
 * @returns for instance `pass@`; undefined for what `parseObjective` would refuse
 * @example
 * ```ts
 * familyOf('best-of-4 by judge') // => 'best-of-'
 * familyOf('grpo') // => undefined
 * ```
 */
export const familyOf = (name: string): ObjectiveFamily | undefined => objectiveName(name)?.family
