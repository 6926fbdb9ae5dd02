import {
  scoreOf,
  type RewardFunction,
  type Sample,
  type ScoredOutcome,
  type Task,
  type TrainablePolicy,
} from '@posttrain/core'
import { enumerateSequences } from '@posttrain/laws'
import type { TabularPolicy, WeightedCompletion } from '@posttrain/models'
import type { Algorithm } from '../../src/algorithms/algorithm.js'
import { initialCoefficient } from '../../src/loops/online/kl-control.js'
import { penaltyRewards, withPenalty } from '../../src/loops/online/kl-penalty.js'

/** The only task of these tests. */
export const task = { id: 'x', prompt: 'x' } as const satisfies Task

/** A reward that looks up the text. */
export const rewardOf = (name: string, rewards: Readonly<Record<string, number>>): RewardFunction => ({
  name,
  score: async (_, samples) => samples.map(({ text }): ScoredOutcome => ({ kind: 'scored', reward: rewards[text]! })),
})

/** A completion as a sample of the policy, with its log-probs. */
export async function asSamples(
  policy: TrainablePolicy,
  completions: readonly WeightedCompletion[],
): Promise<Sample[]> {
  const scores = await policy.score(completions.map(({ tokens }) => ({ prompt: task.prompt, tokens })))
  return completions.map(({ tokens, text }, index) => ({
    id: task.id,
    taskId: task.id,
    index,
    seed: 0,
    text,
    tokens,
    logprobs: { values: scoreOf(scores[index]!, 'logprob'), provenance: policy.provenance },
    finish: 'stop',
    usage: { promptTokens: 1, completionTokens: tokens.length },
  }))
}

/** An algorithm with the reward it makes of the task's. */
export const transformed = (
  algorithm: Algorithm,
  reward: RewardFunction,
): { readonly reward: RewardFunction; readonly algorithm: Algorithm } => ({
  reward: algorithm.transformReward!(reward),
  algorithm,
})

/**
 * The expected ascent direction of one update on groups of n samples, in the logits of the policy, by writing out all
 * groups: reward, KL penalty, advantages and loss as in online training. For losses that are linear in the advantage.
 */
export async function expectedUpdate(
  policy: TabularPolicy,
  reference: TrainablePolicy,
  { reward, algorithm }: { readonly reward: RewardFunction; readonly algorithm: Algorithm },
  n: number,
): Promise<number[]> {
  const completions = await policy.completions(task.prompt)
  const samples = await asSamples(policy, completions)
  const sequences = completions.map(({ tokens }) => ({ prompt: task.prompt, tokens }))
  const logprobsOf = async (scorer: Pick<TrainablePolicy, 'score'>): Promise<Float64Array[]> =>
    (await scorer.score(sequences)).map((scores) => scoreOf(scores, 'logprob'))
  const [own, references] = [await logprobsOf(policy), await logprobsOf(reference)]
  const outcomes = (await reward.score(task, samples)) as readonly ScoredOutcome[]
  const coefficient = initialCoefficient(algorithm.kl)
  const expected = completions.map(() => 0)
  for (const choices of enumerateSequences(completions.length, n)) {
    const pick = <T>(all: readonly T[]): T[] => choices.map((y) => all[y]!)
    const group = { task, samples: pick(samples), outcomes: pick(outcomes) }
    const known = { sequences: [pick(sequences)], old: [pick(own)], reference: [pick(references)], values: undefined }
    const probability = choices.reduce((product, y) => product * completions[y]!.probability, 1)
    const ofReward = algorithm.advantages.advantages([group])
    const penalties = penaltyRewards(algorithm, coefficient, known, [task])
    const [assigned] = penalties ? withPenalty(ofReward, penalties) : ofReward
    choices.forEach((y, i) => (expected[y]! += (probability * Number(assigned!.advantages[i])) / n))
  }
  const before = await policy.gradient() // gradients add up, also over calls
  const pass = await policy.forward(sequences)
  const constants = expected.map((advantage) => ({ advantage, weight: 1 }))
  await pass.backward(algorithm.loss.evaluate(pass.scores, constants).cotangents)
  return Array.from(await policy.gradient(), (derivative, i) => before[i]! - derivative)
}
