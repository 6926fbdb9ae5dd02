import type { RewardFunction, Sample } from '@posttrain/core'
import type { ReferenceRewards } from '../../src/rewards/reference-rewards.js'
import { task } from './enumerated-update.js'

/** These rewards of the reference, for the one task. */
export const referenceRewardsOf = (values: readonly number[]): ReferenceRewards => ({
  reward: 'raw',
  count: values.length,
  seed: 0,
  tasks: [{ task: task.id, rewards: [...values].sort((a, b) => a - b), unscored: 0, failed: 0 }],
})

/** Every way in which M samples of the reference can turn out, with its probability. */
export function* allReferenceRewards(
  rewards: readonly number[],
  probabilities: readonly number[],
  M: number,
): Generator<[ReferenceRewards, probability: number]> {
  const choices = rewards.length
  for (let code = 0; code < choices ** M; code++) {
    const draws = Array.from({ length: M }, (_, i) => Math.floor(code / choices ** i) % choices)
    const probability = draws.reduce((product, y) => product * probabilities[y]!, 1)
    yield [referenceRewardsOf(draws.map((y) => rewards[y]!)), probability]
  }
}

/** A sample of nothing but a text. */
export const sampleOf = (text: string, index = 0): Sample => ({
  id: task.id,
  taskId: task.id,
  index,
  seed: 0,
  text,
  finish: 'stop',
  usage: { promptTokens: 1, completionTokens: 1 },
})

/** What a reward says of texts; NaN where it says nothing. */
export const scoresOf = async (reward: RewardFunction, texts: readonly string[]): Promise<number[]> =>
  (await reward.score(task, texts.map(sampleOf))).map((outcome) => (outcome.kind === 'scored' ? outcome.reward : NaN))

/** E f(c) over Binomial(M, F). */
export function binomialMean(M: number, F: number, f: (c: number) => number): number {
  let logBinomial = 0
  let sum = 0
  for (let c = 0; c <= M; c++) {
    const probability = F === 0 ? Number(c === 0) : Math.exp(logBinomial + c * Math.log(F) + (M - c) * Math.log1p(-F))
    if (probability > 0) sum += probability * f(c)
    logBinomial += Math.log((M - c) / (c + 1))
  }
  return sum
}
