import { shown } from '@posttrain/core'
import type { LogRules, OptionNames } from '@posttrain/logs'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { integer } from './option-parsers.js'

/** What every command that measures a log can be told. */
export interface LogOptions extends LogRules {
  readonly json?: boolean | undefined
}

/** What these options are called in hints. */
export const OPTION_NAMES: OptionNames = { dropShort: '--drop-short', unscored: '--unscored' }

/** What a log looks like, for the help. */
export const LOG_FORMS = `
A log is JSON Lines in UTF-8, plain or gzip (- reads standard input), in any of these shapes:
  {"task_id", "reward" | "correct" | "passed", "answer"?, "proxy"?}             a row per sample
  {"task_id", "rewards": [...], "answers"?: [...], "proxies"?: [...]}           a row per task
  {"task_id", "n", "c"}                                                         a row per task: c of n are correct
A score of null, or none, is unscored. Other fields are ignored, but "system" must not differ between rows
(choose one), nor "reference" between the rows of a task.`

/** Adds the options of `LogOptions` to a command. */
export const withLogOptions = (command: Command): Command =>
  command
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
    .option('--drop-short', 'leave out tasks with too few samples instead of refusing them (default: no)')
    .option('--level <share>', 'coverage of the intervals', share, 0.95)
    .option('--seed <n>', 'seed of bootstrap intervals and permutations', integer(0), 0)

const choice = (flags: string, description: string, choices: readonly [string, ...string[]]): Option =>
  new Option(flags, description).choices(choices).default(choices[0])

/** An option's increasing list of whole numbers, for instance `1,8,64`. */
export function integerList(text: string): readonly number[] {
  const values = text.split(',').map(integer(1))
  return [...new Set(values)].sort((a, b) => a - b)
}

function share(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value > 0 && value < 1)) {
    throw new InvalidArgumentError('It must be a number between 0 and 1, for instance 0.95.')
  }
  return value
}

/** Says something on standard error that the figures alone do not. */
export const note = (text: string): boolean => process.stderr.write(`note: ${shown(text, 500)}\n`)
