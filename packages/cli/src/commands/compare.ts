import { estimateTable, percent, plain, points, renderTable } from '@posttrain/report'
import { Command } from 'commander'
import { EXIT } from '../exit-status.js'
import { compareLogs, type LogComparison } from '../logs/compare-logs.js'
import { LOG_FORMS, note, withLogOptions, type LogOptions } from '../logs/log-options.js'
import { nameOf, parseMetric, type Metric } from '../logs/metric.js'
import { nameOfFile } from '../logs/read-lines.js'
import { readLog } from '../logs/read-log.js'
import type { TaskLog } from '../logs/task-log.js'

interface CompareOptions extends LogOptions {
  readonly metric: string
  readonly systemA?: string
  readonly systemB?: string
  readonly gate?: boolean
}

const EXAMPLES = `${LOG_FORMS}

Examples:
  posttrain compare before.jsonl after.jsonl --metric pass@8
  posttrain compare main.jsonl.gz branch.jsonl.gz --metric pass@1 --gate --json
  posttrain compare run/samples.jsonl run/samples.jsonl --system-a mean --system-b pass@8 --metric pass@64

Exit status: 0 done, 2 wrong input, 130 stopped; with --gate 1 if B is credibly worse, that is, the interval of
B - A lies below zero.`

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
      .requiredOption('--metric <name>', 'pass@K, pass^K, maj@K or best-of-K')
      .option('--gate', 'end with exit status 1 if B is credibly worse than A')
      .option('--system-a <name>', 'take only the rows of this system from A')
      .option('--system-b <name>', 'take only the rows of this system from B'),
  )
    .option('--json', 'print one JSON object on standard output')
    .addHelpText('after', EXAMPLES)
    .action(compare)

async function compare(fileA: string, fileB: string, options: CompareOptions): Promise<void> {
  const metric = parseMetric(options.metric)
  const keepAnswers = metric.kind === 'maj@'
  const a = await readLog([fileA], { system: options.systemA, systemOption: '--system-a', keepAnswers })
  const b = await readLog([fileB], { system: options.systemB, systemOption: '--system-b', keepAnswers })
  const comparison = compareLogs(a, b, metric, options)
  comparison.notes.forEach(note)
  const worse = comparison.difference.interval.upper < 0
  if (options.json) {
    process.stdout.write(JSON.stringify({ ...comparisonJson(comparison, metric), worse }) + '\n')
  } else {
    const labels = [label('A', fileA, options.systemA), label('B', fileB, options.systemB)] as const
    process.stdout.write(comparisonTables(comparison, metric, labels, [a, b]))
  }
  if (!options.gate) return
  process.stderr.write(worse ? 'gate: B is credibly worse than A\n' : 'gate: B is not credibly worse than A\n')
  if (worse) process.exitCode = EXIT.gateFailed
}

const label = (side: string, file: string, system: string | undefined): string =>
  `${side}: ${nameOfFile(file)}${system === undefined ? '' : `, ${system}`}`

function comparisonTables(
  { a, b, difference, mcnemar }: LogComparison,
  metric: Metric,
  labels: readonly [string, string],
  logs: readonly TaskLog[],
): string {
  const name = nameOf(metric)
  const shares = logs.every((log) => log.withinUnit)
  const rows = [a, b].map((estimate, i) => ({ label: labels[i]!, estimates: { [name]: estimate } }))
  const tests = [`p = ${rounded(difference.pValue)} (sign-flip permutation test, two-sided)`]
  if (mcnemar) {
    const { onlyA, onlyB, pValue } = mcnemar
    tests.push(`p = ${rounded(pValue)} (McNemar's exact test: only A solves ${onlyA}, only B ${onlyB})`)
  }
  const tables = [
    estimateTable({ rowHeader: 'system', rows, unit: shares ? percent : plain }),
    estimateTable({
      rowHeader: 'paired difference',
      rows: [{ label: 'B − A', estimates: { [name]: { ...difference, value: difference.difference } } }],
      unit: shares ? points : { ...plain, signed: true },
      note: tests.join('; '),
    }),
  ]
  return tables.map((table) => renderTable(table)).join('\n')
}

const rounded = (p: number): string => String(Number(p.toPrecision(3)))

function comparisonJson({ a, b, difference, mcnemar }: LogComparison, metric: Metric): object {
  const { interval, pValue, tasks } = difference
  return {
    metric: nameOf(metric),
    tasks,
    a: a.value,
    b: b.value,
    difference: difference.difference,
    low: interval.lower,
    high: interval.upper,
    level: interval.level,
    method: interval.method,
    pValue,
    ...(mcnemar && { mcnemar }),
    unscored: { a: a.unscored, b: b.unscored },
    denominator: a.denominator,
  }
}
