import { invalidArgument } from '@posttrain/core'
import { fewestTasksToDecide, isNonInferior } from '@posttrain/estimators'
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
export function requireDecidable({ kind, pairs }: Compared): void {
  if (kind === 'unpaired' || kind === 'value') return // there the p-value is that of the interval
  const { tasks, interval } = pairs[0]!.difference
  const fewest = fewestTasksToDecide(1 - (1 - interval.level) / pairs.length)
  if (tasks >= fewest) return
  throw invalidArgument(
    `a gate on ${tasks} tasks can never fail: a system that loses all of them is not yet credibly worse at --level ${interval.level}`,
    `compare on at least ${fewest} tasks`,
  )
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
