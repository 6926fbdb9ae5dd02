import { estimateTable, formatEstimate, percent, points, type Table } from '@posttrain/report'
import { game24Pattern } from '../game24/pattern.js'
import { measurePatternSelection, type PatternSelection } from '../pattern-selection/measure.js'
import { solvablePolicy, type PredictedShare } from '../pattern-selection/solvable-policy.js'
import { BASELINE } from '../run/experiment.js'
import type { Study, StudyAnalysis, StudyRun } from './study.js'

const ALGORITHM = 'mean'

/** Whether training chooses other patterns, or becomes better at those it had. */
export const patternSelection: Study = {
  name: 'pattern-selection',
  title: 'Patterns before and after training',
  paper:
    'On the mechanism of reasoning pattern selection in reinforcement learning for language models (arXiv 2506.04695)',
  claim:
    'Training on verifiable rewards raises success mostly by choosing patterns that succeed more often, and less by ' +
    'succeeding more often within a pattern.',
  recipe: 'game24',
  algorithms: [ALGORITHM],
  full: { seeds: 5, samplesPerTask: 64 },
  quick: { seeds: 3, steps: 60, samplesPerTask: 64, heldOutTasks: 100 },
  analyse,
}

/** Policies that start in the fast and in the slow regime, with the shares and successes of known solutions. */
const SOLVABLE = [
  { name: 'fast regime', shares: [0.5, 0.3, 0.2], rewards: [0.9, 0.4, 0.3], rate: 0.25, steps: 40 },
  { name: 'slow regime', shares: [0.05, 0.7, 0.25], rewards: [0.9, 0.6, 0.1], rate: 0.5, steps: 40 },
] as const

async function analyse(runs: readonly StudyRun[]): Promise<StudyAnalysis> {
  const measured = runs.map(({ groups }) => ({ before: groups.get(BASELINE)!, after: groups.get(ALGORITHM)! }))
  const bySeed = measured.map(({ before, after }) =>
    measurePatternSelection(before, after, { classify: game24Pattern }),
  )
  const all = measurePatternSelection(
    measured.flatMap(({ before }) => before),
    measured.flatMap(({ after }) => after),
    { classify: game24Pattern },
  )
  const solvable = []
  for (const { name, ...training } of SOLVABLE)
    solvable.push({ name, shares: await solvablePolicy({ ...training, seed: 1 }) })
  return {
    verdict: [splitSentence(all), regimeSentence(all), ...solvable.map(agreementSentence)],
    sections: [
      { kind: 'table', title: 'Patterns: how 24 is finally made', table: patternTable(all) },
      { kind: 'table', title: 'Selection and execution, seed by seed', table: seedTable(bySeed, runs) },
      ...solvable.map(
        ({ name, shares }) =>
          ({ kind: 'table', title: `A policy that can be solved: ${name}`, table: solvableTable(shares) }) as const,
      ),
    ],
    figures: { all, bySeed, solvable },
  }
}

function splitSentence({ split }: PatternSelection): string {
  const { selection, execution, change, lead } = split
  const what = `${formatEstimate({ value: change.difference, interval: change.interval }, points)} of success`
  const parts =
    `${formatEstimate(selection, points)} are due to choosing other patterns and ${formatEstimate(execution, points)} to ` +
    `succeeding more often within them`
  if (lead.interval.lower > 0) return `Selection accounts for most of the change, as is claimed: of ${what}, ${parts}.`
  if (lead.interval.upper < 0)
    return `Execution accounts for most of the change, against the claim: of ${what}, ${parts}.`
  return `Which of the two accounts for more is open: of ${what}, ${parts}.`
}

function regimeSentence({ regime }: PatternSelection): string {
  const { kind, best, slow, reason, support } = regime
  const surely = `in ${percentOf(support)} of resamples of the tasks`
  if (kind === 'open')
    return `By the checkpoint's samples the theorems say nothing of the regime (${reason!}), ${surely}.`
  const gamma = slow ? `, with ${slow.rival ?? 'no pattern'} before it and γ = ${slow.gamma.toFixed(2)}` : ''
  return `By the checkpoint's samples the regime is ${kind}: the best pattern is ${best ?? 'none'}${gamma}, ${surely}.`
}

const percentOf = (share: number): string => `${Math.round(100 * share)} %`

const isWithin = ({ predicted, interval }: PredictedShare): boolean =>
  interval.lower <= predicted && predicted <= interval.upper

function agreementSentence({
  name,
  shares,
}: {
  readonly name: string
  readonly shares: readonly PredictedShare[]
}): string {
  const agreeing = shares.filter(isWithin).length
  return (
    `${name.charAt(0).toUpperCase()}${name.slice(1)}, on the policy that can be solved: ${agreeing} of ${shares.length} ` +
    `final shares that the gradient flow predicts are within the ${percentOf(shares[0]!.interval.level)} interval of those observed.`
  )
}

function patternTable({ split }: PatternSelection): Table {
  const share = (value: number | undefined): string =>
    value === undefined ? '' : (100 * value).toFixed(1).replace('-', '−')
  const right = (header: string) => ({ header, align: 'right' as const })
  return {
    columns: [
      { header: 'pattern' },
      right('share before, %'),
      right('share after, %'),
      right('success before, %'),
      right('success after, %'),
      right('selection, pp'),
      right('execution, pp'),
    ],
    rows: split.patterns.map((one) => [
      one.pattern ?? 'none: not finished',
      share(one.shareBefore),
      share(one.shareAfter),
      share(one.successBefore),
      share(one.successAfter),
      share(one.selection),
      share(one.execution),
    ]),
    note: 'all seeds together; the two effects of all patterns add up to the change; intervals above are over tasks, for these seeds',
  }
}

const seedTable = (bySeed: readonly PatternSelection[], runs: readonly StudyRun[]): Table =>
  estimateTable({
    rowHeader: 'run',
    unit: points,
    rows: bySeed.map(({ split: { change, selection, execution }, tasks }, i) => ({
      label: `seed ${runs[i]!.seed}`,
      estimates: {
        change: { value: change.difference, interval: change.interval, tasks },
        selection: { ...selection, tasks },
        execution: { ...execution, tasks },
      },
    })),
  })

function solvableTable(shares: readonly PredictedShare[]): Table {
  const right = (header: string) => ({ header, align: 'right' as const })
  return {
    columns: [
      { header: 'pattern' },
      right('success'),
      right('share at first'),
      right('predicted'),
      right('observed'),
      { header: 'agrees' },
    ],
    rows: shares.map((one, i) => [
      `${i + 1}`,
      `${(100 * one.reward).toFixed(0)} %`,
      `${(100 * one.start).toFixed(0)} %`,
      `${(100 * one.predicted).toFixed(2)} %`,
      formatEstimate({ value: one.observed, interval: one.interval }, { ...percent, digits: 2 }),
      isWithin(one) ? 'yes' : 'no',
    ]),
    note: 'a softmax table over three patterns, trained online on 40 prompts with 64 samples each; intervals of 99 % over prompts',
  }
}
