import { invalidArgument, requireFinite, requireFiniteArray, requireLength } from '@posttrain/core'
import type { Algorithm } from '../algorithms/algorithm.js'
import { klRegularised } from '../algorithms/kl-regularised.js'
import { perTask, rankOf, requireRewardsOf, type ReferenceRewards } from './reference-rewards.js'
import { transformReward } from './transform-reward.js'

/** The backward part of BOND for a fixed reference. */
export interface BondBackwardOptions {
  /** N, above 1. */
  readonly n: number
  /** Rewards of the reference's samples for every training task. */
  readonly cache: ReferenceRewards
}

/**
 * The backward part of BOND, KL(π‖π_bon): RL with reward log P̂(r′ ≤ r(y)) and KL coefficient 1/(N−1) (Sessa et al. 2024,
 * https://arxiv.org/abs/2407.14622). The forward part, KL(π_bon‖π), is imitation: `drawBestOfN` with `supervisedLoss`.
 *
 * log π_bon = log p_ref + (N−1)·log P(r′ ≤ r) + c with c = log Σᵢ₌₁ᴺ (P(r′ < r)/P(r′ ≤ r))ⁱ⁻¹ from 0 to log N. BOND leaves out c;
 * `variationalBestOfN` with `bound: 'exact'` keeps it. P̂ = (#{rⱼ ≤ r} + 1)/(M + 1).
 *
 * @returns a row that reshapes the reward, the objective divided by N−1
 * @throws PosttrainError `invalid-argument` for an N that is not above 1
 * @example
 * ```ts
 * const cache = { reward: 'r', count: 1, seed: 0, tasks: [] }
 * bondBackward({ n: 3, cache }).kl!.coefficient // => 0.5
 * ```
 */
export function bondBackward({ n, cache }: BondBackwardOptions): Algorithm {
  requireFinite('n', n)
  if (n <= 1) throw invalidArgument(`n must be above 1, but is ${n}`)
  const logRank = perTask(cache, (sorted) => (t: number) => {
    const { below, equal } = rankOf(sorted, t)
    return Math.log((below + equal + 1) / (sorted.length + 1))
  })
  return klRegularised({
    name: 'bond-backward',
    paper: 'https://arxiv.org/abs/2407.14622',
    coefficient: 1 / (n - 1),
    shape: (reward) => transformReward(requireRewardsOf(reward, cache), `log P(≤) of ${reward.name}`, logRank),
  })
}

/**
 * The reward of J-BOND: −log 16 for an answer worse than both of two anchor samples, else 0.
 *
 * Its mean over the anchors is −log 16·(1 − P(r′ ≤ r))², which stands for log P(r′ ≤ r), the reward of BOND for N = 2: equal at the
 * median, where both are −log 2, and finite below it (Sessa et al. 2024, https://arxiv.org/abs/2407.14622).
 *
 * @example
 * ```ts
 * jBondReward(0.1, [0.2, 0.3]) // => -2.772589
 * jBondReward(0.2, [0.2, 0.3]) // => 0
 * ```
 */
export const jBondReward = (reward: number, anchors: readonly [number, number]): number =>
  reward < Math.min(...anchors) ? -Math.log(16) : 0

/** What J-BOND knows of one prompt. */
export interface JBondPrompt {
  /** Reward of the policy's sample. */
  readonly reward: number
  /** Rewards of the two samples of the anchor. */
  readonly anchors: readonly [number, number]
  /** log π(y)/π_anchor(y) of the policy's sample. */
  readonly logRatio: number
}

/** The two parts of the Jeffreys divergence. */
export interface JeffreysOptions {
  /** β: 0 is imitation of best-of-2 alone, 1 reinforcement alone (default 0.5). */
  readonly jeffreys?: number
  /** γ: price of the KL to the anchor, beside what is in the divergence (default 0). */
  readonly klCoefficient?: number
}

/** Advantages of one prompt's samples. */
export interface JBondAdvantages {
  /** Of the policy's sample. */
  readonly policy: number
  /** Of the better of the anchor's two. */
  readonly best: number
  /** Which of the two it is; the first where they tie. */
  readonly bestIndex: 0 | 1
}

/**
 * J-BOND's update as advantages: descent on J_β = (1−β)·KL(π_bo2‖π) + β·KL(π‖π_bo2), bo2 the best of two samples of the anchor.
 *
 * The better anchor sample gets 1−β, which is imitation. The policy's sample gets β·(R − log π/π_anchor) − γ·log π/π_anchor less the
 * mean of the other prompts', with R of `jBondReward`; other prompts say nothing of this one, so the baseline is unbiased.
 *
 * @param prompts of one batch
 * @returns one entry per prompt, in order, to be averaged over prompts
 * @throws PosttrainError `invalid-argument` for numbers that are not finite or a β outside 0 … 1
 * @example
 * ```ts
 * jBondAdvantages([{ reward: 1, anchors: [0, 2], logRatio: 0 }]) // => [{ policy: 0, best: 0.5, bestIndex: 1 }]
 * ```
 */
export function jBondAdvantages(prompts: readonly JBondPrompt[], options: JeffreysOptions = {}): JBondAdvantages[] {
  const { jeffreys = 0.5, klCoefficient = 0 } = options
  requireFinite('jeffreys', jeffreys, { min: 0, max: 1 })
  requireFinite('klCoefficient', klCoefficient, { min: 0 })
  const returns = prompts.map(({ reward, anchors, logRatio }, i) => {
    requireLength(`anchors of prompt ${i}`, anchors, 2)
    requireFiniteArray(`rewards and log-ratio of prompt ${i}`, [reward, ...anchors, logRatio])
    return jeffreys * jBondReward(reward, anchors) - (jeffreys + klCoefficient) * logRatio
  })
  const total = returns.reduce((a, b) => a + b, 0)
  return prompts.map(({ anchors }, i) => ({
    policy: prompts.length === 1 ? returns[i]! : returns[i]! - (total - returns[i]!) / (prompts.length - 1),
    best: 1 - jeffreys,
    bestIndex: anchors[1] > anchors[0] ? 1 : 0,
  }))
}
