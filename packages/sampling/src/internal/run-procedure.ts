import { callCaller, described, invalidData, shown } from '@posttrain/core'
import type { Decision, Procedure, RunOptions, Sampler, StopCause, Task } from '@posttrain/core'
import { fieldsOf, firstProblem, problemOfText, problemOfUsage, type Problem } from '../checks/problem-of.js'
import { problemOfSample } from '../checks/problem-of-sample.js'

/**
 * What a procedure decides, checked.
 *
 * @throws PosttrainError `invalid-data`, naming procedure and task, for anything but a decision and for what it throws;
 *   `aborted` at the signal, even where it hangs
 */
export async function runProcedure(
  procedure: Procedure,
  sampler: Sampler,
  task: Task,
  options: RunOptions,
): Promise<Decision> {
  const name = `the procedure ${procedure.name}`
  const where = `on task ${shown(task.id)}`
  const decision = await callCaller(name, where, () => procedure.run(sampler, task, options), options)
  const problem = problemOfDecision(decision)
  if (problem === undefined) return decision
  throw invalidData(`${name} gave no decision ${where}: ${problem}`, 'see Decision for what a decision is')
}

const STOP_CAUSES: ReadonlySet<unknown> = new Set<StopCause>(['complete', 'decided', 'gave-up', 'capped'])

function problemOfDecision(decision: unknown): Problem {
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
