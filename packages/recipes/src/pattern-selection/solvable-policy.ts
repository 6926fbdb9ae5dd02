import { createStream, mean, type Interval, type RewardFunction } from '@posttrain/core'
import { meanObjective, studentInterval } from '@posttrain/estimators'
import { TabularPolicy } from '@posttrain/models'
import { train } from '@posttrain/trainers'
import type { PatternTraining } from './flow-steps.js'
import { gradientFlow } from './gradient-flow.js'

/** A policy whose dynamics are known, and how it is trained. */
export interface SolvablePolicyOptions extends Pick<PatternTraining, 'shares' | 'rewards'> {
  /** Step size of plain gradient ascent. */
  readonly rate: number
  readonly steps: number
  /** Prompts that are trained apart from one another, at least 2 (default 40). */
  readonly prompts?: number | undefined
  /** Samples of a prompt in a step (default 64). */
  readonly samples?: number | undefined
  /** Coverage of the intervals (default 0.99). */
  readonly level?: number | undefined
  readonly seed?: number | undefined
}

/** A pattern of the policy, before and after. */
export interface PredictedShare {
  readonly start: number
  readonly reward: number
  /** By the gradient flow. */
  readonly predicted: number
  /** Mean over prompts, with its interval over them. */
  readonly observed: number
  readonly interval: Interval
}

/**
 * Trains a softmax table online for mean reward, from samples whose success is drawn at the rate of their pattern, and
 * says how its final shares compare with those that `gradientFlow` predicts without training anything.
 *
 * @returns (patterns)
 * @throws PosttrainError as `gradientFlow` and `train`
 */
export async function solvablePolicy(options: SolvablePolicyOptions): Promise<readonly PredictedShare[]> {
  const { shares, rewards, rate, steps, prompts: count = 40, samples = 64, level = 0.99, seed = 0 } = options
  const [predicted] = gradientFlow({ shares, rewards }, [rate * steps])
  const words = Array.from(shares, (_, pattern) => `pattern-${pattern + 1}`)
  const prompts = Array.from({ length: count }, (_, i) => `prompt ${i}`)
  const policy = new TabularPolicy({ prompts, words })
  for (const prompt of prompts) policy.setLogits(prompt, [], Array.from(shares, Math.log))
  const reward: RewardFunction = {
    name: 'success rate of the pattern',
    score: async ({ id }, drawn) =>
      drawn.map(({ text, seed: own, index }) => {
        const isRight = createStream(own, 'answer', id, index).uniform() < rewards[words.indexOf(text)]!
        return { kind: 'scored', reward: isRight ? 1 : 0 }
      }),
  }
  await train({
    policy,
    reward,
    objective: meanObjective(),
    tasks: prompts.map((prompt) => ({ id: prompt, prompt })),
    promptsPerStep: count,
    samplesPerPrompt: samples,
    // AdamW that is plain gradient ascent: no memory, and an ε beside which no gradient counts. The objective is a
    // mean over prompts.
    optimizer: { learningRate: rate * count * 1e8, betas: [0, 0], epsilon: 1e8 },
    steps,
    seed,
  })
  const all = await Promise.all(prompts.map((prompt) => policy.completions(prompt)))
  return words.map((_, pattern): PredictedShare => {
    const observed = all.map((completions) => completions[pattern]!.probability)
    return {
      start: shares[pattern]!,
      reward: rewards[pattern]!,
      predicted: predicted![pattern]!,
      observed: mean(observed),
      interval: studentInterval(observed, { level }),
    }
  })
}
