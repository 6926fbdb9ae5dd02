import { invalidArgument } from '@posttrain/core'
import { fewestTasksToDecide, fewestTasksToShow, isNonInferior } from '@posttrain/estimators'
import type { Compared, ComparedPair } from './compared.js'
import type { Gate, GateCheck } from './result.js'
import { describeMargin, describeVerdict } from './show-comparison.js'

/** The pairs that a gate looks at: what is compared with the first log, or with a number. */
export const gatedPairs = ({ pairs }: Compared): readonly ComparedPair[] => pairs.filter(({ a }) => a === pairs[0]!.a)

/** Those of them that are worse. */
export const worsePairs = (compared: Compared): readonly ComparedPair[] =>
  gatedPairs(compared).filter(({ difference }) => difference.verdict === 'worse')

/**
 * Requires so many tasks that a gate could fail at all.
 *
 * @throws PosttrainError `invalid-argument` naming the number that would do
 */
export function requireDecidable(compared: Compared): void {
  const { tasks, interval } = compared.pairs[0]!.difference
  const fewest = fewestTasks(compared)
  if (tasks >= fewest) return
  throw invalidArgument(
    `a gate on ${tasks} tasks can never fail: a system that loses all of them is not yet credibly worse at --level ${interval.level}`,
    Number.isFinite(fewest) ? `compare on at least ${fewest} tasks` : 'compare with a number above 0',
  )
}

/** The fewest tasks that could fail a gate, each as wrong as can be; 0 where what a task gives has no bounds. */
function fewestTasks({ kind, pairs, value = 0 }: Compared): number {
  const { interval, pValueMethod } = pairs[0]!.difference
  if (kind === 'unpaired') return 0 // two tasks on each side can differ enough
  if (kind !== 'value') return fewestTasksToDecide(1 - (1 - interval.level) / pairs.length)
  const byInterval = interval.method === 'score' ? fewestTasksToShow(1 - value, interval.level) : 0
  // With n tasks wrong the binomial test has p = 2·(1 − value)ⁿ.
  const byTest = pValueMethod === 'binomial' ? Math.log((1 - interval.level) / 2) / Math.log1p(-value) : 0
  return Math.max(byInterval, Math.ceil(byTest))
}

/** Whether a gate lets pass, and why, with a check for each pair that it looks at. */
export function gateOf(compared: Compared, margin: number | undefined): Gate {
  const gated = gatedPairs(compared)
  const checks = gated.map((pair) => checkOf(pair, margin))
  const failed = checks.filter(({ passed }) => !passed)
  const passed = failed.length === 0
  if (margin !== undefined) return { passed, text: textOf(checks), checks }
  if (!passed) return { passed, text: textOf(failed), checks }
  const base = gated[0]!.a
  return { passed, text: gated.length === 1 ? checks[0]!.name : `none is credibly worse than ${base}`, checks }
}

const textOf = (checks: readonly GateCheck[]): string => checks.map(({ text }) => text).join('; ')

function checkOf(pair: ComparedPair, margin: number | undefined): GateCheck {
  const { a, b, difference } = pair
  if (margin === undefined) {
    const name = `${b} is not credibly worse than ${a}`
    return { name, passed: difference.verdict !== 'worse', text: describeVerdict(pair) }
  }
  const name = `${b} is shown to be worse than ${a} by less than ${margin}, if at all`
  return { name, passed: isNonInferior(difference, margin), text: describeMargin(pair, margin) }
}
