import { invalidArgument, type Objective, type Reading, type RewardFunction } from '@posttrain/core'

/**
 * Refuses an objective that reads a part which nothing gives: neither what a procedure chooses by nor the reward.
 *
 * @throws PosttrainError `invalid-argument` naming the part
 */
export function requireParts(objective: Objective, reward: RewardFunction, reading: Reading | undefined): void {
  const given = [...(reading?.by ? [reading.by.name] : []), ...(reward.gives ?? [])]
  const missing = objective.reads?.find((name) => !given.includes(name))
  if (missing === undefined) return
  throw invalidArgument(
    `the objective ${objective.name} reads the part ${missing}, which nothing gives`,
    'give the procedure it belongs to in place of the objective alone, or a reward whose outcomes have that part',
  )
}
