import { invalidData } from '@posttrain/core'
import { pickForReview, reviewRow, type PickOptions, type ReviewRow } from '@posttrain/rewards'
import { groupsOfInputs, pickedAs, type ReviewInputs } from './review-rows.js'

/**
 * The rows to be reviewed: all of them where the files say why each was picked, otherwise those that are picked now.
 *
 * @throws PosttrainError `invalid-data` for files of which only some rows say so
 */
export function reviewQueue(inputs: ReviewInputs, options: PickOptions): readonly ReviewRow[] {
  const known = [...inputs.values()].map((input) => ({ input, picked: pickedAs(input.fields, input.where) }))
  const open = known.find(({ picked }) => picked === undefined)
  if (open === undefined)
    return known.map(({ input, picked }) => reviewRow(input.task, input.sample, input.outcome, picked!))
  const other = known.find(({ picked }) => picked !== undefined)
  if (other === undefined) return pickForReview(groupsOfInputs(inputs), options)
  throw invalidData(
    `${other.input.where} was picked for review, but ${open.input.where} was not`,
    'give either rows that were picked, or those to pick from',
  )
}
