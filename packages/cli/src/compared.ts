import { quoted, type Estimate } from '@posttrain/core'
import type { Difference, PairedWins } from '@posttrain/estimators'
import {
  compareLogs,
  compareLogWithValue,
  compareManyLogs,
  compareUnpairedLogs,
  type CompareLogsOptions,
  type PairedTask,
  type TaskLog,
} from '@posttrain/logs'
import { formatPValue } from '@posttrain/report'
import { describeNeeded, neededJson } from './show-needed.js'

/** A log that is compared, and what it is called. */
export interface ComparedLog {
  /** For instance `A`. */
  readonly letter: string
  /** For instance `A: before.jsonl`. */
  readonly label: string
  readonly log: TaskLog
}

/** How much better one of the logs is than another, or than a number. */
export interface ComparedPair {
  readonly a: string
  readonly b: string
  readonly difference: Difference & { readonly discordant?: number | undefined }
  /** Where both are of the same tasks. */
  readonly wins?: PairedWins | undefined
  readonly tasks?: Iterable<PairedTask> | undefined
}

/** A comparison of whatever kind, as it is shown. */
export interface Compared {
  readonly kind: 'paired' | 'several' | 'unpaired' | 'value'
  readonly estimates: readonly Estimate[]
  readonly pairs: readonly ComparedPair[]
  /** The number that a log is compared with. */
  readonly value?: number | undefined
  /** Said of the tasks before any figure. */
  readonly notes: readonly string[]
  /** Said under the figures. */
  readonly remarks: readonly string[]
  /** Said at the end. */
  readonly conclusions?: readonly string[] | undefined
  /** What the figures for programs hold beside those of every comparison. */
  readonly extra: object
}

const many = (ids: readonly string[], what: string): string[] =>
  ids.length === 0 ? [] : [`${ids.length} ${what} and are left out, the first ${quoted(ids[0]!)}`]

const short = (ids: readonly string[], k: number, of = 'common tasks have'): string[] =>
  many(ids, `${of} fewer than ${k} samples`)

/** Two logs, task by task. */
export function comparePair([a, b]: readonly ComparedLog[], k: number, options: CompareLogsOptions): Compared {
  const compared = compareLogs(a!.log, b!.log, options)
  const { difference, wins, tasks, mcnemar, needed, onlyInA, onlyInB, leftOut, ...of } = compared
  const tests = mcnemar && [
    `McNemar's exact test: ${formatPValue(mcnemar.pValue)}; only A solves ${mcnemar.onlyA}, only B ${mcnemar.onlyB}`,
  ]
  return {
    kind: 'paired',
    estimates: [of.a, of.b],
    pairs: [{ a: 'A', b: 'B', difference, wins, tasks }],
    notes: [...many(onlyInA, 'tasks are only in A'), ...many(onlyInB, 'tasks are only in B'), ...short(leftOut, k)],
    remarks: tests ?? [],
    conclusions: needed ? [describeNeeded(needed, of.a.name, of.a)] : [],
    extra: { ...(mcnemar && { mcnemar }), ...(needed && { needed: neededJson(needed) }) },
  }
}

/** Every two of several logs, on the tasks that all have. */
export function compareSeveral(logs: readonly ComparedLog[], k: number, options: CompareLogsOptions): Compared {
  const letters = logs.map(({ letter }) => letter)
  const { estimates, pairs, alone, leftOut } = compareManyLogs(
    logs.map(({ log }) => log),
    letters,
    options,
  )
  return {
    kind: 'several',
    estimates,
    pairs: pairs.map(({ a, b, ...found }) => ({ a: letters[a]!, b: letters[b]!, ...found })),
    notes: [
      ...alone.flatMap((ids, i) => many(ids, `tasks of ${letters[i]} are not in every log`)),
      ...short(leftOut, k),
    ],
    remarks: [`p adjusted for ${pairs.length} comparisons by Holm's method; each interval is of its pair alone`],
    extra: { adjustment: 'holm' },
  }
}

/** Two logs, each on its own tasks. */
export function compareUnpaired([a, b]: readonly ComparedLog[], k: number, options: CompareLogsOptions): Compared {
  const { difference, leftOutOfA, leftOutOfB, ...of } = compareUnpairedLogs(a!.log, b!.log, options)
  return {
    kind: 'unpaired',
    estimates: [of.a, of.b],
    pairs: [{ a: 'A', b: 'B', difference }],
    notes: [...short(leftOutOfA, k, 'tasks of A have'), ...short(leftOutOfB, k, 'tasks of B have')],
    remarks: [`unpaired: ${of.a.tasks} tasks of A and ${of.b.tasks} of B are taken for different ones`],
    extra: {},
  }
}

/** A log and a number. */
export function compareValue(
  [a]: readonly ComparedLog[],
  value: number,
  k: number,
  options: CompareLogsOptions,
): Compared {
  const { estimate, difference, leftOut } = compareLogWithValue(a!.log, value, options)
  return {
    kind: 'value',
    value,
    estimates: [estimate],
    pairs: [{ a: String(value), b: 'A', difference }],
    notes: short(leftOut, k, 'tasks have'),
    remarks: [`${value} is taken as exact: if it was measured, its own interval is not in this one`],
    extra: { against: value },
  }
}
