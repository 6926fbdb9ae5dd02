import { invalidData, shown } from '@posttrain/core'
import { rowsOf, type PlacedRow } from '@posttrain/logs'
import { reviewRow, type ReviewedRow } from '@posttrain/rewards'
import { nameOfFile, sourceOf } from './read-log-files.js'
import { pickedAs, reviewKey, type ReviewInput, type ReviewInputs } from './review-rows.js'

const VERDICT = 'a verdict is {task_id, index, gold, why, weight}, as the page writes it; gold is 1, 0, or null'

/** A row of a file with what a person said of it. */
export interface JudgedInput {
  readonly input: ReviewInput
  readonly row: ReviewedRow
}

/**
 * Reads verdicts, and finds the samples that they are of.
 *
 * @throws PosttrainError `invalid-data` for a verdict of a sample that is not there, was judged twice, or has another
 *   reward than it had then
 */
export async function readVerdicts(file: string, inputs: ReviewInputs): Promise<readonly JudgedInput[]> {
  const judged = new Map<string, JudgedInput>()
  for await (const verdict of rowsOf(sourceOf(file), { format: 'rows' })) {
    const found = judgedInput(verdict, inputs)
    const key = reviewKey(found.row.task_id, found.row.index)
    if (judged.has(key)) throw invalidData(`${verdict.where}: ${nameOf(found.row)} is judged twice`, VERDICT)
    judged.set(key, found)
  }
  if (judged.size === 0) throw invalidData(`${nameOfFile(file)} is empty`, VERDICT)
  return [...judged.values()]
}

const nameOf = ({ task_id, index }: Pick<ReviewedRow, 'task_id' | 'index'>): string =>
  `sample ${index} of task ${shown(task_id)}`

function judgedInput({ fields, where }: PlacedRow, inputs: ReviewInputs): JudgedInput {
  const { task_id, index, gold, note, reward } = fields
  if (typeof task_id !== 'string' || typeof index !== 'number') {
    throw invalidData(`${where}: task_id must be a text, and index a number`, VERDICT)
  }
  if (gold !== undefined && gold !== 0 && gold !== 1 && gold !== null) {
    throw invalidData(`${where}: gold must be 1, 0 or null`, VERDICT)
  }
  const picked = pickedAs(fields, where)
  if (picked === undefined) throw invalidData(`${where}: why and weight are missing`, VERDICT)
  const input = inputs.get(reviewKey(task_id, index))
  const row = input && reviewRow(input.task, input.sample, input.outcome, picked)
  if (row === undefined || row.reward !== reward) {
    const what = row === undefined ? 'is not in the files' : `has reward ${row.reward} there, and not ${String(reward)}`
    throw invalidData(`${where}: ${nameOf({ task_id, index })} ${what}`, 'give the files that the page was made of')
  }
  return { input: input!, row: { ...row, gold, ...(typeof note === 'string' && { note }) } }
}
