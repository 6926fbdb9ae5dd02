import { createStream, sum } from '@posttrain/core'

/** A procedure as a choice: what it is worth, and what it costs, on each task. */
export interface Priced {
  readonly name: string
  /** (tasks) */
  readonly values: readonly number[]
  /** (tasks) */
  readonly money: readonly number[]
}

/** What is looked for. */
export interface Wish {
  /** The mean value that must be reached. Absent: that of the best, less `tolerance`. */
  readonly target: number | undefined
  /** What may be lost against the best. */
  readonly tolerance: number
}

/** The cheapest that reaches what is wished for; of equal costs the better. Undefined: none reaches it. */
export const cheapest = (priced: readonly Priced[], wish: Wish): string | undefined =>
  cheapestOn(priced, wish, undefined)

/**
 * How often the same is chosen where other tasks of the kind are asked: the share of bootstrap resamples of the tasks
 * in which `name` is the cheapest.
 */
export function stabilityOf(
  name: string,
  priced: readonly Priced[],
  wish: Wish,
  { seed, resamples = 1000 }: { readonly seed: number; readonly resamples?: number | undefined },
): number {
  const tasks = priced[0]!.values.length
  const stream = createStream(seed, 'chosen procedure')
  let chosen = 0
  for (let resample = 0; resample < resamples; resample++) {
    const counts = new Float64Array(tasks)
    for (let i = 0; i < tasks; i++) counts[stream.integer(tasks)]!++
    if (cheapestOn(priced, wish, counts) === name) chosen++
  }
  return chosen / resamples
}

/** @param counts (tasks): how often each is there (default: once) */
function cheapestOn(
  priced: readonly Priced[],
  { target, tolerance }: Wish,
  counts: Float64Array | undefined,
): string | undefined {
  const meanOf = (values: readonly number[]): number =>
    sum(counts ? values.map((value, i) => value * counts[i]!) : values) / values.length
  const means = priced.map(({ name, values, money }) => ({ name, value: meanOf(values), cost: meanOf(money) }))
  const needed = target ?? Math.max(...means.map(({ value }) => value)) - tolerance
  const reaching = means.filter(({ value }) => value >= needed - 1e-12)
  return reaching.sort((a, b) => a.cost - b.cost || b.value - a.value)[0]?.name
}
