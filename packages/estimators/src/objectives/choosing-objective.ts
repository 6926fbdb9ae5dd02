import { invalidArgument } from '@posttrain/core'
import type { Objective, ScoredOutcome } from '@posttrain/core'
import { expectedChoice } from '../best-of-n.js'
import { bestOfNAdvantages } from './best-of-n-advantages.js'
import type { ChoiceScores } from './best-of-n-advantages.js'
import { checkedObjective } from './checked-objective.js'

/** A procedure that answers with one of k samples. */
export interface Choosing {
  /** Up to the name of the part, for instance `best-of-8`. */
  readonly name: string
  readonly k: number
  /** Name of the part that decides. Absent: the reward does. */
  readonly by: string | undefined
  readonly scores: (outcomes: readonly ScoredOutcome[]) => ChoiceScores
}

/** The expected gold of the sample with the highest proxy among k, ties shared, with its leave-one-out advantages. */
export function choosingObjective({ name, k, by, scores }: Choosing): Objective {
  if (by !== undefined) requirePart(by)
  return checkedObjective({
    name: by === undefined ? name : `${name} by ${by}`,
    k,
    minimumSamples: Math.max(2, k),
    reads: by === undefined ? undefined : [by],
    read: scores,
    estimate: (read) => expectedChoice(read, k),
    advantages: (read) => bestOfNAdvantages(read, k),
  })
}

/** @throws PosttrainError `invalid-argument` for an empty name, which the name of an objective cannot end with */
export function requirePart(by: string): void {
  if (by === '') throw invalidArgument('by is empty', 'name the part that is read, for instance judge')
}
