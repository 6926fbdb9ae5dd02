import { invalidArgument, invalidData } from '@posttrain/core'
import { forEachRow, logFormats, nameOfSource, type LogFile, type RowFields } from '@posttrain/logs'
import { Command, Option } from 'commander'
import { requireDistinctFiles } from '../distinct-files.js'
import { LogProgress } from '../log-progress.js'
import { note, OPTION_NAMES } from '../log-options.js'
import { sourceOf, STANDARD_INPUT } from '../read-log-files.js'
import { RowFile } from '../row-file.js'
import { rowLine } from '../row-line.js'
import { cleanUpOnInterrupt } from '../stop-signal.js'

interface ConvertOptions {
  readonly out: string
  readonly format?: string | undefined
  readonly score?: string | undefined
}

const EXAMPLES = `
Formats, which the content of a file shows:
${logFormats.map(({ name, title }) => `  ${name.padEnd(16)}${title}`).join('\n')}
JSON may be on lines or one text; each may be gzip or zstd.

Examples:
  posttrain convert logs/2026-11-26_sums.eval --out rows.jsonl
  posttrain convert samples_gsm8k_*.jsonl --score exact_match --out rows.jsonl
  posttrain evaluate rows.jsonl --k 1,2

Exit status: 0 done, 2 wrong input or a machine that failed, 130 stopped.`

/** `posttrain convert`. */
export const convertCommand = (): Command =>
  new Command('convert')
    .summary('logs of other tools as rows that evaluate and compare read')
    .description(
      'Reads logs that other programs wrote and writes their samples as JSON Lines, a row for each: task_id, reward ' +
        '(null without a score), answer, reference, prompt, completion, and what tells rows apart.',
    )
    .argument('<file...>', 'logs, plain, gzip or zstd; - is standard input')
    .requiredOption('--out <file>', 'the file to write')
    .addOption(
      new Option('--format <name>', 'the format that the files are in (default: as the content of each shows)').choices(
        logFormats.map(({ name }) => name),
      ),
    )
    .option('--score <name>', 'the score that is the reward, where a file has several (default: its main or only one)')
    .addHelpText('after', EXAMPLES)
    .action(convert)

async function convert(files: readonly string[], options: ConvertOptions): Promise<void> {
  const { out } = options
  requireDistinctFiles(files, out)
  let rows: RowFile | undefined
  // Before the first byte is written, so that there is no moment at which a signal leaves something.
  const done = cleanUpOnInterrupt(() => rows?.discard())
  try {
    rows = new RowFile(out, '--out')
    await writeRows(files, rows, options)
    rows.finish()
  } catch (error) {
    rows?.discard()
    throw error
  } finally {
    done()
  }
}

async function writeRows(files: readonly string[], rows: RowFile, { format, score }: ConvertOptions): Promise<void> {
  const progress = new LogProgress(files.filter((file) => file !== STANDARD_INPUT))
  let [bytes, count] = [0, 0]
  const onBytes = (more: number): void => progress.update({ bytes: (bytes += more), rows: count })
  const onRow = (fields: RowFields, file: LogFile, number: number): void => {
    rows.add(rowLine(fields, `${file.name}, ${file.unit} ${number}`))
    count++
  }
  try {
    for (const source of files.map(sourceOf)) {
      const before = count
      const read = await forEachRow(source, onRow, { format, score, onBytes, optionNames: OPTION_NAMES })
      const name = nameOfSource(source)
      if (count === before) throw invalidData(`${name} is empty`, 'a log has a row for each sample')
      if (read.format === 'rows' && score !== undefined) {
        throw invalidArgument(
          `${name} holds rows as they are`,
          'name their score where they are evaluated: evaluate --score',
        )
      }
      const main = read.mainScore === undefined ? '' : `, score ${read.mainScore}: the file's own main one of several`
      note(`${name} is read as ${read.format}: ${count - before} rows${main}`)
    }
  } finally {
    progress.stop()
  }
}
