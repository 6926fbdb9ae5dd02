import { invalidArgument, quoted, type Objective } from '@posttrain/core'
import { nameOfOption, type OptionNames } from './option-names.js'

const NAMED = 5

/** Tasks by id, and how many samples each has. */
export type SampleCounts = Iterable<readonly [id: string, n: number]>

/** Whether to leave short tasks out. */
export interface ShortTasksOptions {
  readonly dropShort?: boolean | undefined
  readonly optionNames?: OptionNames | undefined
  /** Tasks that must remain (default 2, since the spread between tasks cannot be seen on one). */
  readonly leastTasks?: number | undefined
}

/** The tasks for which an objective cannot be estimated, and the fewest samples of any other task. */
export interface ShortTasks {
  readonly ids: ReadonlySet<string>
  readonly fewest: number
}

/**
 * The tasks with fewer samples than an objective needs, to be left out; refused unless that was asked for, since k = n
 * in silence would be another quantity.
 *
 * @throws PosttrainError `invalid-argument` naming tasks and choices; also where fewer than the least would remain
 */
export function shortTasks(
  counts: SampleCounts,
  { name, k }: Objective,
  { dropShort = false, optionNames, leastTasks = 2 }: ShortTasksOptions,
): ShortTasks {
  const short = new Map<string, number>()
  let of = 0
  let fewest = Infinity
  for (const [id, n] of counts) {
    of++
    if (n < k) short.set(id, n)
    else fewest = Math.min(fewest, n)
  }
  if (short.size > 0 && !dropShort) throw tooFew(short, of, name, k, nameOfOption('dropShort', optionNames))
  if (of - short.size < leastTasks) {
    const found = short.size > 0 ? `${of - short.size} of ${of} have the samples for ${name}` : `the log has ${of}`
    throw leastTasks < 2
      ? invalidArgument(`no task is left: ${found}`, 'lower K, or draw more samples')
      : invalidArgument(
          `an interval over tasks needs at least 2 tasks, but ${found}`,
          'the spread between tasks cannot be seen on one task; evaluate more of them',
        )
  }
  return { ids: new Set(short.keys()), fewest }
}

function tooFew(short: ReadonlyMap<string, number>, of: number, name: string, k: number, drop: string): Error {
  const named = [...short].slice(0, NAMED).map(([id, n]) => `${quoted(id)} (${n})`)
  const more = short.size > NAMED ? ` and ${short.size - NAMED} more` : ''
  let fewest = k
  for (const n of short.values()) fewest = Math.min(fewest, n)
  return invalidArgument(
    `${name} needs ${k} samples per task, but ${short.size} of ${of} tasks have fewer: ${named.join(', ')}${more}`,
    `${fewest > 0 ? `lower K to at most ${fewest}, ` : ''}draw more samples, or leave these tasks out with ${drop}`,
  )
}
