import { shown } from '@posttrain/core'
import type { FieldNames, LogRules, OptionNames, ReadLogOptions, ReadSource } from '@posttrain/logs'
import { Option, type Command } from 'commander'
import { assignment, textList, worths } from './list-options.js'
import { finite, integer, share } from './option-parsers.js'

/** What every command that measures a log can be told. */
export interface LogOptions
  extends
    LogRules,
    FieldNames,
    Pick<ReadLogOptions, 'format' | 'stopping' | 'verdicts' | 'threshold' | 'blanks' | 'canonical' | 'where' | 'pool'> {
  readonly expect?: string | undefined
  readonly json?: boolean | undefined
}

/** What these options are called in hints. */
export const OPTION_NAMES: OptionNames = {
  format: '--format',
  id: '--id',
  score: '--score',
  sample: '--sample',
  cost: '--cost',
  where: '--where',
  runs: '--runs',
  groupBy: '--group-by',
  pool: '--pool',
  verdicts: '--verdicts',
  threshold: '--threshold',
  stopping: '--stopping',
  dropShort: '--drop-short',
  unscored: '--unscored',
}

/** What a log looks like, for the help. */
export const LOG_FORMS = `
A log is of another tool (posttrain convert --help lists them), or holds rows in JSON Lines, a JSON array, CSV or
Parquet, plain, gzip or zstd (- reads standard input), in any of these shapes:
  {"task_id", "reward" | "correct" | "passed", "answer"?, "proxy"?}             a row per sample
  {"task_id", "rewards": [...], "answers"?: [...], "proxies"?: [...]}           a row per task
  {"task_id", "n", "c"}                                                         a row per task: c of n are correct
A score of null, or none, is unscored. Rows of the same task and "sample" (or "epoch", "trial", "attempt" ...) are one
sample. Rows must not differ in what they are of ("model", "filter", "temperature" ...), nor rows of a task in what it
asks ("prompt", "reference"), unless --where chooses or --pool mixes them. Other fields are ignored.`

/** What `readLog` is told. */
export const readingOf = (options: LogOptions): ReadLogOptions => {
  const { id, score, answer, sample, cluster, weight, tag, cost } = options
  const { format, stopping, verdicts, threshold, blanks, canonical, where, pool } = options
  const fields = { id, score, answer, sample, cluster, weight, tag, cost }
  const values = { verdicts, threshold, blanks, canonical }
  return { format, fields, ...values, stopping, where, pool, onSource: noteSource, optionNames: OPTION_NAMES }
}

/** Says as what a file was read where that is not plain rows. */
function noteSource(name: string, { format, mainScore }: ReadSource): void {
  if (format !== 'rows') note(`${name} is read as ${format}`)
  if (mainScore !== undefined) {
    note(`the score is ${mainScore}, which the file itself names first; choose another with --score`)
  }
}

/** Adds the options that say how rows are read. */
export const withReadingOptions = (command: Command): Command =>
  command
    .option('--id <field>', 'the field that names the task; of any field, a path is a.b (default: task_id)')
    .option('--score <field>', 'the field that is the score (default: reward, correct or passed)')
    .option('--answer <field>', 'the field that is the answer (default: answer)')
    .option(
      '--sample <field>',
      'the field that numbers the samples of a task; none: every row is another (default: sample, epoch, trial ...)',
    )
    .option(
      '--where <field=value>',
      'take only the rows with this value; may be repeated (default: all rows)',
      assignment,
    )
    .option('--pool <fields>', 'mix rows that differ in these fields (default: refuse them)', textList)
    .option(
      '--verdicts <text=worth,...>',
      'what scores are worth, C=1,I=0,P=0.5,N=null for instance (default: numbers, true and false)',
      worths,
    )
    .option(
      '--threshold <score>',
      'scores of at least this are correct, the others wrong (default: as they are)',
      finite,
    )
    .option('--blanks <texts>', 'texts that are no answer, and no vote (default: empty, [invalid] ...)', textList)
    .addOption(
      choice(
        '--canonical <form>',
        'answers are one that differ only in case and spaces; also in a number; in formulas',
        ['none', 'text', 'number', 'math'],
      ),
    )
    .option('--format <name>', 'the format of the files (default: as their content shows)')

/** Adds the options of intervals: their coverage, and the seed of those that draw. */
export const withIntervalOptions = (command: Command): Command =>
  command
    .option('--level <share>', 'coverage of the intervals', share, 0.95)
    .option('--seed <n>', 'seed of bootstrap intervals and permutations', integer(0), 0)

/** Adds the options of `LogOptions` to a command. */
export const withLogOptions = (command: Command): Command =>
  withIntervalOptions(
    withReadingOptions(command)
      .option('--cluster <field>', 'what makes tasks dependent, for instance their passage (default: none are)')
      .option('--weight <field>', 'the weight of a task (default: all count alike)')
      .addOption(
        choice('--stopping <rule>', 'numbers of samples: fixed beforehand, or until the first success; auto looks', [
          'auto',
          'fixed',
          'first-pass',
        ]),
      )
      .option(
        '--expect <tasks>',
        'the tasks that there should be, a number or a file with a row for each: absent ones have no score (default: those found)',
      )
      .addOption(
        choice('--ties <rule>', 'votes: a tie is shared, scores 0, or goes to the answer seen first', [
          'share',
          'strict',
          'first',
        ]),
      )
      .addOption(
        choice('--unparsed <rule>', 'votes: samples without an answer abstain, vote as one answer, or are each wrong', [
          'abstain',
          'vote',
          'wrong',
        ]),
      )
      .addOption(
        choice('--unscored <policy>', 'what becomes of samples without a score', [
          'count-as-failure',
          'exclude',
          'throw',
        ]),
      )
      .option('--drop-short', 'leave out tasks with too few samples instead of refusing them (default: no)'),
  )

const choice = (flags: string, description: string, choices: readonly [string, ...string[]]): Option =>
  new Option(flags, description).choices(choices).default(choices[0])

/** Says something on standard error that the figures alone do not. */
export const note = (text: string): boolean => process.stderr.write(`note: ${shown(text, 500)}\n`)
