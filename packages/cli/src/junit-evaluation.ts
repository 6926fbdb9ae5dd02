import { shown } from '@posttrain/core'
import { describeEstimate, formatEstimate, uniqueNames } from '@posttrain/report'
import type { BoundCheck } from './at-least.js'
import { NAME, taskCases } from './junit-tasks.js'
import type { JUnitCase, JUnitSuite } from './junit-xml.js'
import type { Gate, Result } from './result.js'
import { labelOf, unitOf, type Part } from './show-evaluation.js'

/** Tasks that are listed: readers of such files have limits, and people too. */
const LISTED = 10_000

/**
 * An evaluation for a CI system: a case for each bound that is asked, which alone can fail, and one for each task with
 * how many of its samples are right. A task that is never solved is no failure: a benchmark has many.
 */
export function evaluationSuites(
  { title, notes, gate }: Pick<Result, 'title' | 'notes'> & { readonly gate?: Gate<BoundCheck> | undefined },
  parts: readonly Part[],
): readonly JUnitSuite[] {
  const gateSuites = gate
    ? [{ name: shown(`${title}, gate`, NAME), cases: gate.checks.map((check) => boundCase(check, parts)) }]
    : []
  const named = uniqueNames()
  let left = LISTED
  const suites = parts.map((part, i): JUnitSuite => {
    const cases = taskCases(part.log, left)
    left -= cases.length
    const listed = cases.length < part.log.size ? [`${cases.length} of ${part.log.size} tasks are listed`] : []
    const output = [...listed, ...(i === 0 ? notes : [])]
    return {
      name: named(shown([title, labelOf(part)].filter(Boolean).join(', '), NAME)),
      properties: Object.fromEntries(
        part.evaluation.measured.map(({ estimate }) => [estimate.name, formatEstimate(estimate, unitOf(parts))]),
      ),
      cases,
      output: output.length > 0 ? output.join('\n') : undefined,
    }
  })
  return [...gateSuites, ...suites]
}

function boundCase({ name, passed, text, metric, group }: BoundCheck, parts: readonly Part[]): JUnitCase {
  const part = parts.find((one) => one.group === group)!
  const { estimate } = part.evaluation.measured.find(({ objective }) => objective.name === metric)!
  const output = `${metric}: ${formatEstimate(estimate, unitOf(parts))}\n${describeEstimate(estimate)}`
  const short = shown(name, NAME)
  return passed
    ? { name: short, output: `${text}\n${output}` }
    : { name: short, failure: { message: text, text: `${text}\n${output}` } }
}
