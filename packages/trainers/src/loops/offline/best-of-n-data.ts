import { invalidData, requireInteger, scoredGroup, sequenceOf } from '@posttrain/core'
import type { CallOptions, Group, RewardFunction, Sample, Sampler, SamplingOptions } from '@posttrain/core'
import type { ScoredOutcome, Task, TokenSequence } from '@posttrain/core'
import { groups, type Remembered } from '@posttrain/sampling'
import type { PreferencePair } from './item.js'
import { isSamePrompt } from './is-same-prompt.js'

/** The best and the worst of n samples of one task. */
export interface BestOfNDraw {
  readonly task: Task
  readonly best: Sample
  readonly worst: Sample
  readonly bestReward: number
  readonly worstReward: number
  /** Samples they were chosen from: n, less those that had no score. */
  readonly candidates: number
}

/** What to draw. */
export interface DrawBestOfNOptions extends CallOptions, Remembered {
  readonly sampler: Sampler
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  /** Samples to choose from, at least 2. */
  readonly n: number
  /** Times it is done for each task, with n samples of its own each time; at least 1 (default 1). */
  readonly draws?: number | undefined
  /** Default 0. */
  readonly seed?: number | undefined
  readonly sampling?: SamplingOptions | undefined
}

/**
 * Runs best-of-n on tasks: the data of best-of-n distillation. Draws come as their tasks are finished.
 *
 * Among tied samples the first drawn is taken, which is a uniform pick, since the order of independent samples says
 * nothing of them. A draw without a single score is left out.
 *
 * @throws PosttrainError `invalid-argument` for an n below 2; `aborted` at the signal
 * @example
 * ```ts
 * const none: Sampler = { async *sample() {} }
 * const reward: RewardFunction = { name: 'r', score: async () => [] }
 * const draws: BestOfNDraw[] = []
 * for await (const draw of drawBestOfN({ sampler: none, tasks: [], reward, n: 4 })) draws.push(draw)
 * draws // => []
 * ```
 */
export async function* drawBestOfN(options: DrawBestOfNOptions): AsyncGenerator<BestOfNDraw> {
  const { n, draws = 1, ...rest } = options
  requireInteger('n', n, { min: 2 })
  requireInteger('draws', draws, { min: 1 })
  for await (const group of groups({ ...rest, samplesPerTask: n * draws })) {
    const scored = scoredGroup(group, 'exclude')
    for (let draw = 0; draw < draws; draw++) {
      const chosen = chooseWithin(scored, draw * n, (draw + 1) * n)
      if (chosen) yield chosen
    }
  }
}

function chooseWithin(
  { task, samples, outcomes }: Group<ScoredOutcome>,
  from: number,
  to: number,
): BestOfNDraw | undefined {
  const candidates = samples.flatMap((sample, i) =>
    sample.index >= from && sample.index < to ? [{ sample, reward: outcomes[i]!.reward }] : [],
  )
  const [first] = candidates
  if (!first) return undefined
  const best = candidates.reduce((a, b) => (b.reward > a.reward ? b : a), first)
  const worst = candidates.reduce((a, b) => (b.reward < a.reward ? b : a), first)
  return {
    task,
    best: best.sample,
    worst: worst.sample,
    bestReward: best.reward,
    worstReward: worst.reward,
    candidates: candidates.length,
  }
}

/**
 * The chosen answers as sequences to imitate: BoN-SFT. With `supervisedLoss` the expected update is −∇KL(π_bon‖π).
 *
 * @throws PosttrainError `unsupported` for a sample without tokens
 * @example
 * ```ts
 * const drawn = { id: 'a', taskId: 'a', seed: 0, finish: 'stop' as const, usage: { promptTokens: 1, completionTokens: 1
 * } } const [best, worst] = [7, 3].map((token, index) => ({ ...drawn, index, text: '', tokens: [token] }))
 * const task = { id: 'a', prompt: '?' }
 * const draw = { task, best: best!, worst: worst!, bestReward: 1, worstReward: 0, candidates: 2 }
 * bestOfNSequences([draw]) // => [{ prompt: '?', tokens: [7] }]
 * bestOfNPairs([draw]) // => [{ prompt: '?', chosen: [7], rejected: [3] }]
 * ```
 */
export const bestOfNSequences = (draws: readonly BestOfNDraw[]): TokenSequence[] =>
  draws.map(({ task, best }) => sequenceOf(task, best))

/**
 * Best and worst as preference pairs: the data of BoNBoN (`bonbonLoss` with the same n) and of DPO on best-of-n. Draws
 * whose samples all tie prefer nothing and are left out.
 *
 * @throws PosttrainError `unsupported` for a sample without tokens; `invalid-data` for two that continue different
 *   prompts
 */
export const bestOfNPairs = (draws: readonly BestOfNDraw[]): PreferencePair[] =>
  draws
    .filter(({ bestReward, worstReward }) => bestReward > worstReward)
    .map(({ task, best, worst }) => {
      const [chosen, rejected] = [sequenceOf(task, best), sequenceOf(task, worst)]
      if (!isSamePrompt(chosen.prompt, rejected.prompt)) {
        throw invalidData(`the best and the worst sample of task ${task.id} continue different prompts`)
      }
      const pair = { prompt: chosen.prompt, chosen: chosen.tokens, rejected: rejected.tokens }
      return chosen.mask || rejected.mask ? { ...pair, masks: [maskOf(chosen), maskOf(rejected)] } : pair
    })

const maskOf = ({ mask, tokens }: TokenSequence): Uint8Array => mask ?? new Uint8Array(tokens.length).fill(1)
