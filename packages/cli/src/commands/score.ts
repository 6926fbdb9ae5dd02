import { shown, type Outcome } from '@posttrain/core'
import type { PlacedRow } from '@posttrain/logs'
import { Command } from 'commander'
import { requireDistinctFiles } from '../distinct-files.js'
import { note } from '../log-options.js'
import { LogProgress } from '../log-progress.js'
import { integer } from '../option-parsers.js'
import { STANDARD_INPUT } from '../read-log-files.js'
import { fileOutput, noOutput, standardOutput, type ScoreOutput } from '../score-output.js'
import { chosenReward, SCORE_REWARDS } from '../score-rewards.js'
import { scoreRows, type ScoreRowsOptions } from '../score-rows.js'
import { ScoreTally } from '../score-tally.js'
import { ROW_TO_SCORE, type ScoredFields } from '../scored-row.js'
import { cleanUpOnInterrupt } from '../stop-signal.js'

interface ScoreOptions extends ScoredFields {
  readonly reward: string
  readonly out?: string | undefined
  readonly concurrency: number
  readonly json?: boolean | undefined
}

const EXAMPLES = `
Rows are in JSON Lines, a JSON array, CSV or Parquet, plain, gzip or zstd (- reads standard input):
${ROW_TO_SCORE}.
Each is written as JSON with its reward, the answer by which it votes (null for none), or with a reward of null and the
reason in unscored; the result is what evaluate reads. A command that was stopped or killed goes on where it was when it
is given again.

Rewards:
${Object.entries(SCORE_REWARDS)
  .map(([name, { title }]) => `  ${name.padEnd(14)}${title}`)
  .join('\n')}
  ./module.js   exports by default { name, score(task, samples) }, a RewardFunction

Examples:
  posttrain score samples.jsonl --reward math --out scored.jsonl
  posttrain score gsm8k.jsonl --reward ./exact.js --response model_output --reference answer --out scored.jsonl
  posttrain evaluate scored.jsonl --k 1,8 --vote 8

Exit status: 0 done, 2 wrong input or a machine that failed, 130 stopped.`

/** `posttrain score`. */
export const scoreCommand = (): Command =>
  new Command('score')
    .summary('the rewards of answers, by a verifier or a module of your own')
    .description(
      'Judges the response of each row by a reward and writes the row with what it found. Nothing that cannot be judged ' +
        'becomes a 0: such a row is unscored, with the reason. So is a row without the reference that the reward needs, ' +
        'unless no row has it: that is an error.',
    )
    .argument('<file...>', 'rows, plain, gzip or zstd; - is standard input')
    .requiredOption('--reward <name>', `${Object.keys(SCORE_REWARDS).join(', ')} or a module (required)`)
    .option('--id <field>', 'the field that names the task; of any field, a path is a.b (default: task_id)')
    .option('--response <field>', 'the field that is judged (default: response, completion or answer)')
    .option('--reference <field>', 'the field that is the right answer, or the tests (default: tests or reference)')
    .option('--out <file>', 'the file to write (default: standard output)')
    .option('--concurrency <n>', 'rows that the reward is asked of at the same time', integer(1), 8)
    .option('--json', 'print { rows, scored, unscored, mean_reward } on standard output instead of rows (default: no)')
    .addHelpText('after', EXAMPLES)
    .action(score)

async function score(files: readonly string[], options: ScoreOptions): Promise<void> {
  const { out, json = false, id, response, reference } = options
  requireDistinctFiles(files, out)
  const { reward, source, concurrency } = await chosenReward(options.reward, options.concurrency)
  const names = { id, response, reference }
  const to =
    out === undefined ? (json ? noOutput : standardOutput(names)) : fileOutput(out, names, [files, source, names])
  const done = cleanUpOnInterrupt(to.keep)
  let tally: ScoreTally
  try {
    tally = await scoreTo(to, files, { reward, names, concurrency })
    if (tally.refusal === undefined) to.finish()
    else to.discard()
  } catch (error) {
    to.keep()
    throw error
  } finally {
    done()
  }
  if (tally.refusal) throw tally.refusal
  show(tally, options)
}

async function scoreTo(
  to: ScoreOutput,
  files: readonly string[],
  how: Pick<ScoreRowsOptions, 'reward' | 'names' | 'concurrency'>,
): Promise<ScoreTally> {
  const tally = new ScoreTally()
  const progress = new LogProgress(
    files.filter((file) => file !== STANDARD_INPUT),
    'scoring',
  )
  let [bytes, read] = [0, 0]
  const known = (row: PlacedRow): Outcome | undefined => {
    read++
    return to.known(row)
  }
  try {
    for await (const scored of scoreRows(files, { ...how, known, onBytes: (more) => (bytes += more) })) {
      if (!scored.isKnown) await to.add(scored.row, scored.outcome)
      tally.add(scored)
      progress.update({ bytes: (bytes * tally.rows) / read, rows: tally.rows })
    }
  } finally {
    progress.stop()
  }
  return tally
}

function show({ rows, scored, unscored, meanReward, firstUnscored }: ScoreTally, { out, json }: ScoreOptions): void {
  if (firstUnscored !== undefined) {
    note(`${unscored} of ${rows} rows are unscored, the first ${firstUnscored.where}: ${firstUnscored.reason}`)
  }
  if (json) {
    process.stdout.write(`${JSON.stringify({ rows, scored, unscored, mean_reward: meanReward ?? null })}\n`)
    return
  }
  const text = `${rows} rows, ${scored} scored, ${unscored} unscored, mean reward ${meanReward?.toFixed(4) ?? 'unknown'}`
  if (out === undefined) note(text)
  else process.stdout.write(`${text}; wrote ${shown(out)}\n`)
}
