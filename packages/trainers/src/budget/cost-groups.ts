import { invalidData, mean, requireInteger, type Sample, type ScoredOutcome, type Task } from '@posttrain/core'

/** What a prompt's samples say of one cost group. */
export interface CostGroup {
  /** Mean reward; absent if no sample fell into the group. */
  readonly reward: number | undefined
  /** Indices of its samples. */
  readonly samples: readonly number[]
}

/** A prompt's samples by cost group. @throws PosttrainError `invalid-data` for a group that does not exist */
export function byCost(
  task: Task,
  samples: readonly Sample[],
  outcomes: readonly ScoredOutcome[],
  costGroupOf: (sample: Sample, task: Task) => number,
  groups: number,
): CostGroup[] {
  requireInteger('groups', groups, { min: 2 })
  const members = Array.from({ length: groups }, (): number[] => [])
  samples.forEach((sample, i) => {
    const group = costGroupOf(sample, task)
    const known = members[group]
    if (!known) {
      throw invalidData(`a sample of task ${task.id} was put into cost group ${group}, but there are ${groups}`)
    }
    known.push(i)
  })
  return members.map((indices) => ({
    reward: indices.length === 0 ? undefined : mean(indices.map((i) => outcomes[i]!.reward)),
    samples: indices,
  }))
}
