import { shown } from '@posttrain/core'
import { formatDifference, formatEstimate } from '@posttrain/report'
import type { Compared, ComparedLog } from './compared.js'
import { gatedPairs } from './gate.js'
import { NAME } from './junit-tasks.js'
import type { JUnitCase, JUnitSuite } from './junit-xml.js'
import type { Result } from './result.js'
import { describeVerdict, unitsOf } from './show-comparison.js'
import { worsenedLines } from './worsened-tasks.js'

/** A comparison for a CI system: a case for each pair, which fails only by the gate, with the tasks that got worse. */
export function comparisonSuites(
  { title, notes, gate }: Pick<Result, 'title' | 'notes' | 'gate'>,
  compared: Compared,
  logs: readonly ComparedLog[],
): readonly JUnitSuite[] {
  const { estimates, pairs } = compared
  const units = unitsOf(logs)
  const checks = new Map(gatedPairs(compared).map((pair, i) => [pair, gate?.checks[i]]))
  const cases = pairs.map((pair): JUnitCase => {
    const { a, b, difference } = pair
    const { name = `${b} against ${a}`, passed = true, text = describeVerdict(pair) } = checks.get(pair) ?? {}
    const found = `${b} − ${a}: ${formatDifference(difference, units.difference)}`
    const output = [text, found, ...worsenedLines(pair)].join('\n')
    return passed ? { name, output } : { name, failure: { message: `${text}; ${found}`, text: output } }
  })
  const properties = logs.map(({ label }, i) => {
    const estimate = estimates[i]!
    return [shown(`${estimate.name} of ${label}`, NAME), formatEstimate(estimate, units.estimate)] as const
  })
  return [
    {
      name: shown(title, NAME),
      properties: Object.fromEntries(properties),
      cases,
      output: notes.length > 0 ? notes.join('\n') : undefined,
    },
  ]
}
