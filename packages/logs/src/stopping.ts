import { invalidData } from '@posttrain/core'
import { nameOfOption, type OptionNames } from './option-names.js'

/**
 * How the number of samples of a task came about: it was fixed beforehand, or drawing stopped at the first success.
 * `auto` looks which of them it was.
 */
export type LogStopping = 'auto' | 'fixed' | 'first-pass'

/** Samples of a task, for finding out why there are so many. */
export interface DrawnSamples {
  readonly n: number
  /** How many are correct. */
  readonly c: number
  /** How many had been drawn at the first success; undefined where their order is unknown. */
  readonly first: number | undefined
}

/** Fewer tasks show no pattern to refuse. */
const PATTERN = 10
/** Share of the tasks with a success that may fall out of a pattern, for instance as they were run again. */
const EXCEPTIONS = 0.1

/**
 * The most samples that a task was given, where drawing stopped at the first success; undefined where the numbers of
 * samples do not depend on the outcomes.
 *
 * Drawing did stop there if the numbers differ, every success is the only and the last of its task, one at least comes
 * after a failure, and every task without a success has the most samples.
 *
 * @param tasks read once
 * @throws PosttrainError `invalid-data` where it almost looks so, and nobody has said which it was
 */
export function stopAtFirstPass(
  tasks: Iterable<DrawnSamples>,
  rule: LogStopping,
  optionNames?: OptionNames,
): number | undefined {
  if (rule === 'fixed') return undefined
  let [fewest, most, mostFailed, fewestFailed] = [Infinity, 0, 0, Infinity]
  let [passed, late, atEnd, ordered] = [0, 0, 0, true]
  for (const { n, c, first } of tasks) {
    fewest = Math.min(fewest, n)
    most = Math.max(most, n)
    if (c === 0) {
      mostFailed = Math.max(mostFailed, n)
      fewestFailed = Math.min(fewestFailed, n)
      continue
    }
    passed++
    ordered &&= first !== undefined
    if (c === 1 && (first ?? n) === n) {
      atEnd++
      if (n > 1) late++
    }
  }
  if (rule === 'first-pass') return most
  if (fewest === most || late === 0) return undefined
  const failedAtMost = fewestFailed === Infinity || fewestFailed === most
  if (ordered && atEnd === passed && failedAtMost) return most
  const looks = passed >= PATTERN && atEnd >= (1 - EXCEPTIONS) * passed && (ordered || (failedAtMost && mostFailed > 0))
  if (!looks) return undefined
  const option = nameOfOption('stopping', optionNames)
  const but = !ordered
    ? 'counts do not tell their order'
    : failedAtMost
      ? `${passed - atEnd} tasks go on after a success`
      : `a task without a success ends after ${fewestFailed} of ${most}`
  throw invalidData(
    `${atEnd} of ${passed} tasks with a success end at their only one, as if drawing stopped there, but ${but}`,
    `say ${option} first-pass if it stopped at the first success, or ${option} fixed if the numbers of samples were fixed`,
  )
}
