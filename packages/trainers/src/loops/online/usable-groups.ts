import { missingOf, PosttrainError, scoredGroup, withoutFailed } from '@posttrain/core'
import type { UnscoredPolicy } from '@posttrain/core'
import type { AdvantageInput } from '../../advantages/advantage-estimator.js'
import type { Algorithm } from '../../algorithms/algorithm.js'
import type { Rollout, UpdateReport } from './events.js'
import { isConstant } from './is-constant.js'

/** The groups that a step learns from, and what became of the others. */
export interface UsableGroups extends Pick<UpdateReport, 'constantGroups' | 'unscored' | 'failed' | 'shortGroups'> {
  readonly groups: readonly AdvantageInput[]
}

/**
 * The groups of a rollout with enough scored samples. Failed samples are left out; others without a score are as the
 * policy on unscored samples says. A prompt whose most likely completion is missing has no baseline and is left out.
 *
 * @throws PosttrainError `unscored` if no group is left, or for an unscored sample under `throw`
 */
export function usableGroups(
  { step, groups }: Rollout,
  { name, advantages, objective, flow }: Algorithm,
  unscored: UnscoredPolicy,
  promptsPerStep: number,
): UsableGroups {
  const needed = Math.max(advantages.minimumSamples, objective.k)
  const needsGreedy = advantages.needs.includes('greedy')
  const all = groups.map((group) => scored(group, unscored, needsGreedy))
  const whole = all.filter(({ outcomes, greedy }) => outcomes.length >= needed && (!needsGreedy || greedy))
  if (whole.length === 0) {
    throw new PosttrainError(
      'unscored',
      `no prompt of step ${step} has the ${needed} scored samples that ${name} needs`,
      'repair the reward function, or draw more samples per prompt',
    )
  }
  const used = flow?.dynamicSampling === undefined ? whole : informativeFirst(whole, promptsPerStep)
  const missing = groups.flatMap((group) => [group, ...(group.greedy ? [group.greedy] : [])]).map(missingOf)
  return {
    groups: used,
    constantGroups: whole.filter((group) => isConstant(group, 'throw')).length,
    unscored: missing.reduce((count, group) => count + group.unscored, 0),
    failed: missing.reduce((count, group) => count + group.failed, 0),
    shortGroups: all.length - whole.length,
  }
}

function scored(
  { greedy, ...group }: Rollout['groups'][number],
  unscored: UnscoredPolicy,
  needsGreedy: boolean,
): AdvantageInput {
  const kept = scoredGroup(withoutFailed(group), unscored)
  if (!greedy || !needsGreedy) return kept
  return { ...kept, greedy: scoredGroup(withoutFailed(greedy), unscored).outcomes[0] }
}

/** The groups that say something, and if there are too few of them, constant ones to keep the batch's size. */
const informativeFirst = (groups: readonly AdvantageInput[], count: number): readonly AdvantageInput[] => {
  const says = (group: AdvantageInput): boolean => !isConstant(group, 'throw')
  return [...groups.filter(says), ...groups.filter((group) => !says(group))].slice(0, count)
}
