import { invalidArgument } from '@posttrain/core'
import { Command } from 'commander'
import {
  comparePair,
  compareSeveral,
  compareUnpaired,
  compareValue,
  type Compared,
  type ComparedLog,
} from '../compared.js'
import { comparisonReport } from '../comparison-report.js'
import { sourcesOf } from '../expected-tasks.js'
import { assignment } from '../list-options.js'
import { gateOf, requireDecidable, worsePairs } from '../gate.js'
import { comparisonSuites } from '../junit-comparison.js'
import { junitFile } from '../junit-file.js'
import { LOG_FORMS, OPTION_NAMES, withLogOptions } from '../log-options.js'
import { finite, positive } from '../option-parsers.js'
import { requireMetric } from '../metric-names.js'
import { LETTERS, readCompared, type ReadComparedOptions } from '../read-compared.js'
import { nameOfFile, STANDARD_INPUT } from '../read-log-files.js'
import { reportFile } from '../report-file.js'
import { ReportTasks } from '../report-tasks.js'
import { comparisonBlocks, comparisonJson, comparisonNotes } from '../show-comparison.js'
import { markdownOption, showResult, type ResultOptions } from '../show-result.js'

interface CompareOptions extends ReadComparedOptions, ResultOptions {
  readonly against?: number | undefined
  readonly unpaired?: boolean | undefined
  readonly gate?: boolean | undefined
  readonly margin?: number | undefined
  readonly detect?: number | undefined
  readonly report?: string | undefined
}

const EXAMPLES = `${LOG_FORMS}

B is called credibly better or worse than A only where the interval of B - A leaves out 0 and p <= 1 - level. Either
alone is not enough, so that a system equal to another is called worse in at most (1 - level)/2 of all cases.

Examples:
  posttrain compare before.jsonl after.jsonl --metric pass@8
  posttrain compare before.jsonl after.jsonl --metric pass@1 --report report.html
  posttrain compare main.jsonl.gz branch.jsonl.gz --metric pass@1 --gate --json
  posttrain compare main.jsonl branch.jsonl --metric pass@1 --gate --margin 0.02 --markdown --junit results.xml
  posttrain compare a.jsonl b.jsonl c.jsonl --metric pass@1
  posttrain compare ours.jsonl --against 0.42 --metric pass@1
  posttrain compare run/samples.jsonl run/samples.jsonl --where-a system=mean --where-b system=pass@8 --metric pass@64

Exit status: 0 done, 2 wrong input or a machine that failed, 130 stopped. With --gate 1 if B (or any log after A, or
with --against A) is credibly worse; with --margin too, 1 unless it is shown to be worse by less than the margin.`

/** `posttrain compare`. */
export const compareCommand = (): Command =>
  withLogOptions(
    new Command('compare')
      .summary('how much better one log is than another on the same tasks')
      .description(
        'Measures logs by one metric and gives the difference B - A, paired by task_id, with an interval over tasks and ' +
          'the p-value of a sign-flip permutation test; where every task has one verdict on each side, also that of ' +
          "McNemar's exact test. Of more than two logs every pair is compared, with p-values adjusted by Holm's method.",
      )
      .argument('<A>', 'log of the baseline')
      .argument('[B...]', 'log of what is compared with it, or several')
      .requiredOption(
        '--metric <name>',
        'mean, pass@K, pass^K, maj@K, best-of-K, or another that evaluate --metric takes (required)',
      )
      .option('--against <value>', 'compare A with this number, a published one for instance (default: with B)', finite)
      .option('--unpaired', 'A and B are of different tasks (default: of the same)')
      .option('--gate', 'end with exit status 1 if B is credibly worse than A (default: no)')
      .option(
        '--margin <size>',
        'ask whether B is shown to be worse than A by less than this, 0.02 for 2 pp (default: do not)',
        positive,
      )
      .option(
        '--detect <difference>',
        'tasks, or samples per task, that would show such a difference, 0.02 for 2 pp (default: none)',
        positive,
      )
      .option('--where-a <field=value>', 'the same as --where, of A alone; may be repeated (default: none)', assignment)
      .option(
        '--where-b <field=value>',
        'the same as --where, of B alone; may be repeated (default: none)',
        assignment,
      ),
  )
    .option(
      '--report <file>',
      'write an HTML report: the differences by task, and what systems said where they differ (default: none)',
    )
    .option('--json', 'print one JSON object on standard output (default: a table)')
    .addOption(markdownOption())
    .option('--junit <file>', 'write JUnit XML: a case for each pair, which fails only by --gate (default: none)')
    .addHelpText('after', EXAMPLES)
    .action(compare)

async function compare(fileA: string, others: readonly string[], options: CompareOptions): Promise<void> {
  const { report, json, markdown, junit, ...settings } = options
  const { metric, margin, gate = false } = settings
  const k = requireMetric(metric)
  const files = [fileA, ...others]
  requireMode(files, options)
  const sources = sourcesOf(files, options)
  const writeReport = report === undefined ? undefined : reportFile(report, sources)
  const writeJUnit = junit === undefined ? undefined : junitFile(junit, sources, report)
  const listed = files.map(() => new ReportTasks(files.length))
  const logs = await readCompared(files, options, writeReport && listed)
  const compared = comparedBy(logs, k, options)
  if (gate && margin === undefined) requireDecidable(compared)
  const result = {
    title: `compare by ${metric}: ${files.map(nameOfFile).join(', ')}`,
    notes: comparisonNotes(compared, logs),
    blocks: comparisonBlocks(compared, logs, margin),
    figures: { ...comparisonJson(compared, margin), worse: worsePairs(compared).length > 0 },
    gate: gate ? gateOf(compared, margin) : undefined,
  }
  if (writeReport) writeReport(await comparisonReport(result, compared, logs, { listed, settings }))
  writeJUnit?.('posttrain compare', comparisonSuites(result, compared, logs))
  showResult(result, { json, markdown })
}

/** Refuses options that do not go together, before anything is read. */
function requireMode(files: readonly string[], { against, unpaired, whereB, detect }: CompareOptions): void {
  if (files.filter((file) => file === STANDARD_INPUT).length > 1) {
    throw invalidArgument('two logs are standard input, which can be read once', 'name a file for all but one of them')
  }
  if (files.length > LETTERS.length) {
    throw invalidArgument(`${files.length} logs are more than the ${LETTERS.length} that have letters`)
  }
  const others = files.length - 1
  if (against === undefined && others === 0) {
    throw invalidArgument('one log is compared with nothing', 'name another, or a number with --against')
  }
  if (against !== undefined && others > 0) {
    throw invalidArgument(
      '--against compares one log with a number, but several logs are given',
      'compare them without it, or each with it',
    )
  }
  if (unpaired && others !== 1) throw invalidArgument('--unpaired compares two logs', 'name two')
  if (detect !== undefined && (unpaired || others !== 1)) {
    throw invalidArgument(
      '--detect plans a comparison of two logs on the same tasks',
      'name two, or use evaluate --detect',
    )
  }
  if (whereB && others !== 1)
    throw invalidArgument('--where-b is of the second of two logs', 'name two, or use --where')
}

/** The comparison that was asked for. */
function comparedBy(logs: readonly ComparedLog[], k: number, options: CompareOptions): Compared {
  const how = { ...options, objective: options.metric, optionNames: OPTION_NAMES }
  if (options.against !== undefined) return compareValue(logs, options.against, k, how)
  if (options.unpaired) return compareUnpaired(logs, k, how)
  return logs.length === 2 ? comparePair(logs, k, how) : compareSeveral(logs, k, how)
}
