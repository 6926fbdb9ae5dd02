import type { Outcome, RewardFunction, Sample, SampleRequest, TrainablePolicy } from '@posttrain/core'
import type { TabularPolicy, WeightedCompletion } from '@posttrain/models'
import { trainOnline, type Algorithm } from '@posttrain/trainers'

/** A prompt, a policy small enough to enumerate, and what each completion is worth. */
export interface Problem {
  readonly policy: TabularPolicy
  readonly prompt: string
  /** By text. */
  readonly outcomes: Readonly<Record<string, Outcome>>
}

/** Every group of n completions with its probability. */
export function* groupsOf<T extends WeightedCompletion>(
  completions: readonly T[],
  n: number,
): Generator<{ group: T[]; probability: number }> {
  for (let code = 0; code < completions.length ** n; code++) {
    const group = Array.from(
      { length: n },
      (_, i) => completions[Math.floor(code / completions.length ** i) % completions.length]!,
    )
    yield { group, probability: group.reduce((product, y) => product * y.probability, 1) }
  }
}

export const rewardOf = ({ outcomes }: Problem): RewardFunction => ({
  name: 'table',
  score: async (_, samples) => samples.map(({ text }) => outcomes[text]!),
})

/** A policy that draws the given group, and whose steps do nothing but leave the gradient to be read. */
function drawing(policy: TabularPolicy, group: readonly WeightedCompletion[]): TrainablePolicy {
  async function* sample(requests: readonly SampleRequest[]): AsyncGenerator<Sample> {
    for (const request of requests) {
      if (request.temperature === 0) {
        yield* policy.sample([request])
        continue
      }
      const sequences = group.map(({ tokens }) => ({ prompt: request.task.prompt, tokens }))
      const scores = await policy.score(sequences)
      for (const [index, { text, tokens }] of group.entries()) {
        yield {
          taskId: request.task.id,
          index,
          seed: request.seed,
          text,
          tokens,
          logprobs: { values: [...scores[index]!.logprob], provenance: policy.provenance },
          finish: 'stop',
          usage: { promptTokens: 1, completionTokens: tokens.length },
        }
      }
    }
  }
  return {
    differentiable: policy.differentiable,
    provenance: policy.provenance,
    sample,
    score: (sequences, request) => policy.score(sequences, request),
    forward: (sequences, request) => policy.forward(sequences, request),
    step: async () => ({ gradientNorm: 0 }),
    snapshot: () => policy.snapshot(),
    save: () => policy.save(),
    load: (file) => policy.load(file),
  }
}

/**
 * The mean over every group of n samples of what one step of `trainOnline` descends along, negated so that it is an ascent
 * direction: Σ over groups of P(group) · (−gradient of the loss).
 */
export async function expectedUpdate(
  problem: Problem,
  algorithm: Algorithm,
  n: number,
  reference = problem.policy.snapshot(),
): Promise<Float64Array> {
  const { policy, prompt } = problem
  const total = (await policy.gradient()).fill(0)
  const frozen = await reference
  for (const { group, probability } of groupsOf(await policy.completions(prompt), n)) {
    const before = await policy.gradient()
    const training = trainOnline({
      policy: drawing(policy, group),
      tasks: [{ id: prompt, prompt }],
      reward: rewardOf(problem),
      algorithm,
      reference: frozen,
      steps: 1,
      samplesPerPrompt: n,
    })
    for await (const event of training) if (event.kind !== 'step') throw new Error(event.kind)
    const after = await policy.gradient()
    after.forEach((value, j) => (total[j]! -= probability * (value - before[j]!)))
  }
  return total
}

/** Σ over completions of weight · ∇log π. */
export async function weightedScores(
  { policy, prompt }: Problem,
  weightOf: (completion: WeightedCompletion) => number | Float64Array,
): Promise<Float64Array> {
  const completions = await policy.completions(prompt)
  const before = await policy.gradient()
  const pass = await policy.forward(completions.map(({ tokens }) => ({ prompt, tokens })))
  await pass.backward(
    completions.map((completion) => {
      const weight = weightOf(completion)
      return {
        logprob: typeof weight === 'number' ? new Float64Array(completion.tokens.length).fill(weight) : weight,
      }
    }),
  )
  return (await policy.gradient()).map((value, j) => value - before[j]!)
}

/** ∇E[f(y₁ … y_n)] by the score identity: Σ over groups of P · f · Σᵢ ∇log π(yᵢ). */
export async function gradientOfExpectation(
  problem: Problem,
  n: number,
  f: (group: readonly WeightedCompletion[]) => number,
): Promise<Float64Array> {
  const weights = new Map<string, number>()
  for (const { group, probability } of groupsOf(await problem.policy.completions(problem.prompt), n)) {
    const value = probability * f(group)
    for (const { text } of group) weights.set(text, (weights.get(text) ?? 0) + value)
  }
  return weightedScores(problem, ({ text }) => weights.get(text) ?? 0)
}

/** Σ over groups of P · Σᵢ wᵢ·Aᵢ·∇log π(yᵢ) with advantages and weights written out by the caller. */
export async function expectedWeightedScores(
  problem: Problem,
  n: number,
  weigh: (group: readonly WeightedCompletion[]) => readonly number[],
): Promise<Float64Array> {
  const weights = new Map<string, number>()
  for (const { group, probability } of groupsOf(await problem.policy.completions(problem.prompt), n)) {
    weigh(group).forEach((weight, i) => {
      const { text } = group[i]!
      weights.set(text, (weights.get(text) ?? 0) + probability * weight)
    })
  }
  return weightedScores(problem, ({ text }) => weights.get(text) ?? 0)
}

/** Largest difference of entries. */
export const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((worst, value, j) => Math.max(worst, Math.abs(value - b[j]!)), 0)

/** Largest entry. */
export const size = (a: Float64Array): number => a.reduce((worst, value) => Math.max(worst, Math.abs(value)), 0)
