import { invalidArgument, requireFinite, sequenceOf } from '@posttrain/core'
import type { Group, Sample, ScoredOutcome, Task } from '@posttrain/core'
import type { OfflineSequence } from '../offline/item.js'

/** A wrong attempt at a task, and an answer that puts it right. */
export interface Correction {
  readonly task: Task
  readonly attempt: Sample
  readonly corrected: Sample
}

/**
 * Every wrong sample of a group with a correct one of the same group, the correct ones in turn. Groups that have only
 * one kind give none. The correct sample was drawn without sight of the attempt; where the policy has been asked to
 * revise, make the `Correction` from its revision instead.
 *
 * @param correctFrom least reward of a correct sample (default 1)
 * @example
 * ```ts
 * const drawn = { id: 'sum', taskId: 'sum', seed: 0, finish: 'stop' as const, usage: { promptTokens: 1,
 * completionTokens: 1 } } const samples = ['5', '4'].map((text, index) => ({ ...drawn, index, text, tokens:
 * [Number(text)] })) const outcomes = [0, 1].map((reward) => ({ kind: 'scored' as const, reward }))
 * const corrections = correctionsOf([{ task: { id: 'sum', prompt: '2+2=' }, samples, outcomes }])
 * correctionData(corrections, ({ prompt }, attempt) => `${prompt}${attempt} is wrong. ${prompt}`)
 * // => [{ prompt: '2+2=5 is wrong. 2+2=', tokens: [4] }]
 * ```
 */
export function correctionsOf(groups: readonly Group<ScoredOutcome>[], correctFrom: number = 1): Correction[] {
  requireFinite('correctFrom', correctFrom)
  return groups.flatMap(({ task, samples, outcomes }) => {
    const isCorrect = (i: number): boolean => outcomes[i]!.reward >= correctFrom
    const right = samples.filter((_, i) => isCorrect(i))
    const wrong = samples.filter((_, i) => !isCorrect(i))
    if (right.length === 0) return []
    return wrong.map((attempt, i) => ({ task, attempt, corrected: right[i % right.length]! }))
  })
}

/**
 * Training data for self-correction: the prompt contains the attempt, the completion is the corrected answer. The loss
 * is on the completion alone, so that nothing is learned of how to be wrong.
 *
 * Self-Refine: Madaan et al. 2023, https://arxiv.org/abs/2303.17651
 *
 * @param format makes the prompt; it must contain the attempt
 * @throws PosttrainError `invalid-argument` for a format that leaves the attempt out, `unsupported` for a corrected
 *   sample without tokens
 */
export function correctionData(
  corrections: readonly Correction[],
  format: (task: Task, attempt: string) => string,
): OfflineSequence[] {
  return corrections.map(({ task, attempt, corrected }) => {
    const prompt = format(task, attempt.text)
    if (!prompt.includes(attempt.text)) {
      throw invalidArgument(`format leaves the attempt at task ${task.id} out of the prompt`)
    }
    return { ...sequenceOf(task, corrected), prompt }
  })
}
