import { Option } from 'commander'
import { textOfBlocks } from './block.js'
import { EXIT } from './exit-status.js'
import { note } from './log-options.js'
import { markdownSummary } from './markdown-summary.js'
import type { Result } from './result.js'

/** Bytes of the largest summary that a step of a GitHub workflow may write. */
const SUMMARY_BYTES = 2 ** 20

/** In which form a result is printed. */
export interface ResultOptions {
  readonly json?: boolean | undefined
  readonly markdown?: boolean | undefined
  readonly junit?: string | undefined
}

/** The option `--markdown` of a command that has `--json`. */
export const markdownOption = (): Option =>
  new Option(
    '--markdown',
    'print GitHub-flavoured Markdown on standard output, for $GITHUB_STEP_SUMMARY (default: a table)',
  ).conflicts('json')

/** Prints a result, its notes on standard error; a gate that does not let pass sets the exit status. */
export function showResult(result: Result, options: ResultOptions): void {
  const { notes, gate } = result
  notes.forEach(note)
  process.stdout.write(written(result, options))
  if (gate === undefined) return
  process.stderr.write(`gate: ${gate.text}\n`)
  if (!gate.passed) process.exitCode = EXIT.gateFailed
}

function written(result: Result, { json = false, markdown = false }: ResultOptions): string {
  if (json) return `${JSON.stringify({ ...result.figures, gate: result.gate })}\n`
  if (!markdown) return textOfBlocks(result.blocks)
  const summary = markdownSummary(result)
  const bytes = Buffer.byteLength(summary)
  if (bytes > SUMMARY_BYTES)
    note(`the Markdown has ${bytes} bytes, and GitHub shows no summary of more than ${SUMMARY_BYTES}`)
  return summary
}
