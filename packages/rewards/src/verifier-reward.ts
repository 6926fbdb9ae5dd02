import { throwIfAborted, type Outcome, type RewardFunction, type Task } from '@posttrain/core'

/** What a verifier says of one completion. */
export interface Verdict {
  readonly correct: boolean
  /** One sentence a person can check, for instance `uses 4, 4, 10 where 4, 9, 10 are left`. */
  readonly reason: string
}

/**
 * A reward function that judges each completion by itself: reward 1 where `judge` says correct, otherwise 0.
 *
 * @param name for reports
 * @param prepare reads the task once and gives the judge of its completions; `answer` is the key votes go by
 * @returns a RewardFunction; it rejects with what `prepare` throws, so a wrong task is never a wrong answer
 * @example
 * ```ts
 * const exact = verifierReward('exact', (task) => (text) => ({ correct: text === task.reference, answer: text }))
 * exact.name // => 'exact'
 * ```
 */
export function verifierReward(
  name: string,
  prepare: (task: Task) => (text: string) => { readonly correct: boolean; readonly answer?: string | undefined },
): RewardFunction {
  return {
    name,
    async score(task, samples, options) {
      throwIfAborted(options?.signal)
      const judge = prepare(task)
      return samples.map(({ text }): Outcome => {
        const { correct, answer } = judge(text)
        const reward = correct ? 1 : 0
        return answer === undefined ? { kind: 'scored', reward } : { kind: 'scored', reward, answer }
      })
    },
  }
}
