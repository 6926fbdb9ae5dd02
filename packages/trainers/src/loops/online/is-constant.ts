import { scoredGroup, withoutFailed, type Group, type UnscoredPolicy } from '@posttrain/core'

/** True if all samples got the same reward, or none has one, so that no comparison within the group says anything. */
export function isConstant(group: Group, unscored: UnscoredPolicy): boolean {
  const { outcomes } = scoredGroup(withoutFailed(group), unscored)
  return outcomes.every(({ reward }) => reward === outcomes[0]!.reward)
}
