import type { RewardFunction, Sample, ScoredOutcome, Task, TrainablePolicy } from '@posttrain/core'
import { enumerateSequences } from '@posttrain/laws'
import type { TabularPolicy, WeightedCompletion } from '@posttrain/models'
import type { Algorithm } from '../../src/algorithms/algorithm.js'
import { creditedToReward } from '../../src/online/kl-credit.js'

/** The only task of these tests. */
export const task: Task = { id: 'x', prompt: 'x' }

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
    taskId: task.id,
    index,
    seed: 0,
    text,
    tokens,
    logprobs: { values: [...scores[index]!.logprob], provenance: policy.provenance },
    finish: 'stop',
    usage: { promptTokens: 1, completionTokens: tokens.length },
  }))
}

/** An algorithm with the reward it makes of the task's. */
export const shaped = (
  algorithm: Algorithm,
  reward: RewardFunction,
): { readonly reward: RewardFunction; readonly algorithm: Algorithm } => ({
  reward: algorithm.shape!(reward),
  algorithm,
})

/**
 * The expected ascent direction of one update on groups of n samples, in the logits of the policy, by writing out all groups: reward,
 * KL credit, advantages and loss as in online training. For losses that are linear in the advantage.
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
  const references = (await reference.score(sequences)).map(({ logprob }) => logprob)
  const outcomes = (await reward.score(task, samples)) as readonly ScoredOutcome[]
  const expected = completions.map(() => 0)
  for (const choices of enumerateSequences(completions.length, n)) {
    const group = {
      task,
      samples: choices.map((y) => samples[y]!),
      outcomes: choices.map((y) => outcomes[y]!),
      referenceLogprobs: choices.map((y) => references[y]!),
    }
    const probability = choices.reduce((product, y) => product * completions[y]!.probability, 1)
    const [assigned] = algorithm.advantages.assign(creditedToReward(algorithm, [group]))
    choices.forEach((y, i) => (expected[y]! += probability * Number(assigned!.advantages[i])))
  }
  const before = await policy.gradient() // gradients add up, also over calls
  const pass = await policy.forward(sequences)
  const constants = expected.map((advantage) => ({ advantage, weight: 1 }))
  await pass.backward(algorithm.loss.evaluate(pass.scores, constants).cotangents)
  return Array.from(await policy.gradient(), (derivative, i) => before[i]! - derivative)
}
