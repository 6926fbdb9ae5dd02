import { writeFileSync } from 'node:fs'
import { invalidArgument } from '@posttrain/core'
import { renderTable } from '@posttrain/report'
import { Command } from 'commander'
import { evaluateLog, type Asked } from '../logs/evaluate-log.js'
import { integerList, LOG_FORMS, note, withLogOptions, type LogOptions } from '../logs/log-options.js'
import { readLog } from '../logs/read-log.js'
import { nameOfFile } from '../logs/read-lines.js'
import { evaluationJson, evaluationReport, evaluationTable } from '../logs/show-evaluation.js'

interface EvaluateOptions extends LogOptions, Asked {
  readonly system?: string
  readonly report?: string
}

const EXAMPLES = `${LOG_FORMS}

Examples:
  posttrain evaluate samples.jsonl --k 1,8,64
  posttrain evaluate shard-*.jsonl.gz --vote 8,32 --ties strict --report report.html
  posttrain evaluate rewards.jsonl --best-of 4,16 --json

Exit status: 0 done, 2 wrong input, 130 stopped.`

/** `posttrain evaluate`. */
export const evaluateCommand = (): Command =>
  withLogOptions(
    new Command('evaluate')
      .summary('pass@k, majority votes and best-of-N, with intervals, from a log of scored samples')
      .description(
        'Reads sampled answers with their scores, one log in one or several files, and estimates without bias what the ' +
          'model does behind a verifier, a vote or a choice of the best. Intervals are over tasks.',
      )
      .argument('<file...>', 'JSON Lines, plain or gzip; - is standard input')
      .option('--k <list>', 'pass@K and pass^K: one, or all, of K samples are right (default: of 1,8,64)', integerList)
      .option('--vote <list>', 'maj@K: the answer that most of K samples give', integerList)
      .option(
        '--best-of <list>',
        'best-of-N: the sample with the highest proxy among N, or the highest reward',
        integerList,
      )
      .option('--system <name>', 'take only the rows of this system'),
  )
    .option('--report <file>', 'write an HTML report with a chart of pass@k against k')
    .option('--json', 'print one JSON object on standard output')
    .addHelpText('after', EXAMPLES)
    .action(evaluate)

async function evaluate(files: readonly string[], options: EvaluateOptions): Promise<void> {
  const { system, report, json, ...settings } = options
  const keepAnswers = options.vote !== undefined
  const log = await readLog(files, { system, systemOption: '--system', keepAnswers })
  const evaluation = evaluateLog(log, options, options, report !== undefined)
  if (report !== undefined) {
    const names = files.map(nameOfFile).join(', ')
    writeReport(report, await evaluationReport(evaluation, log, names, settings))
  }
  evaluation.notes.forEach(note)
  process.stdout.write(
    json ? JSON.stringify(evaluationJson(evaluation, log)) + '\n' : renderTable(evaluationTable(evaluation, log)),
  )
}

function writeReport(file: string, page: string): void {
  try {
    writeFileSync(file, page)
  } catch (error) {
    throw invalidArgument(`cannot write ${file}: ${(error as Error).message}`, 'choose another --report')
  }
}
