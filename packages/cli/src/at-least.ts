import { invalidArgument } from '@posttrain/core'
import { fewestTasksToShow } from '@posttrain/estimators'
import { InvalidArgumentError } from 'commander'
import { finite } from './option-parsers.js'
import { worths } from './list-options.js'
import type { Gate, GateCheck } from './result.js'
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

/** What was asked of a metric of a log, or of one of its groups. */
export interface BoundCheck extends GateCheck {
  readonly metric: string
  readonly group: Part['group']
  readonly atLeast: number
  /** The lower bound of the interval; no number where there is none, null then in JSON. */
  readonly low: number
  /** How many tasks could show it, where there are fewer; infinite, null in JSON, where no number could. */
  readonly fewestTasks?: number | undefined
}

/**
 * Whether every part shows at least this, by the lower bound of its interval.
 *
 * @throws PosttrainError `invalid-argument` for a bound that every log reaches
 */
export function atLeastGate(parts: readonly Part[], bounds: LeastBounds): Gate<BoundCheck> {
  const checks = parts.flatMap((part) => Object.entries(bounds).map(([name, least]) => checkOf(part, name, least)))
  return { passed: checks.every(({ passed }) => passed), text: checks.map(({ text }) => text).join('; '), checks }
}

function checkOf({ group, evaluation }: Part, metric: string, atLeast: number): BoundCheck {
  const { estimate } = evaluation.measured.find(({ objective }) => objective.name === metric)!
  const { lower: low, level, method } = estimate.interval
  if (method === 'score' && atLeast <= 0)
    throw invalidArgument(
      `--at-least ${metric}=${atLeast} can never fail: ${metric} is at least 0`,
      'give a bound above 0 and below 1, 0.9 for 90 %',
    )
  const passed = low >= atLeast
  const of = [metric, ...Object.entries(group).map(([field, value]) => `of ${field} ${value ?? 'null'}`)].join(' ')
  const found = Number.isNaN(low)
    ? `there is no interval: ${method}`
    : `the lower bound at level ${level} is ${Number(low.toPrecision(6))}`
  const fewest = method === 'score' ? fewestTasksToShow(atLeast, level) : 0
  const tooFew = estimate.tasks < fewest
  const could = fewest === Infinity ? 'and no number could' : `${fewest} could`
  return {
    name: `${of} is at least ${atLeast}`,
    passed,
    text: `${of} is ${passed ? '' : 'not '}shown to be at least ${atLeast}: ${found}${tooFew ? `; ${estimate.tasks} tasks cannot show it, however good, ${could}` : ''}`,
    metric,
    group,
    atLeast,
    low,
    ...(tooFew && { fewestTasks: fewest }),
  }
}
