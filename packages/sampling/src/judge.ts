import { addUsage, callCallerNow, described, invalidData, NO_USAGE, shown, withoutReference } from '@posttrain/core'
import type { CallOptions, Group, Outcome, Reading, RewardFunction, Sample, Task } from '@posttrain/core'
import { askReward } from './ask-reward.js'

/**
 * Judges the samples of one task: the one place where answers are read and choices prepared, for evaluation and
 * training.
 *
 * Asks the reward that counts; reads each sample's answer by `answerOf`, where the procedure reads (otherwise the
 * reward's key stays); and asks what the procedure chooses `by`, into `parts[by.name]`. `by` and `answerOf` see the
 * task without its reference, as they do when deployed. Where `by` is the reward itself and the task has no reference
 * it is asked once.
 *
 * @param samples failed ones are unscored without asking anybody
 * @returns a group with one outcome per sample, in their order
 * @throws PosttrainError `invalid-data`, naming the function, the task and the sample, for an answer that is none;
 *   `aborted` at the signal, even where a reward hangs
 * @example
 * ```ts
 * const reward: RewardFunction = {
 *   name: 'short',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text.length < 9 ? 1 : 0 })),
 * }
 * const usage = { promptTokens: 1, completionTokens: 1 }
 * const sample: Sample = { id: 'a', taskId: 'a', index: 0, seed: 0, text: ' 4', finish: 'stop', usage }
 * const group = await judge({ id: 'a', prompt: '2+2=' }, [sample], reward, { answerOf: ({ text }) => text.trim() })
 * group.outcomes // => [{ kind: 'scored', reward: 1, answer: '4' }]
 * ```
 */
export async function judge(
  task: Task,
  samples: readonly Sample[],
  reward: RewardFunction,
  reading: Reading = {},
  options: CallOptions = {},
): Promise<Group> {
  const { by } = reading
  const deployed = withoutReference(task)
  const gold = await askReward(reward, task, samples, options)
  const isOneQuestion = by === reward && task.reference === undefined
  const chosenBy = by && (isOneQuestion ? gold : await askReward(by, deployed, samples, options))
  const outcomes = samples.map((sample, i): Outcome => {
    const outcome = withAnswer(gold[i]!, sample, deployed, reading)
    if (!by || !chosenBy) return outcome
    const verdict = chosenBy[i]!
    const part = verdict.kind === 'scored' ? verdict.reward : null
    const judged = { ...outcome, parts: { ...outcome.parts, [by.name]: part } }
    const costs = isOneQuestion ? [gold[i]!.usage] : [gold[i]!.usage, verdict.usage]
    return costs.some(Boolean) ? { ...judged, usage: addUsage(costs.map((cost) => cost ?? NO_USAGE)) } : judged
  })
  return { task, samples, outcomes }
}

/** The outcome with the answer that the procedure reads, if it reads any. */
function withAnswer(outcome: Outcome, sample: Sample, task: Task, reading: Reading): Outcome {
  if (!reading.answerOf) return outcome
  const { answer: _, ...rest } = outcome
  if (sample.finish === 'failed') return rest
  const answer = readAnswer(reading, sample, task)
  return answer === undefined ? rest : { ...rest, answer }
}

/** The answer that a procedure reads from a sample that did not fail. @throws PosttrainError `invalid-data` */
export function readAnswer(reading: Reading, sample: Sample, task: Task): string | undefined {
  const where = `sample ${sample.index} of task ${shown(task.id)}`
  const answer: unknown = callCallerNow('answerOf', `on ${where}`, () => reading.answerOf?.(sample, task))
  if (answer === undefined || typeof answer === 'string') return answer
  throw invalidData(
    `answerOf of ${where} is ${described(answer)}`,
    'answerOf returns a text, or undefined where it reads none',
  )
}
