import { scoreOf, sum } from '@posttrain/core'
import type { Outcome, PolicySnapshot, RewardFunction, Sample, SampleRequest, TrainablePolicy } from '@posttrain/core'
import type { TabularPolicy, WeightedCompletion } from '@posttrain/models'
import { trainOnline, type Algorithm, type TrainOnlineOptions } from '@posttrain/trainers'

/** A prompt, a policy small enough to enumerate, and what each completion is worth. */
export interface Problem {
  readonly policy: TabularPolicy
  readonly prompt: string
  /** By text. */
  readonly outcomes: Readonly<Record<string, Outcome>>
}

/** One thing that can be drawn: a completion, under a text of its own where it is judged in several ways. */
export interface Draw extends WeightedCompletion {
  /** True where no completion is had. */
  readonly failed?: boolean
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
function drawing(policy: TabularPolicy, group: readonly Draw[]): TrainablePolicy {
  async function* sample(requests: readonly SampleRequest[]): AsyncGenerator<Sample> {
    for (const request of requests) {
      if (request.temperature === 0) {
        yield* policy.sample([request])
        continue
      }
      const { task, seed, id = task.id } = request
      const sequences = group.map(({ tokens }) => ({ prompt: task.prompt, tokens }))
      const scores = await policy.score(sequences)
      for (const [index, { text, tokens, failed }] of group.entries()) {
        const usage = { promptTokens: 1, completionTokens: tokens.length }
        const named = { id, taskId: task.id, index, seed, usage }
        if (failed) yield { ...named, text: '', finish: 'failed', failure: 'cable cut' }
        else {
          const logprobs = { values: scoreOf(scores[index]!, 'logprob'), provenance: policy.provenance }
          yield { ...named, text, tokens, logprobs, finish: 'stop' }
        }
      }
    }
  }
  return {
    differentiable: policy.differentiable,
    provenance: policy.provenance,
    sample,
    encode: (completions) => policy.encode(completions),
    score: (sequences, request) => policy.score(sequences, request),
    forward: (sequences, request) => policy.forward(sequences, request),
    step: async () => ({ gradientNorm: 0 }),
    snapshot: () => policy.snapshot(),
    save: () => policy.save(),
    load: (file) => policy.load(file),
  }
}

/** What else there is to say of an expected update. */
export interface ExpectedUpdateOptions {
  /** Default: the policy as it is. */
  readonly reference?: PolicySnapshot
  /** What is drawn, with probabilities (default: the policy's completions). */
  readonly draws?: readonly Draw[]
  readonly settings?: Pick<TrainOnlineOptions, 'sampling' | 'unscored'>
}

/**
 * The mean over every group of n samples of what one step of `trainOnline` descends along, negated so that it is an ascent
 * direction: Σ over groups of P(group) · (−gradient of the loss). Groups of which too few samples enter take no step; the
 * mean is then over the others.
 */
export async function expectedUpdate(
  problem: Problem,
  algorithm: Algorithm,
  n: number,
  { reference, draws, settings }: ExpectedUpdateOptions = {},
): Promise<Float64Array> {
  const { policy, prompt } = problem
  const total = (await policy.gradient()).fill(0)
  const frozen = reference ?? (await policy.snapshot())
  let taken = 0
  for (const { group, probability } of groupsOf<Draw>(draws ?? (await policy.completions(prompt)), n)) {
    const before = await policy.gradient()
    const training = trainOnline({
      policy: drawing(policy, group),
      tasks: [{ id: prompt, prompt }],
      reward: rewardOf(problem),
      algorithm,
      reference: frozen,
      steps: 1,
      samplesPerPrompt: n,
      ...settings,
    })
    try {
      for await (const event of training) if (event.kind === 'stopped') throw event.reason
    } catch (error) {
      if ((error as { code?: string }).code === 'unscored' && draws) continue
      throw error
    }
    taken += probability
    const after = await policy.gradient()
    after.forEach((value, j) => (total[j]! -= probability * (value - before[j]!)))
  }
  return total.map((value) => value / taken)
}

/** Σ over completions of weight · ∇log π, of the policy at a temperature. */
export async function weightedScores(
  { policy, prompt }: Problem,
  weightOf: (completion: WeightedCompletion) => number | Float64Array,
  temperature?: number,
): Promise<Float64Array> {
  const completions = await policy.completions(prompt)
  const before = await policy.gradient()
  const pass = await policy.forward(
    completions.map(({ tokens }) => ({ prompt, tokens })),
    { temperature },
  )
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

/** ∇E[f(y₁ … y_n)] by the score identity: Σ over groups of P · f · Σᵢ ∇log π(yᵢ). Draws default to the completions. */
export async function gradientOfExpectation<T extends WeightedCompletion = WeightedCompletion>(
  problem: Problem,
  n: number,
  f: (group: readonly T[]) => number,
  draws?: readonly T[],
): Promise<Float64Array> {
  const weights = new Map<string, number>()
  for (const { group, probability } of groupsOf(
    draws ?? ((await problem.policy.completions(problem.prompt)) as T[]),
    n,
  )) {
    const value = probability * f(group)
    for (const { tokens } of group) weights.set(String(tokens), (weights.get(String(tokens)) ?? 0) + value)
  }
  return weightedScores(problem, ({ tokens }) => weights.get(String(tokens)) ?? 0)
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

/** The policy's completions at a temperature, renormalised token by token. */
export async function completionsAt({ policy, prompt }: Problem, temperature: number): Promise<WeightedCompletion[]> {
  const completions = await policy.completions(prompt)
  const scores = await policy.score(
    completions.map(({ tokens }) => ({ prompt, tokens })),
    { temperature },
  )
  return completions.map((completion, i) => ({
    ...completion,
    probability: Math.exp(sum(scoreOf(scores[i]!, 'logprob'))),
  }))
}

/** Largest difference of entries. */
export const distance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((worst, value, j) => Math.max(worst, Math.abs(value - b[j]!)), 0)

/** Largest entry. */
export const size = (a: Float64Array): number => a.reduce((worst, value) => Math.max(worst, Math.abs(value)), 0)
