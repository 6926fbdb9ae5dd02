import { invalidArgument, type Procedure } from '@posttrain/core'
import { groupsWithCosts, type CostFields, type TaskLog } from '@posttrain/logs'
import {
  candidateProcedures,
  costQuality,
  costQualityReport,
  costQualityTable,
  recommendation,
  worthUnit,
  type CostQuality,
} from '@posttrain/recipes'
import { measureProcedures, parseProcedure, replayGroups, type Replay } from '@posttrain/sampling'
import { Command } from 'commander'
import { pair } from '../list-options.js'
import { LOG_FORMS, readingOf, withIntervalOptions, withReadingOptions, type LogOptions } from '../log-options.js'
import { finite, integer, notNegative, repeatable } from '../option-parsers.js'
import { nameOfFile, readLogFiles, sourceOf } from '../read-log-files.js'
import { reportFile } from '../report-file.js'
import { markdownOption, showResult, type ResultOptions } from '../show-result.js'

type ReadingOptions = Omit<LogOptions, 'ties' | 'unparsed' | 'unscored' | 'dropShort' | 'expect'>

interface CostQualityOptions extends ReadingOptions, ResultOptions {
  readonly promptTokens?: string | undefined
  readonly completionTokens?: string | undefined
  readonly prices?: readonly [number, number] | undefined
  readonly money?: string | undefined
  readonly seconds?: string | undefined
  readonly procedure?: readonly string[] | undefined
  readonly verifier?: boolean | undefined
  readonly target?: number | undefined
  readonly trainingCost?: number | undefined
  readonly runs: number
  readonly report?: string | undefined
}

const EXAMPLES = `${LOG_FORMS}

Every sample must say what it cost: in money (--money), or in tokens (--completion-tokens, --prompt-tokens) with
--prices for a million of them. Where a log has answers, votes are among the procedures; where it has proxies, choices
by them; with --verifier the score itself is there when deployed. They draw from the samples of the log in an order of
chance.

Examples:
  posttrain run cost-quality samples.jsonl --completion-tokens usage.completion_tokens --prices 0.15,0.6 --target 0.9
  posttrain run cost-quality samples.jsonl --money cost --seconds latency --procedure single --procedure adaptive:40

Exit status: 0 done, 2 wrong input or a machine that failed, 130 stopped.`

/** `posttrain run cost-quality`. */
export const costQualityCommand = (): Command =>
  withIntervalOptions(
    withReadingOptions(
      new Command('cost-quality')
        .summary('which procedure is worth its cost, from a log of samples and prices')
        .description(
          'From sampled answers with scores and costs: what every inference procedure is worth and costs, the cheapest ' +
            'that reaches a target, how large a test must be that can tell, what a staged roll-out takes, and when ' +
            'training pays.',
        )
        .argument('<file...>', 'logs, plain, gzip or zstd; - is standard input')
        .option(
          '--money <field>',
          'the field that says what a sample cost in money (default: tokens and prices say it)',
        )
        .option('--completion-tokens <field>', 'the field that counts the tokens that were drawn')
        .option('--prompt-tokens <field>', 'the field that counts the tokens of the prompt (default: not counted)')
        .option('--prices <prompt,completion>', 'money for a million tokens, for instance 0.15,0.6', pair)
        .option('--seconds <field>', 'the field that says how long a sample took (default: not asked)')
        .option(
          '--procedure <name>',
          'a procedure, the first one being deployed today; may be repeated (default: all that the log allows, one sample first)',
          repeatable,
        )
        .option('--verifier', 'the score can be had when deployed: attempts until one passes (default: it cannot)')
        .option('--target <worth>', 'what must be reached (default: the best, less one hundredth)', finite)
        .option(
          '--training-cost <money>',
          'what it costs to train one sample to be worth as much: when that pays (default: not asked)',
          notNegative,
        )
        .option('--runs <n>', 'runs per task of procedures that stop on what they drew', integer(1), 20),
    ),
  )
    .option('--report <file>', 'write an HTML report (default: none)')
    .option('--json', 'print one JSON object on standard output (default: a table)')
    .addOption(markdownOption())
    .addHelpText('after', EXAMPLES)
    .action(run)

async function run(files: readonly string[], options: CostQualityOptions): Promise<void> {
  const { report, json, markdown, runs, seed, level, target, trainingCost, ...settings } = options
  const fields = costFieldsOf(options)
  const writeReport = report === undefined ? undefined : reportFile(report, files.map(sourceOf))
  const cost = [...new Set([fields.promptTokens, fields.completionTokens, fields.money, fields.seconds])].filter(
    isGiven,
  )
  const reading = readingOf(options)
  const log = await readLogFiles(files, { ...reading, fields: { ...reading.fields, cost }, keepCosts: true })
  const { groups, secondsOf } = groupsWithCosts(log, fields)
  const replay = replayGroups(groups)
  const procedures =
    options.procedure?.map((name) => named(name, replay)) ??
    candidateProcedures(groups, replay, { hasVerifier: options.verifier })
  const samplesPerTask = Math.min(...groups.map(({ samples }) => samples.length))
  const measured = await measureProcedures({ ...replay, procedures, samplesPerTask, runs, seed, secondsOf })
  const { binary } = log.totals
  const found = costQuality({ measured, target, trainingCost, isBinary: binary, level, seed })
  const title = files.map(nameOfFile).join(', ')
  const notes = notesOf(log, samplesPerTask, found)
  const said = recommendation(found, worthUnit(found))
  if (writeReport) {
    const own = { ...settings, runs, seed, level, target, trainingCost }
    writeReport(await costQualityReport(found, { title, notes, settings: own }))
  }
  const blocks = [costQualityTable(found), [said]]
  const figures = { ...found, recommendation: said, notes }
  showResult({ title: `cost-quality: ${title}`, notes, blocks, figures }, { json, markdown })
}

const isGiven = (field: string | undefined): field is string => field !== undefined

function costFieldsOf({ money, promptTokens, completionTokens, seconds, prices }: CostQualityOptions): CostFields {
  if (money !== undefined && prices) {
    throw invalidArgument('both --money and --prices are given', 'one of them says what a sample cost')
  }
  if (money === undefined && !(prices && completionTokens !== undefined)) {
    throw invalidArgument(
      'nothing says what a sample cost',
      'give --money FIELD, or --completion-tokens FIELD with --prices PROMPT,COMPLETION',
    )
  }
  const priced = prices && { prompt: prices[0], completion: prices[1] }
  return { money, promptTokens, completionTokens, seconds, prices: priced }
}

/** A procedure that chooses does so by the proxies of the log; a first that passes by its scores. */
function named(name: string, replay: Replay): Procedure {
  const { answerOf, reward } = replay
  const passes = /^(first-passing|pass@|sprt)/.test(name)
  return parseProcedure(name, { answerOf, by: passes ? { ...reward, name: 'verifier' } : replay.by('proxy') })
}

/** What the figures rest on, and what they do not say. */
function notesOf({ totals }: TaskLog, samplesPerTask: number, { tasks, test }: CostQuality): readonly string[] {
  return [
    `${tasks} tasks with at least ${samplesPerTask} samples each: no procedure here draws more`,
    ...(totals.unscored > 0 ? [`${totals.unscored} samples without a score count as failures`] : []),
    ...(tasks < 30 ? [`${tasks} tasks are few: intervals are wide, and the choice may be another with others`] : []),
    ...(test
      ? ['requests are taken to be like the tasks of the log, and a decision to cost what its samples cost']
      : []),
  ]
}
