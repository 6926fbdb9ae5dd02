import { invalidArgument } from '@posttrain/core'

const NAMED = 5

/** Tasks by id, and how many samples each has. */
export type SampleCounts = Iterable<readonly [id: string, n: number]>

/** The tasks that a metric cannot be had of. */
export interface ShortTasks {
  readonly ids: ReadonlySet<string>
  /** All tasks, short or not. */
  readonly of: number
}

/**
 * The tasks with fewer samples than a metric needs, to be left out; refused unless that was asked for, since k = n
 * in silence would be another quantity.
 *
 * @param drop whether to leave them out
 * @throws PosttrainError `invalid-argument` naming tasks and choices; also where fewer than two tasks would remain
 */
export function shortTasks(counts: SampleCounts, metric: string, k: number, drop: boolean): ShortTasks {
  const short = new Map<string, number>()
  let of = 0
  for (const [id, n] of counts) {
    of++
    if (n < k) short.set(id, n)
  }
  if (short.size > 0 && !drop) refuse(short, of, metric, k)
  if (of - short.size < 2) {
    const found = short.size > 0 ? `${of - short.size} of ${of} have the samples for ${metric}` : `the log has ${of}`
    throw invalidArgument(
      `an interval over tasks needs at least 2 tasks, but ${found}`,
      'the spread between tasks cannot be seen on one task; evaluate more of them',
    )
  }
  return { ids: new Set(short.keys()), of }
}

function refuse(short: ReadonlyMap<string, number>, of: number, metric: string, k: number): never {
  const named = [...short].slice(0, NAMED).map(([id, n]) => `${JSON.stringify(id)} (${n})`)
  const more = short.size > NAMED ? ` and ${short.size - NAMED} more` : ''
  let fewest = k
  for (const n of short.values()) fewest = Math.min(fewest, n)
  throw invalidArgument(
    `${metric} needs ${k} samples per task, but ${short.size} of ${of} tasks have fewer: ${named.join(', ')}${more}`,
    `${fewest > 0 ? `lower K to at most ${fewest}, ` : ''}draw more samples, or leave these tasks out with --drop-short`,
  )
}
