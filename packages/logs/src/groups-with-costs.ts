import { invalidData, quoted, type Group, type Sample } from '@posttrain/core'
import { groupsOf } from './groups-of.js'
import type { TaskLog } from './task-log.js'

/** Which fields of a log say what a sample cost; each must be among those that it was read with. */
export interface CostFields {
  readonly promptTokens?: string | undefined
  readonly completionTokens?: string | undefined
  /** In any currency. */
  readonly money?: string | undefined
  readonly seconds?: string | undefined
  /** Money for a million tokens, where no field says the money: of the prompt, which each sample pays, and drawn. */
  readonly prices?: { readonly prompt: number; readonly completion: number } | undefined
}

/** The groups of a log with what their samples cost. */
export interface CostedGroups {
  readonly groups: readonly Group[]
  /** How long a sample took, and any copy of it; undefined where no field says it. */
  readonly secondsOf: (sample: Sample) => number | undefined
}

/** Where a sample keeps its time: a symbol, which copies of the sample keep, too. */
const SECONDS = Symbol('seconds')

const MILLION = 1e6

/**
 * The groups of a log, whose samples' usage says tokens and money, for `replayGroups` and `measureProcedures` of
 * `@posttrain/sampling`.
 *
 * @param log read with `keepCosts` and with these fields in `fields.cost`
 * @throws PosttrainError `invalid-data` for a task of which the log has only counts, or a sample without one of these
 *   costs, naming both; `invalid-argument` for a log that was read without them
 * @example
 * ```ts
 * const lines = ['{"task_id":"a","reward":1,"tokens":100}', '{"task_id":"a","reward":0,"tokens":300}']
 * const log = await readLog({ lines }, { fields: { cost: ['tokens'] }, keepCosts: true })
 * const prices = { prompt: 0, completion: 2 }
 * const { groups } = groupsWithCosts(log, { completionTokens: 'tokens', prices })
 * groups[0]?.samples.map(({ usage }) => usage.cost) // => [0.0002, 0.0006]
 * ```
 */
export function groupsWithCosts(log: TaskLog, fields: CostFields): CostedGroups {
  const { promptTokens, completionTokens, money, seconds, prices } = fields
  const columns = [promptTokens, completionTokens, money, seconds].map((field) => costsByTask(log, field))
  const groups = Array.from(groupsOf(log), (group): Group => {
    const of = columns.map((column) => column?.get(group.task.id))
    const samples = group.samples.map((sample, i) => {
      const [prompt = 0, completion = 0, cost, time] = of.map((costs) => costs?.[i])
      const priced = prices && (prompt * prices.prompt + completion * prices.completion) / MILLION
      const usage = { promptTokens: prompt, completionTokens: completion, cost: cost ?? priced }
      return { ...sample, usage, ...(time !== undefined && { [SECONDS]: time }) }
    })
    return { ...group, samples }
  })
  return { groups, secondsOf: (sample: Sample & { readonly [SECONDS]?: number }) => sample[SECONDS] }
}

/** What each sample cost by one field, by task; undefined without a field. */
function costsByTask(log: TaskLog, field: string | undefined): ReadonlyMap<string, Float64Array> | undefined {
  if (field === undefined) return undefined
  const byTask = new Map(log.sampleCosts(field))
  for (const [id, costs] of byTask) {
    const missing = costs.findIndex(Number.isNaN)
    if (missing < 0) continue
    throw invalidData(
      `sample ${missing} of task ${quoted(id)} has no ${field}`,
      'log it for every sample, or leave the field out',
    )
  }
  return byTask
}
