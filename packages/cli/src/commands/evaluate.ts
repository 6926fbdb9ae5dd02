import { evaluateLog, readsAnswers, spreadOverRuns, type LogGroup, type LogRow, type TaskLog } from '@posttrain/logs'
import { Command } from 'commander'
import { atLeastGate, leastBounds, type LeastBounds } from '../at-least.js'
import { evaluationBlocks } from '../evaluation-blocks.js'
import { evaluationReport } from '../evaluation-report.js'
import { expectationOf, sourcesOf } from '../expected-tasks.js'
import { integerList, textList } from '../list-options.js'
import { evaluationSuites } from '../junit-evaluation.js'
import { junitFile } from '../junit-file.js'
import { LOG_FORMS, OPTION_NAMES, readingOf, withLogOptions, type LogOptions } from '../log-options.js'
import { requireMetric } from '../metric-names.js'
import { positive } from '../option-parsers.js'
import { nameOfFile, readLogFileGroups } from '../read-log-files.js'
import { reportFile } from '../report-file.js'
import { ReportTasks } from '../report-tasks.js'
import { evaluationJson, evaluationNotes, labelOfValues, type Part } from '../show-evaluation.js'
import { markdownOption, showResult, type ResultOptions } from '../show-result.js'

/** Metrics by kind. */
interface Asked {
  readonly k?: readonly number[] | undefined
  readonly vote?: readonly number[] | undefined
  readonly bestOf?: readonly number[] | undefined
  readonly metric?: readonly string[] | undefined
}

interface EvaluateOptions extends LogOptions, ResultOptions, Asked {
  readonly groupBy?: readonly string[] | undefined
  readonly report?: string | undefined
  readonly detect?: number | undefined
  readonly runs?: string | undefined
  readonly atLeast?: LeastBounds | undefined
}

const EXAMPLES = `${LOG_FORMS}

Examples:
  posttrain evaluate samples.jsonl --k 1,8,64
  posttrain evaluate shard-*.jsonl.gz --vote 8,32 --ties strict --report report.html
  posttrain evaluate rewards.jsonl --best-of 4,16 --json
  posttrain evaluate math.jsonl --metric G-Pass@16_0.75,agreement
  posttrain evaluate samples.jsonl --at-least pass@8=0.9 --markdown --junit results.xml
  posttrain evaluate results.jsonl --id doc_id --score scores.match.value --group-by model,temperature

Exit status: 0 done, 2 wrong input or a machine that failed, 130 stopped. With --at-least 1 if a bound is not reached.`

/** `posttrain evaluate`. */
export const evaluateCommand = (): Command =>
  withLogOptions(
    new Command('evaluate')
      .summary('pass@k, majority votes and best-of-N, with intervals, from a log of scored samples')
      .description(
        'Reads sampled answers with their scores, one log in one or several files, and estimates without bias what the ' +
          'model does behind a verifier, a vote or a choice of the best. Intervals are over tasks.',
      )
      .argument('<file...>', 'logs, plain, gzip or zstd; - is standard input')
      .option(
        '--k <list>',
        'pass@K and pass^K: one, or all, of K samples are right (default: of 1,8,64 and all)',
        integerList,
      )
      .option('--vote <list>', 'maj@K: the answer that most of K samples give (default: none)', integerList)
      .option(
        '--best-of <list>',
        'best-of-N: the sample with the highest proxy among N, or the highest reward (default: none)',
        integerList,
      )
      .option(
        '--metric <names>',
        'any metrics: mean, pass@K, pass^K, G-Pass@K_TAU, mG-Pass@K, max@K, maj@K, weighted-maj@K, ' +
          'borda@K^POWER and logprob-maj@K (by the proxy), agreement (of two samples), best-of-K, first-passing@K, ' +
          'first-passing@K≥THRESHOLD (default: none)',
        textList,
      )
      .option(
        '--at-least <bounds>',
        'end with exit status 1 unless the lower bounds of these metrics reach this, pass@8=0.9 for instance (default: none)',
        leastBounds,
      )
      .option(
        '--group-by <fields>',
        'a result for each value of these fields, model for instance (default: none)',
        textList,
      )
      .option(
        '--detect <difference>',
        'tasks, or samples per task, that would show such a difference from another system, 0.02 for 2 pp (default: none)',
        positive,
      )
      .option('--runs <field>', 'what tells runs of the same tasks apart, seed: their spread (default: not asked)')
      .option(
        '--cost <fields>',
        'what a sample cost in these fields, cost or usage.total_tokens for instance: mean and sum (default: not asked)',
        textList,
      )
      .option('--tag <field>', 'a result for the tasks of each value too, and the mean over values (default: none)'),
  )
    .option(
      '--report <file>',
      'write an HTML report: charts of k and of the tasks, and the samples themselves (default: none)',
    )
    .option('--json', 'print one JSON object on standard output (default: a table)')
    .addOption(markdownOption())
    .option('--junit <file>', 'write JUnit XML: a case for each bound of --at-least, and each task (default: none)')
    .addHelpText('after', EXAMPLES)
    .action(evaluate)

async function evaluate(files: readonly string[], options: EvaluateOptions): Promise<void> {
  const { report, json, markdown, junit, ...settings } = options
  const { groupBy = [], atLeast } = settings
  const sources = sourcesOf(files, options)
  const writeReport = report === undefined ? undefined : reportFile(report, sources)
  const writeJUnit = junit === undefined ? undefined : junitFile(junit, sources, report)
  const { runs } = options
  const metric = [...(options.metric ?? []), ...Object.keys(atLeast ?? {})]
  metric.forEach(requireMetric)
  const keepAnswers = options.vote !== undefined || metric.some(readsAnswers)
  const listed = new ReportTasks()
  const onRow =
    writeReport && ((row: LogRow, values: LogGroup['values']): void => listed.add(row, labelOfValues(values)))
  const groups = await readLogFileGroups(files, { ...readingOf(options), groupBy, runs, keepAnswers, onRow })
  const rules = { ...options, curve: writeReport !== undefined, optionNames: OPTION_NAMES }
  const expect = await expectationOf(options)
  const parts = groups.map((group): Part => {
    const [log] = expect([group.log]) as [TaskLog]
    const evaluation = evaluateLog(log, { ...rules, objectives: objectivesOf({ ...options, metric }, log) })
    const part = { group: valuesOf(group, groupBy), log, evaluation }
    if (runs === undefined) return part
    const objectives = evaluation.measured.map(({ objective }) => objective.name)
    const ofRuns = group.runs.map((one) => ({ ...one, log: expect([one.log])[0]! }))
    return { ...part, spread: spreadOverRuns(ofRuns, { ...rules, objectives }) }
  })
  const notes = evaluationNotes(parts, ![options.k, options.vote, options.bestOf, metric[0]].some(Boolean))
  const title = files.map(nameOfFile).join(', ')
  const gate = atLeast && atLeastGate(parts, atLeast)
  if (writeReport) writeReport(await evaluationReport(parts, { title, listed, notes, settings, runs, gate }))
  const blocks = evaluationBlocks(parts, runs)
  const result = { title: `evaluate: ${title}`, notes, blocks, figures: evaluationJson(parts), gate }
  writeJUnit?.('posttrain evaluate', evaluationSuites(result, parts))
  showResult(result, { json, markdown })
}

/** What a group has in common, by field. */
const valuesOf = ({ values }: LogGroup, fields: readonly string[]): Part['group'] =>
  Object.fromEntries(fields.map((field, i) => [field, values[i] ?? null]))

/** Names of what was asked for; undefined for nothing. Where tries end at a success, pass^K is known of one alone. */
function objectivesOf(
  { k = [], vote = [], bestOf = [], metric = [] }: Asked,
  { totals }: TaskLog,
): readonly string[] | undefined {
  const names = [
    ...k.map((k) => `pass@${k}`),
    ...k.filter((k) => k === 1 || totals.stoppedAt === undefined).map((k) => `pass^${k}`),
    ...vote.map((k) => `maj@${k}`),
    ...bestOf.map((n) => `best-of-${n}`),
    ...metric,
  ]
  return names.length > 0 ? [...new Set(names)] : undefined
}
