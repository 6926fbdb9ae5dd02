import type { Interval } from '@posttrain/core'
import { RUNS, type ChoicesByDifficulty, type ComparedProcedure, type PromptMeasurements } from './measurements.js'

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')

const percent = (share: number): string => (100 * share).toFixed(1)
const points = (difference: number): string => `${difference < 0 ? '−' : '+'}${percent(Math.abs(difference))}`
const within = ({ lower, upper }: Interval, as: (value: number) => string): string => `${as(lower)} … ${as(upper)}`

/** Each procedure beside the last of its table: what is saved, and what it costs. */
function procedureTable(rows: readonly ComparedProcedure[]): string {
  const widest = rows.at(-1)!.measured
  return table(
    ['procedure', 'solved, %', '95 %', 'samples', 'saved, %', `against ${widest.name}, points`, '95 %'],
    rows.map(({ measured, difference }) => [
      measured.name,
      percent(measured.estimate.value),
      within(measured.estimate.interval, percent),
      measured.samples.toFixed(1),
      percent(1 - measured.samples / widest.samples),
      measured === widest ? '' : points(difference.difference),
      measured === widest ? '' : within(difference.interval, points),
    ]),
  )
}

const choiceTable = ({ choices }: ChoicesByDifficulty): string =>
  table(
    ['budget', 'chosen, easy to hard', 'solved, %', 'at', 'all alike, %', 'at', 'difference, points', '95 %'],
    choices.map(({ budget, report: { choice, chosen, uniform, difference } }) => [
      String(budget),
      choice.procedures.join('; '),
      percent(chosen.value.value),
      chosen.cost.toFixed(0),
      percent(uniform.value.value),
      uniform.cost.toFixed(0),
      points(difference.difference),
      within(difference.interval, points),
    ]),
  )

/** The page on inference procedures that were replayed on real samples. */
export function proceduresDocument(
  prompts: readonly PromptMeasurements[],
  choices: readonly ChoicesByDifficulty[],
): string {
  return `# Inference procedures on samples of GPT-4

Written by \`tools/procedures/write.ts\`; do not edit. The samples are those that the authors of Tree of Thoughts published
(Yao et al. 2023, https://arxiv.org/abs/2305.10601): 100 for each of 100 puzzles of the Game of 24, for two prompts.
\`replayGroups\` gives them to a procedure in an order of chance, so that what it would have answered, and what that would have
cost, is known without asking a model. Procedures with an objective are estimated from all 100 samples; those that stop on what
they drew are run ${RUNS} times on each puzzle. Intervals are over puzzles: 100 of them show differences of five points, not of one.

## Votes

The answer of a sample is its last line. Everything is beside a vote of 40. Samples saved are of those 40.

${prompts.map(({ title, votes }) => `### ${title}\n\n${procedureTable(votes)}`).join('\n\n')}

Adaptive and confident votes lose nothing that these puzzles could show, and save most where samples agree: with the plain
prompt, whose answers repeat themselves, up to a half; with chains of thought, which hardly ever agree, a tenth at most. Eight
trials until three agree are enough for the plain prompt and too few for the other. Dirichlet looks at the votes after every fifth
sample, Beta after each.

## Attempts before a verifier

The verifier is exact, so that the first that passes solves the puzzle, as the best of all does. It stops there.

${prompts.map(({ title, attempts }) => `### ${title}\n\n${procedureTable(attempts)}`).join('\n\n')}

## Which prompt, and how many samples, by difficulty

\`computeOptimal\` parts puzzles into bins by difficulty and chooses prompt and width of best-of-N for each, within a budget of
characters per puzzle (the samples have no token counts), fitted on a half of the puzzles and tested on the other, in turn. The
choice shown is that of all puzzles. Beside it: the plain prompt with one width for all, at the same characters as far as its 32
samples reach. Procedures are measured on samples 51 to 100 of each prompt.

${choices.map((one) => `### Difficulty: ${one.title}\n\n${choiceTable(one)}`).join('\n\n')}

Many puzzles have no success at all among the samples, and share the hardest bin. Chosen by the model's own failures, the gain
over one width for all is shown at the smallest budget alone. Chosen by what is hard for people, nothing is gained: puzzles that
few people solve are not those that this model fails. Fifty puzzles to fit on and fifty to test on do not show more.
`
}
