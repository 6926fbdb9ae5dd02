import { invalidArgument, shown } from '@posttrain/core'
import { renderReviewPage } from '@posttrain/report'
import { probeReward, summariseReview, type PickOptions, type ReviewRow } from '@posttrain/rewards'
import { Command } from 'commander'
import { requireDistinctFiles } from '../distinct-files.js'
import { note } from '../log-options.js'
import { finite, integer, share } from '../option-parsers.js'
import { outputFile } from '../output-file.js'
import { nameOfFile, sourceOf } from '../read-log-files.js'
import { readVerdicts } from '../read-verdicts.js'
import { reportFile } from '../report-file.js'
import { reviewQueue } from '../review-queue.js'
import { groupsOfInputs, readReviewInputs, type ReviewInputs } from '../review-rows.js'
import { rowLine } from '../row-line.js'
import type { ScoredFields } from '../scored-row.js'
import { reviewBlocks, reviewJson } from '../show-review.js'
import { markdownOption, showResult, type ResultOptions } from '../show-result.js'

interface ReviewOptions extends ScoredFields, ResultOptions {
  readonly pick: number
  readonly control: number
  readonly seed: number
  readonly against?: string | undefined
  readonly threshold: number
  readonly level: number
  readonly report: string
  readonly out?: string | undefined
  readonly verdicts?: string | undefined
}

const EXAMPLES = `
Rows are as score writes them: {task_id, response, reference, reward, answer}, in JSON Lines, a JSON array, CSV or
Parquet, plain, gzip or zstd. Rows with why and weight were picked before: all of them are reviewed.

Picked are samples whose answer got two verdicts, that a second verdict contradicts (--against), that bear signs of
being after the verdict, whose answer is rewarded on more tasks than can have it, near the threshold, or unscored. The
others are drawn at random, and each row says for how many it stands: so the verdicts tell how often the reward is
wrong on all samples.

Examples:
  posttrain review scored.jsonl --pick 50
  posttrain review scored.jsonl --pick 50 --against other-verifier --out queue.jsonl --report queue.html
  posttrain review scored.jsonl --verdicts verdicts.jsonl --out gold.jsonl

Exit status: 0 done, 2 wrong input or a machine that failed, 130 stopped.`

/** `posttrain review`. */
export const reviewCommand = (): Command =>
  new Command('review')
    .summary('samples for a person to judge, as a page; what the verdicts say of the reward')
    .description(
      'Picks the scored samples most worth a look, beside a random control, and writes a page in which a person judges ' +
        'them by keyboard. With --verdicts reads back what the page gave, and estimates how often the reward is wrong.',
    )
    .argument('<file...>', 'scored rows; - is standard input')
    .option('--pick <n>', 'rows to pick', integer(1), 50)
    .option('--control <share>', 'least share of them that is drawn at random', share, 0.4)
    .option('--seed <n>', 'of the draw', integer(0), 0)
    .option('--against <part>', 'the part that is a second verdict (default: none)')
    .option('--threshold <reward>', 'a reward from here on accepts', finite, 0.5)
    .option('--report <file>', 'the page to write', 'review.html')
    .option('--verdicts <file>', 'what the page gave: prints a summary instead of writing a page (default: none)')
    .option(
      '--out <file>',
      'rows to write: those picked; with --verdicts those judged, with their gold (default: none)',
    )
    .option('--level <share>', 'coverage of the intervals', share, 0.95)
    .option('--id <field>', 'the field that names the task; of any field, a path is a.b (default: task_id)')
    .option('--response <field>', 'the field that is judged (default: response, completion or answer)')
    .option('--reference <field>', 'the field that is the right answer, or the tests (default: tests or reference)')
    .option('--json', 'print one JSON object on standard output (default: a table)')
    .addOption(markdownOption())
    .addHelpText('after', EXAMPLES)
    .action(review)

async function review(files: readonly string[], options: ReviewOptions): Promise<void> {
  const { verdicts, out, id, response, reference } = options
  requireDistinctFiles(verdicts === undefined ? files : [...files, verdicts], out)
  const write = out === undefined ? undefined : outputFile(out, '--out')
  if (verdicts !== undefined) {
    await summarise(files, verdicts, write, options)
    return
  }
  if (out === options.report) throw invalidArgument(`--out and --report are both ${shown(out)}`, 'name two files')
  const writePage = reportFile(options.report, files.map(sourceOf))
  const inputs = await readReviewInputs(files, { id, response, reference })
  const rows = reviewQueue(inputs, pickOptions(options))
  writePage(renderReviewPage(`Review of ${files.map(nameOfFile).join(', ')}`, rows))
  write?.(linesOf(rows))
  showPicked(files, inputs, rows, options)
}

const pickOptions = ({ pick: count, control, seed, against: truth, threshold }: ReviewOptions): PickOptions => ({
  count,
  control,
  seed,
  truth,
  threshold,
})

const linesOf = (rows: readonly object[]): string =>
  rows.map((row, i) => `${rowLine({ ...row }, `row ${i + 1}`)}\n`).join('')

function showPicked(
  files: readonly string[],
  inputs: ReviewInputs,
  rows: readonly ReviewRow[],
  { threshold, level, report, out, json, markdown }: ReviewOptions,
): void {
  const { suspicions } = probeReward(groupsOfInputs(inputs), { threshold, level })
  const counts = new Map<string, number>()
  for (const { why } of rows) for (const reason of why) counts.set(reason, (counts.get(reason) ?? 0) + 1)
  const wrote = [report, ...(out === undefined ? [] : [out])].map((file) => shown(file)).join(' and ')
  const result = {
    title: `review: ${files.map(nameOfFile).join(', ')}`,
    notes: suspicions,
    blocks: [
      [
        `${rows.length} of ${inputs.size} samples: ${[...counts].map(([reason, n]) => `${n} ${reason}`).join(', ')}`,
        `wrote ${wrote}`,
      ],
    ],
    figures: {
      samples: inputs.size,
      picked: rows.length,
      byReason: Object.fromEntries(counts),
      suspicions,
      report,
      out,
    },
  }
  showResult(result, { json, markdown })
}

async function summarise(
  files: readonly string[],
  verdicts: string,
  write: ((content: string) => void) | undefined,
  options: ReviewOptions,
): Promise<void> {
  const { threshold, level, json, markdown, id, response, reference } = options
  const judged = await readVerdicts(verdicts, await readReviewInputs(files, { id, response, reference }))
  const summary = summariseReview(
    judged.map(({ row }) => row),
    { threshold, level },
  )
  const gold = judged
    .filter(({ row }) => row.gold !== undefined)
    .map(({ input, row: { index, gold, note: said, why, weight } }) => ({
      ...input.fields,
      ...{ index, gold, ...(said !== undefined && { note: said }), why, weight },
    }))
  write?.(linesOf(gold))
  if (summary.notJudged > 0)
    note(`${summary.notJudged} rows were not judged, and are taken to be as the others of their kind`)
  showResult(
    {
      title: `review: ${files.map(nameOfFile).join(', ')}`,
      notes: [],
      blocks: reviewBlocks(summary),
      figures: reviewJson(summary),
    },
    { json, markdown },
  )
}
