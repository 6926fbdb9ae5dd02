import { invalidData, type Outcome } from '@posttrain/core'
import type { PlacedRow } from '@posttrain/logs'
import { note } from './log-options.js'
import { ResumableFile } from './resumable-file.js'
import { rowLine } from './row-line.js'
import { drained } from './row-output.js'
import { outcomeOfRow, scoredRow, type ScoredFields } from './scored-row.js'

/** Where scored rows go. */
export interface ScoreOutput {
  /** What is known of a row already, asked of each in order. */
  readonly known: (row: PlacedRow) => Outcome | undefined
  readonly add: (row: PlacedRow, outcome: Outcome) => void | Promise<void>
  /** All rows are there. */
  readonly finish: () => void
  /** Not all rows are there: keeps those that are. */
  readonly keep: () => void
  /** No row could be judged: nothing is kept. */
  readonly discard: () => void
}

/** Nowhere: only the figures are asked for. */
export const noOutput: ScoreOutput = {
  known: () => undefined,
  add: () => {},
  finish: () => {},
  keep: () => {},
  discard: () => {},
}

/** Standard output, as fast as it is read. */
export const standardOutput = (names: ScoredFields): ScoreOutput => ({
  ...noOutput,
  add: async ({ fields, where }, outcome) => {
    const line = `${rowLine(scoredRow(fields, names, outcome), where)}\n`
    if (!process.stdout.write(line)) await drained()
  },
})

/**
 * A file, where the rows of a command that was stopped are not scored again.
 *
 * @param made what the rows are made of
 * @throws PosttrainError `invalid-argument` for what cannot be written to; `known` throws `invalid-data` for a row that
 *   is not the one that was scored then
 */
export function fileOutput(out: string, names: ScoredFields, made: readonly unknown[]): ScoreOutput {
  const file = new ResumableFile(out, made)
  for (const other of file.others()) note(`${other} is of another command, which did not end`)
  const lines = file.lines()
  let count = 0
  const differs = (what: string): Error =>
    invalidData(`${what} the rows that ${file.partial} holds are of`, 'remove it to score all rows anew')
  return {
    known: ({ fields, where }) => {
      const next = lines.next()
      if (next.done) {
        if (count > 0) note(`${count} rows were scored before, and are not scored again`)
        count = 0
        return undefined
      }
      count++
      const outcome = outcomeOfRow(JSON.parse(next.value) as PlacedRow['fields'])
      if (rowLine(scoredRow(fields, names, outcome), where) === next.value) return outcome
      throw differs(`${where} is not what`)
    },
    add: ({ fields, where }, outcome) => file.add(rowLine(scoredRow(fields, names, outcome), where)),
    finish: () => {
      if (!lines.next().done) throw differs('there are fewer rows than')
      file.finish()
    },
    keep: () => {
      if (file.keep()) note(`what is scored is kept in ${file.partial}: the same command goes on from there`)
    },
    discard: () => file.discard(),
  }
}
