import type { Estimate } from '@posttrain/core'
import type { MeanEstimateOptions } from '@posttrain/estimators'
import { estimateOf } from './task-columns.js'
import type { TaskLog } from './task-log.js'

/** What the samples of a log cost, in the unit of a field: tokens, seconds, money. */
export interface LogCost {
  readonly field: string
  /**
   * Of one sample: the mean over tasks of the mean of their samples, with an interval over tasks. Of k samples it is k
   * times that.
   */
  readonly perSample: Estimate
  /** Of all samples that say it. */
  readonly total: number
  /** How many say it. */
  readonly samples: number
}

/**
 * What the samples cost in each field that the log was read with, of the tasks that are not left out.
 *
 * @returns one entry per field of which some sample has a number
 */
export function costsOfLog(
  log: TaskLog,
  leftOut: ReadonlySet<string>,
  how: Omit<MeanEstimateOptions, 'name' | 'method'>,
): readonly LogCost[] {
  return log.costFields.flatMap((field) => {
    const known = [...log.costs(field)].filter(([id, { samples }]) => samples > 0 && !leftOut.has(id))
    if (known.length === 0) return []
    const facts = known.map(([id]) => log.factsOf(id))
    const columns = {
      values: [Float64Array.from(known, ([, { total, samples }]) => total / samples)],
      samples: Float64Array.from(known, ([, { samples }]) => samples),
      unscored: 0,
      clusters: whole(facts.map(({ cluster }) => cluster)),
      tags: undefined,
      weights: whole(facts.map(({ weight }) => weight)),
    }
    return {
      field,
      // Costs within [0, 1] are no rates: their interval knows no range.
      perSample: estimateOf(columns, 0, { ...how, name: field, method: 'bca' }),
      total: known.reduce((sum, [, { total }]) => sum + total, 0),
      samples: known.reduce((sum, [, { samples }]) => sum + samples, 0),
    }
  })
}

/** A fact of every task, or of none. */
const whole = <T>(facts: readonly (T | undefined)[]): readonly T[] | undefined =>
  facts.every((fact) => fact !== undefined) ? facts : undefined
