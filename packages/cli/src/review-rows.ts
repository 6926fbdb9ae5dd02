import { invalidData, shown, type Group, type Outcome, type Sample, type Task } from '@posttrain/core'
import { rowsOf, type RowFields } from '@posttrain/logs'
import type { ReviewReason, ReviewRow } from '@posttrain/rewards'
import { nameOfFile, sourceOf } from './read-log-files.js'
import { outcomeOfRow, rowToScore, type ScoredFields } from './scored-row.js'

const SCORED_ROW = 'a row is {task_id, response, reward}, as posttrain score writes it'

/** A sample of a file, as it is reviewed. */
export interface ReviewInput {
  readonly task: Task
  readonly sample: Sample
  readonly outcome: Outcome
  readonly fields: RowFields
  /** For instance `scored.jsonl, line 3`. */
  readonly where: string
}

/** The samples of files by their names, in the order of the files. */
export type ReviewInputs = ReadonlyMap<string, ReviewInput>

/** Which sample of which task, as a key. */
export const reviewKey = (task: string, index: number): string => JSON.stringify([task, index])

/**
 * Reads scored rows. A sample is called by its task and its `index`, or by its place among the rows of the task.
 *
 * @throws PosttrainError `invalid-data` for a row without a reward, and one that comes twice
 */
export async function readReviewInputs(files: readonly string[], names: ScoredFields): Promise<ReviewInputs> {
  const inputs = new Map<string, ReviewInput>()
  const counts = new Map<string, number>()
  for (const file of files) {
    let rows = 0
    for await (const row of rowsOf(sourceOf(file), { format: 'rows' })) {
      rows++
      const { task, sample } = rowToScore(row, names)
      const outcome = judgedOutcome(row.fields, row.where)
      const place = counts.get(task.id) ?? 0
      counts.set(task.id, place + 1)
      if (sample === undefined) continue
      const { index: own } = row.fields
      const index = typeof own === 'number' && Number.isInteger(own) && own >= 0 ? own : place
      const key = reviewKey(task.id, index)
      const before = inputs.get(key)
      if (before !== undefined) {
        throw invalidData(
          `${row.where}: sample ${index} of task ${shown(task.id)} is on ${before.where}, too`,
          'number the samples of a task in index, or remove the field',
        )
      }
      inputs.set(key, { ...row, task, sample: { ...sample, index }, outcome })
    }
    if (rows === 0) throw invalidData(`${nameOfFile(file)} is empty`, SCORED_ROW)
  }
  return inputs
}

function judgedOutcome(fields: RowFields, where: string): Outcome {
  const { reward, parts } = fields
  const isReward = reward === null || (typeof reward === 'number' && Number.isFinite(reward))
  if (!isReward) {
    throw invalidData(`${where}: reward must be a number, or null`, `${SCORED_ROW}; score the rows first`)
  }
  if (parts !== undefined && !isParts(parts)) {
    throw invalidData(`${where}: parts must hold numbers, or nulls, by name`, SCORED_ROW)
  }
  return outcomeOfRow(fields)
}

const isParts = (parts: unknown): boolean =>
  typeof parts === 'object' &&
  parts !== null &&
  !Array.isArray(parts) &&
  Object.values(parts).every((part) => part === null || (typeof part === 'number' && Number.isFinite(part)))

/** One group per task. */
export function groupsOfInputs(inputs: ReviewInputs): readonly Group[] {
  const groups = new Map<string, { task: Task; samples: Sample[]; outcomes: Outcome[] }>()
  for (const { task, sample, outcome } of inputs.values()) {
    const group = groups.get(task.id)
    if (group === undefined) groups.set(task.id, { task, samples: [sample], outcomes: [outcome] })
    else {
      group.samples.push(sample)
      group.outcomes.push(outcome)
    }
  }
  return [...groups.values()]
}

/** Why a row was picked and for how many it stands, where it says so. */
export function pickedAs({ why, weight }: RowFields, where: string): Pick<ReviewRow, 'why' | 'weight'> | undefined {
  if (why === undefined && weight === undefined) return undefined
  const isWhy = Array.isArray(why) && why.every((reason) => typeof reason === 'string')
  if (isWhy && typeof weight === 'number' && Number.isFinite(weight) && weight >= 1) {
    return { why: why as readonly ReviewReason[], weight }
  }
  throw invalidData(
    `${where}: why must be a list of texts, and weight a number of at least 1`,
    'keep both as posttrain review wrote them: the estimates rest on them',
  )
}
