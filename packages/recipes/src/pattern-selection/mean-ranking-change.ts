import { callCallerNow, mean, shown, type Sample, type Task } from '@posttrain/core'
import { meanInterval, rankingChangeRatio, type Effect } from '@posttrain/estimators'
import type { LabelledSample } from './labelled-tasks.js'

/** Ranks of a response's tokens under two models: `tokenRank` of each. */
export interface ResponseRanks {
  /** (tokens): under the base model. */
  readonly base: ArrayLike<number>
  /** (tokens): under the trained model. */
  readonly trained: ArrayLike<number>
}

/** Ranks of the tokens of a sample of the trained model. */
export type RanksOf = (sample: Sample, task: Task) => ResponseRanks

/**
 * The ranking-change ratio: mean over tasks of the mean over their responses.
 *
 * @throws PosttrainError `invalid-data` if the caller's function throws; as `rankingChangeRatio` for what are no ranks
 */
export function meanRankingChange(
  tasks: readonly (readonly LabelledSample[])[],
  ranksOf: RanksOf,
  level: number,
): Effect {
  const ratios = tasks.map((samples) =>
    mean(
      samples.map(({ sample, task }) => {
        const where = `on sample ${sample.index} of task ${shown(task.id)}`
        return callCallerNow('ranksOf', where, () => {
          const { base, trained } = ranksOf(sample, task)
          return rankingChangeRatio(base, trained)
        })
      }),
    ),
  )
  return { value: mean(ratios), interval: meanInterval(ratios, { level }) }
}
