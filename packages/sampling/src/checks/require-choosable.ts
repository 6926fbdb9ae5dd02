import { invalidData, quoted } from '@posttrain/core'
import type { Group, Objective, UnscoredPolicy } from '@posttrain/core'
import { familyOf } from '@posttrain/estimators'

/** Whether the sample of the highest reward is what an objective chooses; of one sample nothing is chosen. */
const choosesByReward = ({ name, k, reads = [] }: Objective): boolean =>
  k > 1 && reads.length === 0 && ['max@', 'best-of-'].includes(familyOf(name) ?? '')

/**
 * Requires that a failure that counts as 0 is no better than a scored sample: a choice by the reward would take it, and
 * whoever deploys the choice never does.
 *
 * @throws PosttrainError `invalid-data`, naming objective and task
 */
export function requireChoosable({ task, outcomes }: Group, objective: Objective, policy: UnscoredPolicy): void {
  if (policy !== 'count-as-failure' || outcomes.every(({ kind }) => kind === 'scored')) return
  if (!choosesByReward(objective)) return
  const below = outcomes.find((outcome) => outcome.kind === 'scored' && outcome.reward < 0)
  if (below?.kind !== 'scored') return
  throw invalidData(
    `${objective.name} of task ${quoted(task.id)} cannot be estimated: a sample without a score counts as 0, above the ` +
      `reward ${below.reward} of another, but nothing that is deployed would choose it`,
    'choose the policy exclude for samples without a score, or give them one',
  )
}
