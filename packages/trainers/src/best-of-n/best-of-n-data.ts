import {
  invalidArgument,
  requireInteger,
  type CallOptions,
  type RewardFunction,
  type Sample,
  type Sampler,
  type Task,
  type TokenSequence,
} from '@posttrain/core'
import type { PreferencePair } from '../offline/item.js'
import { drawJudged, type JudgedSamples } from './judged-groups.js'

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
export interface DrawBestOfNOptions extends CallOptions {
  readonly sampler: Sampler
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  /** Samples to choose from. */
  readonly n: number
  /** Times it is done for each task, with n samples of its own each time (default 1). */
  readonly draws?: number
  /** Default 0. */
  readonly seed?: number
  readonly maxTokens?: number
}

/**
 * Runs best-of-n on tasks: the data of best-of-n distillation. Draws come as their tasks are finished.
 *
 * Among tied samples the first drawn is taken, which is a uniform pick, since the order of independent samples says nothing of
 * them. A draw without a single score is left out.
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
  for await (const group of drawJudged({ ...rest, count: n * draws })) {
    for (let draw = 0; draw < draws; draw++) {
      const chosen = chooseWithin(group, draw * n, (draw + 1) * n)
      if (chosen) yield chosen
    }
  }
}

function chooseWithin({ task, samples, outcomes }: JudgedSamples, from: number, to: number): BestOfNDraw | undefined {
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
 * @throws PosttrainError `invalid-argument` for a sample without tokens
 * @example
 * ```ts
 * bestOfNSequences([]) // => []
 * ```
 */
export const bestOfNSequences = (draws: readonly BestOfNDraw[]): TokenSequence[] =>
  draws.map(({ task, best }) => ({ prompt: task.prompt, tokens: tokensOf(best) }))

/**
 * Best and worst as preference pairs: the data of BoNBoN (`bonbonLoss` with the same n) and of DPO on best-of-n. Draws whose samples
 * all tie prefer nothing and are left out.
 *
 * @throws PosttrainError `invalid-argument` for a sample without tokens
 * @example
 * ```ts
 * bestOfNPairs([]) // => []
 * ```
 */
export const bestOfNPairs = (draws: readonly BestOfNDraw[]): PreferencePair[] =>
  draws
    .filter(({ bestReward, worstReward }) => bestReward > worstReward)
    .map(({ task, best, worst }) => ({ prompt: task.prompt, chosen: tokensOf(best), rejected: tokensOf(worst) }))

function tokensOf({ taskId, tokens }: Sample): readonly number[] {
  if (tokens) return tokens
  throw invalidArgument(`a sample of task ${taskId} has no tokens to train on`, 'sample from a local policy')
}
