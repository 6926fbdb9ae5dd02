import { textOf } from '../fields/field-at.js'
import type { RowFields } from '../row-fields.js'
import { isObject } from './values.js'

/** The reason of a failure that each status stands for. */
const REASONS: Readonly<Record<string, number>> = { PASS: 0, FAIL: 1, ERROR: 2 }

/** Whether a row of a table is one of promptfoo's: a test, with some columns for each prompt and provider. */
export const isResultTable = (row: RowFields): boolean =>
  ['Status', 'Score', 'Named Scores', 'Grader Reason'].every((name) => name in row)

/**
 * The results in a row of promptfoo's table, as its JSON has them: the columns are perhaps `Description`, the variables
 * of the test, and for each prompt `[provider] label` with the output, `Status`, `Score`, `Named Scores` and more.
 * A prompt that the test was not asked with has no status, and no result.
 */
export function resultsInTable(row: RowFields): readonly RowFields[] {
  const names = Object.keys(row)
  const starts = names.flatMap((name, i) => (/^Status( \(\d+\))?$/.test(name) ? [i - 1] : []))
  const { Description: description, ...vars } = Object.fromEntries(
    names.slice(0, starts[0]).map((name) => [name, textIn(row[name])]),
  )
  return starts.flatMap((start) => {
    const [label = '', status = '', score = '', named = ''] = names.slice(start, start + 4)
    const failureReason = REASONS[String(row[status])]
    if (failureReason === undefined) return []
    const [, provider, prompt = label] = /^\[([^\]]*)\] (.*?)(?: \(\d+\))?$/s.exec(label) ?? []
    return {
      success: failureReason === 0,
      score: Number(row[score]),
      namedScores: namedIn(row[named]),
      failureReason,
      provider: { label: provider },
      prompt: { label: prompt },
      vars,
      testCase: { description },
      response: { output: textIn(row[label]) },
    }
  })
}

/** The text of a cell, which may look like a number. */
const textIn = (cell: unknown): string => textOf(cell) ?? ''

function namedIn(cell: unknown): RowFields {
  try {
    const scores: unknown = JSON.parse(String(cell))
    return isObject(scores) ? scores : {}
  } catch {
    return {} // No score has a name.
  }
}
