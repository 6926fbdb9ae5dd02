import { callCaller, described, invalidData, shown } from '@posttrain/core'
import type { Decision, Procedure, RunOptions, Sampler, Task } from '@posttrain/core'
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

function problemOfDecision(decision: unknown): Problem {
  const fields = fieldsOf(decision)
  if (!fields) return `it is ${described(decision)}`
  const { answer, sample, reason, usage, judging } = fields
  const ofSample = sample === undefined ? undefined : problemOfSample(sample)
  return firstProblem(
    answer === undefined ? undefined : problemOfText('its answer', answer),
    ofSample && `its sample is wrong, ${ofSample}`,
    problemOfText('its reason', reason),
    usage === undefined ? 'it has no usage' : problemOfUsage(usage),
    judging === undefined ? 'it has no usage of judging' : problemOfUsage(judging),
  )
}
