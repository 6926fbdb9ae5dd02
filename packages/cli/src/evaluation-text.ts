import { renderTable } from '@posttrain/report'
import { costTables } from './show-costs.js'
import { evaluationTable, labelOf, type Part } from './show-evaluation.js'
import { describeNeeded, INDEPENDENT_SYSTEMS } from './show-needed.js'

/** The table, and what is said under it. */
export const evaluationText = (parts: readonly Part[]): string =>
  [
    renderTable(evaluationTable(parts)),
    ...neededLines(parts).map((line) => `${line}\n`),
    ...costTables(parts).map((table) => `\n${renderTable(table)}`),
  ].join('')

/** What finds a difference, for each metric that was asked it. */
function neededLines(parts: readonly Part[]): readonly string[] {
  const lines = parts.flatMap((part) =>
    part.evaluation.measured.flatMap(({ estimate, needed }) => {
      const of = [estimate.name, labelOf(part)].filter(Boolean).join(' of ')
      return needed === undefined ? [] : [describeNeeded(needed, of, estimate)]
    }),
  )
  return lines.length === 0 ? [] : [...lines, INDEPENDENT_SYSTEMS]
}
