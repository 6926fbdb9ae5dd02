import { described, type StopCause } from '@posttrain/core'
import { fieldsOf, firstProblem, problemOfText, problemOfUsage, type Problem } from './problem-of.js'
import { problemOfSample } from './problem-of-sample.js'

const STOP_CAUSES: ReadonlySet<unknown> = new Set<StopCause>(['complete', 'decided', 'gave-up', 'capped'])

/** What is wrong with a decision; undefined if nothing is. Whether it is of the right task is another matter. */
export function problemOfDecision(decision: unknown): Problem {
  const fields = fieldsOf(decision)
  if (!fields) return `it is ${described(decision)}`
  const { answer, sample, reason, stopped, usage, judging } = fields
  const ofSample = sample === undefined ? undefined : problemOfSample(sample)
  return firstProblem(
    answer === undefined ? undefined : problemOfText('its answer', answer),
    ofSample && `its sample is wrong, ${ofSample}`,
    problemOfText('its reason', reason),
    STOP_CAUSES.has(stopped) ? undefined : `its cause of stopping is ${described(stopped)}`,
    usage === undefined ? 'it has no usage' : problemOfUsage(usage),
    judging === undefined ? 'it has no usage of judging' : problemOfUsage(judging),
  )
}
