import { invalidArgument, requireFinite, requireFiniteArray } from '@posttrain/core'

/**
 * log F̂(t) with F̂(t) = (#{rewards < t} + 1)/(M + 1): the reward of variational best-of-n, from M rewards of reference
 * samples.
 *
 * With KL coefficient β it stands for n = 1/β + 1 (Amini et al. 2024, https://arxiv.org/abs/2407.06057). Adding one
 * keeps the log finite and biases it upward where few rewards are lower; the bias falls as 1/M.
 *
 * @param rewards (M): of samples of the reference for one prompt
 * @returns a function of a reward
 * @throws PosttrainError `invalid-argument` for no rewards or ones that are not finite
 * @example
 * ```ts
 * smoothedLogCdf([-1, 0, 0.5, 2])(3) // => 0
 * ```
 */
export function smoothedLogCdf(rewards: ArrayLike<number>): (reward: number) => number {
  requireFiniteArray('rewards', rewards)
  if (rewards.length === 0) throw invalidArgument('rewards must have at least one entry')
  const sorted = Float64Array.from(rewards).sort()
  return (reward) => {
    requireFinite('reward', reward)
    let [low, high] = [0, sorted.length] // number of rewards below `reward`, by bisection
    while (low < high) {
      const middle = (low + high) >>> 1
      if (sorted[middle]! < reward) low = middle + 1
      else high = middle
    }
    return Math.log((low + 1) / (sorted.length + 1))
  }
}
