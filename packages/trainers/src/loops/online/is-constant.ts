import { scoredGroup, withoutFailed, type Group, type UnscoredPolicy } from '@posttrain/core'
import { unshaped } from '../../rewards/unshaped.js'

/** Rewards that differ by no more than this share of the largest are equal: sums of the same in another order. */
const ROUNDING = 1e-9

/**
 * True if all samples got the same reward of the task, or none has one, so that no comparison within the group says
 * anything of what is right. What an algorithm adds to the reward, as a penalty on length, does not count.
 */
export function isConstant(group: Group, unscored: UnscoredPolicy): boolean {
  const rewards = scoredGroup(withoutFailed(group), unscored).outcomes.map(unshaped)
  const [lowest, highest] = [Math.min(...rewards), Math.max(...rewards)]
  return rewards.length === 0 || highest - lowest <= ROUNDING * Math.max(Math.abs(lowest), Math.abs(highest))
}
