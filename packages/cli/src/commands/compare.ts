import { invalidArgument } from '@posttrain/core'
import { familyOf, parseObjective } from '@posttrain/estimators'
import { compareLogs, type TaskLog } from '@posttrain/logs'
import { Command } from 'commander'
import { EXIT } from '../exit-status.js'
import { expectationOf } from '../expected-tasks.js'
import { assignment } from '../list-options.js'
import { LOG_FORMS, note, OPTION_NAMES, readingOf, withLogOptions, type LogOptions } from '../log-options.js'
import { nameOfFile, readLogFiles, STANDARD_INPUT } from '../read-log-files.js'
import { comparisonJson, comparisonNotes, comparisonTables } from '../show-comparison.js'

interface CompareOptions extends LogOptions {
  readonly metric: string
  readonly whereA?: LogOptions['where']
  readonly whereB?: LogOptions['where']
  readonly gate?: boolean | undefined
}

const EXAMPLES = `${LOG_FORMS}

Examples:
  posttrain compare before.jsonl after.jsonl --metric pass@8
  posttrain compare main.jsonl.gz branch.jsonl.gz --metric pass@1 --gate --json
  posttrain compare run/samples.jsonl run/samples.jsonl --where-a system=mean --where-b system=pass@8 --metric pass@64

Exit status: 0 done, 2 wrong input or a machine that failed, 130 stopped; with --gate 1 if B is credibly worse, that
is, the interval of B - A lies below zero.`

/** `posttrain compare`. */
export const compareCommand = (): Command =>
  withLogOptions(
    new Command('compare')
      .summary('how much better one log is than another on the same tasks')
      .description(
        'Measures two logs by one metric and gives the difference B - A, paired by task_id, with an interval over tasks and ' +
          'the p-value of a sign-flip permutation test; where every task has one verdict on each side, also that of ' +
          "McNemar's exact test.",
      )
      .argument('<A>', 'log of the baseline')
      .argument('<B>', 'log of what is compared with it')
      .requiredOption('--metric <name>', 'mean, pass@K, pass^K, max@K, maj@K or best-of-K (required)')
      .option('--gate', 'end with exit status 1 if B is credibly worse than A (default: no)')
      .option('--where-a <field=value>', 'the same as --where, of A alone; may be repeated (default: none)', assignment)
      .option(
        '--where-b <field=value>',
        'the same as --where, of B alone; may be repeated (default: none)',
        assignment,
      ),
  )
    .option('--json', 'print one JSON object on standard output (default: a table)')
    .addHelpText('after', EXAMPLES)
    .action(compare)

async function compare(fileA: string, fileB: string, options: CompareOptions): Promise<void> {
  const { metric, whereA, whereB } = options
  const { k } = parseObjective(metric) // a wrong name is refused before anything is read
  if (fileA === STANDARD_INPUT && fileB === STANDARD_INPUT) {
    throw invalidArgument('A and B are both standard input, which can be read once', 'name a file for one of them')
  }
  const keepAnswers = familyOf(metric) === 'maj@'
  const read = (file: string, where: LogOptions['where'], option: string): Promise<TaskLog> => {
    const reading = readingOf(options)
    const optionNames = { ...reading.optionNames, where: option }
    return readLogFiles([file], { ...reading, where: { ...reading.where, ...where }, keepAnswers, optionNames })
  }
  const logs = [await read(fileA, whereA, '--where-a'), await read(fileB, whereB, '--where-b')]
  const [a, b] = (await expectationOf(options))(logs) as [TaskLog, TaskLog]
  const comparison = compareLogs(a, b, { ...options, objective: metric, optionNames: OPTION_NAMES })
  comparisonNotes(comparison, k).forEach(note)
  const worse = comparison.difference.interval.upper < 0
  if (options.json) {
    process.stdout.write(JSON.stringify({ ...comparisonJson(comparison), worse }) + '\n')
  } else {
    const labels = [label('A', fileA, whereA), label('B', fileB, whereB)] as const
    process.stdout.write(comparisonTables(comparison, labels, [a, b]))
  }
  if (!options.gate) return
  process.stderr.write(worse ? 'gate: B is credibly worse than A\n' : 'gate: B is not credibly worse than A\n')
  if (worse) process.exitCode = EXIT.gateFailed
}

const label = (side: string, file: string, where: LogOptions['where'] = {}): string =>
  [`${side}: ${nameOfFile(file)}`, ...Object.values(where)].join(', ')
