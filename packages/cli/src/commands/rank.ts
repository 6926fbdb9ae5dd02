import { invalidData } from '@posttrain/core'
import { forEachRow } from '@posttrain/logs'
import { fitBradleyTerry, type FitBradleyTerryOptions } from '@posttrain/rewards'
import { Command, Option } from 'commander'
import { ComparisonCounts } from '../comparison-counts.js'
import { COMPARISON_SHAPES, comparisonOf, type ComparisonFields } from '../comparison-row.js'
import { requireDistinctFiles } from '../distinct-files.js'
import { LogProgress } from '../log-progress.js'
import { positive, share } from '../option-parsers.js'
import { nameOfFile, sourceOf, STANDARD_INPUT } from '../read-log-files.js'
import { rankingBlocks, rankingJson } from '../show-ranking.js'
import { markdownOption, showResult, type ResultOptions } from '../show-result.js'

interface RankOptions
  extends ComparisonFields, ResultOptions, Pick<FitBradleyTerryOptions, 'ties' | 'ridge' | 'level'> {
  readonly relativeTo?: string | undefined
}

const EXAMPLES = `
Rows are in JSON Lines, a JSON array, CSV or Parquet, plain, gzip or zstd (- reads standard input):
${COMPARISON_SHAPES}.

Examples:
  posttrain rank battles.jsonl
  posttrain rank battles.jsonl --relative-to gpt-4 --ties davidson --json
  posttrain rank battles.jsonl --home model_a
  posttrain rank citations.tsv --count freq

Exit status: 0 done, 2 wrong input or a machine that failed, 130 stopped.`

/** `posttrain rank`. */
export const rankCommand = (): Command =>
  new Command('rank')
    .summary('abilities of systems from comparisons of two, with standard errors')
    .description(
      'Fits Bradley–Terry by maximum likelihood: the log-odds by which each item is preferred to a reference. Items that ' +
        'were never compared, even through others, or never lost to any of the others, have no finite ability: they are ' +
        'refused and named.',
    )
    .argument('<file...>', 'comparisons, plain, gzip or zstd; - is standard input')
    .option('--relative-to <item>', 'the item of ability 0 (default: the first that is named)')
    .addOption(
      new Option('--ties <rule>', "a tie is half a win for either, or the third outcome of Davidson's model")
        .choices(['half-wins', 'davidson'])
        .default('half-wins'),
    )
    .option('--count <field>', 'the field that says how often (default: count, or once)')
    .option(
      '--home <field>',
      'the field that names the one of the two with an advantage, model_a for whoever stands first: fitted, too (default: none)',
    )
    .option('--ridge <precision>', 'shrink by a normal prior of this precision (default: none)', positive)
    .option('--level <share>', 'coverage of the intervals', share, 0.95)
    .option('--json', 'print one JSON object on standard output (default: a table)')
    .addOption(markdownOption())
    .addHelpText('after', EXAMPLES)
    .action(rank)

async function rank(files: readonly string[], options: RankOptions): Promise<void> {
  const { relativeTo: reference, home, ties, ridge, level, json, markdown } = options
  requireDistinctFiles(files)
  const counts = await readComparisons(files, options)
  const fit = fitBradleyTerry(counts, { reference, homeAdvantage: home !== undefined, ties, ridge, level })
  const result = {
    title: `rank: ${files.map(nameOfFile).join(', ')}`,
    notes:
      counts.ties > 0 && ties === 'half-wins'
        ? [`${counts.ties} ties count as half a win for either (--ties davidson models them)`]
        : [],
    blocks: rankingBlocks(fit),
    figures: rankingJson(fit),
  }
  showResult(result, { json, markdown })
}

async function readComparisons(files: readonly string[], fields: ComparisonFields): Promise<ComparisonCounts> {
  const counts = new ComparisonCounts()
  const progress = new LogProgress(files.filter((file) => file !== STANDARD_INPUT))
  let [bytes, rows] = [0, 0]
  const onBytes = (more: number): void => progress.update({ bytes: (bytes += more), rows })
  try {
    for (const file of files) {
      const before = rows
      await forEachRow(
        sourceOf(file),
        (row, { name, unit }, number) => {
          counts.add(comparisonOf(row, `${name}, ${unit} ${number}`, fields))
          rows++
        },
        { format: 'rows', onBytes },
      )
      if (rows === before) throw invalidData(`${nameOfFile(file)} is empty`, COMPARISON_SHAPES)
    }
  } finally {
    progress.stop()
  }
  return counts
}
