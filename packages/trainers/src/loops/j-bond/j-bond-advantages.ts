import { requireFinite, requireFiniteArray, requireLength, sum } from '@posttrain/core'

/**
 * The reward of J-BOND: −log 16 for an answer worse than both of two anchor samples, else 0.
 *
 * Its mean over the anchors is −log 16·(1 − P(r′ ≤ r))², which stands for log P(r′ ≤ r), the reward of BOND for N = 2:
 * equal at the median, where both are −log 2, and finite below it (Sessa et al. 2024,
 * https://arxiv.org/abs/2407.14622).
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

/** The two parts of BOND's Jeffreys divergence. */
export interface BondOptions {
  /** β: 0 is imitation of best-of-2 alone, 1 reinforcement alone (default 0.5). */
  readonly beta?: number | undefined
  /** γ: price of the KL to the anchor, beside what is in the divergence (default 0). */
  readonly klCoefficient?: number | undefined
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
 * J-BOND's update as advantages: descent on J_β = (1−β)·KL(π_bo2‖π) + β·KL(π‖π_bo2), bo2 the best of two samples of the
 * anchor.
 *
 * The better anchor sample gets 1−β, which is imitation. The policy's sample gets β·(R − log π/π_anchor) − γ·log
 * π/π_anchor less the mean of the other prompts', with R of `jBondReward`; other prompts say nothing of this one, so
 * the baseline is unbiased.
 *
 * @param prompts of one batch
 * @returns one entry per prompt, in order, to be averaged over prompts
 * @throws PosttrainError `invalid-argument` for numbers that are not finite or a β outside 0 … 1
 * @example
 * ```ts
 * jBondAdvantages([{ reward: 1, anchors: [0, 2], logRatio: 0 }]) // => [{ policy: 0, best: 0.5, bestIndex: 1 }]
 * ```
 */
export function jBondAdvantages(prompts: readonly JBondPrompt[], options: BondOptions = {}): JBondAdvantages[] {
  const { beta = 0.5, klCoefficient = 0 } = options
  requireFinite('beta', beta, { min: 0, max: 1 })
  requireFinite('klCoefficient', klCoefficient, { min: 0 })
  const returns = prompts.map(({ reward, anchors, logRatio }, i) => {
    requireLength(`anchors of prompt ${i}`, anchors, 2)
    requireFiniteArray(`rewards and log-ratio of prompt ${i}`, [reward, ...anchors, logRatio])
    return beta * jBondReward(reward, anchors) - (beta + klCoefficient) * logRatio
  })
  const total = sum(returns)
  return prompts.map(({ anchors }, i) => ({
    policy: prompts.length === 1 ? returns[i]! : returns[i]! - (total - returns[i]!) / (prompts.length - 1),
    best: 1 - beta,
    bestIndex: anchors[1] > anchors[0] ? 1 : 0,
  }))
}
