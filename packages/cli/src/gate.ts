import { invalidArgument } from '@posttrain/core'
import { fewestTasksToDecide, isNonInferior } from '@posttrain/estimators'
import type { Compared, ComparedPair } from './compared.js'
import { describeMargin } from './show-comparison.js'

/** The pairs that a gate looks at: what is compared with the first log, or with a number. */
const gatedPairs = ({ pairs }: Compared): readonly ComparedPair[] => pairs.filter(({ a }) => a === pairs[0]!.a)

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

/** Whether a gate lets pass, and why. */
export function gateOf(
  compared: Compared,
  margin: number | undefined,
): { readonly passed: boolean; readonly text: string } {
  const gated = gatedPairs(compared)
  const base = gated[0]!.a
  if (margin !== undefined) {
    const passed = gated.every(({ difference }) => isNonInferior(difference, margin))
    return { passed, text: gated.map((pair) => describeMargin(pair, margin)).join('; ') }
  }
  const worse = worsePairs(compared).map(({ b }) => b)
  if (worse.length > 0)
    return { passed: false, text: worse.map((b) => `${b} is credibly worse than ${base}`).join('; ') }
  const text =
    gated.length === 1 ? `${gated[0]!.b} is not credibly worse than ${base}` : `none is credibly worse than ${base}`
  return { passed: true, text }
}
