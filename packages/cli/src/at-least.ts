import { InvalidArgumentError } from 'commander'
import { finite } from './option-parsers.js'
import { worths } from './list-options.js'
import type { Part } from './show-evaluation.js'

/** What the lower bound of a metric's interval must reach, by metric. */
export type LeastBounds = Readonly<Record<string, number>>

/** An option's list of metrics with the least that their lower bounds may be, for instance `pass@8=0.9,pass^2=0.5`. */
export function leastBounds(text: string): LeastBounds {
  const names = text.split(',').map((one) => one.split('=')[0]!.trim())
  const twice = names.find((name, i) => names.indexOf(name) < i)
  if (twice !== undefined) throw new InvalidArgumentError(`${twice} is given twice.`)
  return Object.fromEntries(Object.entries(worths(text)).map(([name, least]) => [name, finite(String(least))]))
}

/** Whether every part shows at least this, and why: an interval without bounds shows nothing. */
export function shownAtLeast(
  parts: readonly Part[],
  bounds: LeastBounds,
): { readonly passed: boolean; readonly text: string } {
  const checks = parts.flatMap(({ group, evaluation }) =>
    Object.entries(bounds).map(([name, least]) => {
      const of = Object.entries(group).map(([field, value]) => ` of ${field} ${value ?? 'null'}`)
      const interval = evaluation.measured.find(({ objective }) => objective.name === name)?.estimate.interval
      const passed = interval !== undefined && interval.lower >= least
      const bound = interval && `the lower bound at level ${interval.level} is ${interval.lower.toFixed(4)}`
      const verdict = `${passed ? '' : 'not '}shown to be at least ${least}`
      return { passed, text: `${name}${of.join('')} is ${verdict}: ${bound ?? 'no metric is named so'}` }
    }),
  )
  return { passed: checks.every(({ passed }) => passed), text: checks.map(({ text }) => text).join('; ') }
}
