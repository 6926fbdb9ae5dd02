import { invalidData, shown, withoutFailed, type Group, type Outcome, type Sample, type Task } from '@posttrain/core'

/** A group as a monitor reads it: the samples that have every score it asks for. */
export interface ScoredSamples {
  readonly task: Task
  readonly samples: readonly Sample[]
  /** One per sample. */
  readonly outcomes: readonly Outcome[]
  /** (names, samples). */
  readonly scores: readonly (readonly number[])[]
  /** Samples that lack a score, and those that failed. */
  readonly unscored: number
}

/**
 * The scores of a group by name: `reward` is the outcome's own, any other name is that of a part.
 *
 * @param names of the scores that a sample must have to count
 * @throws PosttrainError `invalid-data` for a scored sample whose outcome has no part of the name
 */
export function scoredBy(group: Group, names: readonly string[]): ScoredSamples {
  const { task, samples, outcomes } = withoutFailed(group)
  const bySample = outcomes.map((outcome, i) => names.map((name) => scoreNamed(outcome, name, task, samples[i]!)))
  const kept = bySample.flatMap((scores, i) => (scores.includes(undefined) ? [] : [i]))
  return {
    task,
    samples: kept.map((i) => samples[i]!),
    outcomes: kept.map((i) => outcomes[i]!),
    scores: names.map((_, column) => kept.map((i) => bySample[i]![column]!)),
    unscored: group.samples.length - kept.length,
  }
}

function scoreNamed(outcome: Outcome, name: string, { id }: Task, { index }: Sample): number | undefined {
  if (name === 'reward') return outcome.kind === 'scored' ? outcome.reward : undefined
  const score = outcome.parts?.[name]
  if (score !== undefined || outcome.kind === 'unscored') return score ?? undefined
  const parts = Object.keys(outcome.parts ?? {})
  throw invalidData(
    `sample ${index} of task ${shown(id)} has no part ${shown(name)}`,
    `its parts are ${parts.length === 0 ? 'none' : shown(parts.join(', '), 200)}; reward names the reward itself`,
  )
}
