import type { ReviewedRow } from '../../src/review/review-row.js'

/** A row of which a test says what it is about. */
export const rowOf = (
  index: number,
  row: Pick<ReviewedRow, 'reward' | 'gold' | 'why' | 'weight'> & Partial<ReviewedRow>,
): ReviewedRow => ({
  task_id: 'a',
  index,
  prompt: '1+1=',
  response: '2',
  reference: '2',
  answer: '2',
  ...row,
})
