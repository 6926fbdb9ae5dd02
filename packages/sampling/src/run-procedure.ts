import { callCaller, invalidData, shown, withoutReference } from '@posttrain/core'
import type { Decision, Procedure, RunOptions, Sampler, Task } from '@posttrain/core'
import { problemOfDecision } from './checks/problem-of-decision.js'
import { platform } from './internal/platform.js'

/** A decision, with how long it took. */
export interface TimedDecision extends Decision {
  /** Wall time from the run's begin to its end, waiting for others included. */
  readonly seconds: number
}

/**
 * Runs a procedure on a task as it is when deployed, without its reference, and checks what it decides. Whoever runs
 * procedures of others runs them here.
 *
 * @throws PosttrainError `invalid-data`, naming procedure and task, for anything but a decision and for what it throws;
 *   `aborted` at the signal, even where it hangs
 * @example
 * ```ts
 * const usage = { promptTokens: 1, completionTokens: 1 }
 * const sampler: Sampler = {
 *   async *sample([{ task, seed }]) {
 *     yield { id: task.id, taskId: task.id, index: 0, seed, text: '42', finish: 'stop', usage }
 *   },
 * }
 * const { answer, stopped } = await runProcedure(singleSample(), sampler, { id: 'a', prompt: '6 · 7 =' })
 * answer // => '42'
 * stopped // => 'complete'
 * ```
 */
export async function runProcedure(
  procedure: Procedure,
  sampler: Sampler,
  task: Task,
  options: RunOptions = {},
): Promise<TimedDecision> {
  const name = `the procedure ${procedure.name}`
  const where = `on task ${shown(task.id)}`
  const began = platform.performance.now()
  const decision = await callCaller(name, where, () => procedure.run(sampler, withoutReference(task), options), options)
  const problem = problemOfDecision(decision)
  if (problem === undefined) return { ...decision, seconds: (platform.performance.now() - began) / 1000 }
  throw invalidData(`${name} gave no decision ${where}: ${problem}`, 'see Decision for what a decision is')
}
