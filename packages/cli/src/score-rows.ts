import { invalidData, PosttrainError, type Outcome, type RewardFunction } from '@posttrain/core'
import { rowsOf, type PlacedRow } from '@posttrain/logs'
import { askReward, inOrder } from '@posttrain/sampling'
import { nameOfFile, sourceOf } from './read-log-files.js'
import { ROW_TO_SCORE, rowToScore, type ScoredFields } from './scored-row.js'

/** A row and what became of it. */
export interface ScoredRow {
  readonly row: PlacedRow
  readonly outcome: Outcome
  /** Whether it was known already. */
  readonly isKnown: boolean
  /** That the row has no reference and the reward needs one: it is unscored. */
  readonly refusal?: PosttrainError | undefined
}

/** How rows are scored. */
export interface ScoreRowsOptions {
  readonly reward: RewardFunction
  readonly names: ScoredFields
  /** Rows that the reward is asked of at the same time. */
  readonly concurrency: number
  /** What is known of a row already; it is asked of each, in order, until it knows nothing. */
  readonly known: (row: PlacedRow) => Outcome | undefined
  /** Told of the size of each block read. */
  readonly onBytes: (bytes: number) => void
}

/**
 * The rows of files with their outcomes, in the order of the rows. After a failure those before the row that failed
 * still come.
 *
 * @throws PosttrainError what the reward or a row's fault throws, with the place of the row
 */
export const scoreRows = (files: readonly string[], options: ScoreRowsOptions): AsyncGenerator<ScoredRow> =>
  inOrder(rowsOfFiles(files, options.onBytes), options.concurrency, (row) => {
    const outcome = options.known(row)
    return outcome ? Promise.resolve({ row, outcome, isKnown: true }) : scoreRow(row, options)
  })

async function* rowsOfFiles(files: readonly string[], onBytes: (bytes: number) => void): AsyncGenerator<PlacedRow> {
  for (const file of files) {
    let isEmpty = true
    for await (const row of rowsOf(sourceOf(file), { format: 'rows', onBytes })) {
      isEmpty = false
      yield row
    }
    if (isEmpty) throw invalidData(`${nameOfFile(file)} is empty`, ROW_TO_SCORE)
  }
}

/** What becomes of a row of which the reward was not asked. */
export const NO_RESPONSE: Outcome = { kind: 'unscored', reason: 'there is no response' }

async function scoreRow(row: PlacedRow, { reward, names }: ScoreRowsOptions): Promise<ScoredRow> {
  let refusal: PosttrainError | undefined
  try {
    const { task, sample } = rowToScore(row, names)
    if (sample === undefined) return { row, outcome: NO_RESPONSE, isKnown: false }
    const asked = task.reference === undefined ? refusing(reward, (error) => (refusal = placed(error, row))) : reward
    const [outcome] = await askReward(asked, task, [sample], {})
    return { row, outcome: outcome!, isKnown: false, refusal }
  } catch (error) {
    throw error instanceof PosttrainError ? placed(error, row) : error
  }
}

/** A reward to which a task without a reference is no error: its samples are unscored, with what the reward said. */
const refusing = (reward: RewardFunction, onRefusal: (error: PosttrainError) => void): RewardFunction => ({
  name: reward.name,
  async score(task, samples, options) {
    try {
      return await reward.score(task, samples, options)
    } catch (error) {
      if (!(error instanceof PosttrainError) || error.code !== 'invalid-data') throw error
      onRefusal(error)
      return samples.map((): Outcome => ({ kind: 'unscored', reason: error.message }))
    }
  },
})

/** The error with the place of the row. */
const placed = (error: PosttrainError, { where }: PlacedRow): PosttrainError =>
  error.message.startsWith(where)
    ? error
    : new PosttrainError(error.code, `${where}: ${error.message}`, error.hint, { cause: error })
