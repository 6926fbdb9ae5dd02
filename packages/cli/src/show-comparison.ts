import type { UnscoredPolicy } from '@posttrain/core'
import { isNonInferior, type Difference, type PairedWins } from '@posttrain/estimators'
import { differenceTable, estimateTable, formatEstimate, percent, plain, points, type Unit } from '@posttrain/report'
import type { Block } from './block.js'
import type { Compared, ComparedLog, ComparedPair } from './compared.js'
import { logNotes } from './log-notes.js'

/** What a reader of the figures must know beside them. */
export function comparisonNotes({ notes, estimates }: Compared, logs: readonly ComparedLog[]): string[] {
  const policy: UnscoredPolicy = estimates[0]!.unscoredPolicy
  const ofLogs = logs.flatMap(({ letter, log }) => logNotes(log, policy).map((text) => `${letter}: ${text}`))
  return [...notes, ...ofLogs]
}

/** 1 − level, as it is written. */
const alpha = ({ interval: { level } }: Difference): number => Number((1 - level).toPrecision(3))

/** What a comparison shows. */
export function describeVerdict({ a, b, difference }: ComparedPair): string {
  const { verdict, interval, pValue } = difference
  if (verdict !== 'undecided') return `${b} is credibly ${verdict} than ${a}`
  const text = `${b} is neither credibly better nor worse than ${a}`
  if (interval.lower > 0 || interval.upper < 0) {
    const few =
      difference.discordant === undefined ? '' : `; ${difference.discordant} tasks that differ are too few for p`
    return `${text}: the interval alone leaves out 0${few}`
  }
  return pValue <= alpha(difference) ? `${text}: p alone is small, the interval holds 0` : text
}

/** Whether b is worse than a by less than a margin, and how it is said. */
export function describeMargin({ a, b, difference }: ComparedPair, margin: number): string {
  return isNonInferior(difference, margin)
    ? `${b} is shown to be worse than ${a} by less than ${margin}, if at all: the interval lies above −${margin}`
    : `${b} is not shown to be worse than ${a} by less than ${margin}: the interval does not lie above −${margin}`
}

/** How often b is better than a. */
const describeWins = ({ a, b }: ComparedPair, { better, worse, ties, rate, interval }: PairedWins): string =>
  `${b} is better than ${a} on ${better} tasks, worse on ${worse}, equal on ${ties}: win rate ` +
  `${formatEstimate({ value: rate, interval }, percent)}, ties by half`

/** How estimates and their differences are written: rewards outside [0, 1] are no shares. */
export const unitsOf = (logs: readonly ComparedLog[]): { readonly estimate: Unit; readonly difference: Unit } =>
  logs.every(({ log }) => log.totals.withinUnit)
    ? { estimate: percent, difference: points }
    : { estimate: plain, difference: { ...plain, signed: true } }

/** The estimates, the differences with their tests, and what they show. */
export function comparisonBlocks(
  { kind, estimates, pairs, remarks, conclusions = [] }: Compared,
  logs: readonly ComparedLog[],
  margin: number | undefined,
): readonly Block[] {
  const { name } = estimates[0]!
  const units = unitsOf(logs)
  const verdicts = pairs.flatMap((pair) => [
    describeVerdict(pair),
    ...(margin === undefined ? [] : [describeMargin(pair, margin)]),
  ])
  const wins = pairs.flatMap((pair) => (pair.wins === undefined ? [] : [describeWins(pair, pair.wins)]))
  const rule = `credibly: where the interval leaves out 0 and p ≤ ${alpha(pairs[0]!.difference)}`
  return [
    estimateTable({
      rowHeader: 'system',
      rows: estimates.map((estimate, i) => ({ label: logs[i]!.label, estimates: { [name]: estimate } })),
      unit: units.estimate,
    }),
    differenceTable({
      rowHeader: kind === 'unpaired' || kind === 'value' ? 'difference' : undefined,
      rows: pairs.map(({ a, b, difference }) => ({ label: `${b} − ${a}`, differences: { [name]: difference } })),
      unit: units.difference,
      note: remarks.length > 0 ? remarks.join('; ') : undefined,
    }),
    [...verdicts, rule, ...wins, ...conclusions],
  ]
}

const winsJson = ({ better, worse, ties, rate, interval }: PairedWins): object => ({
  better,
  worse,
  ties,
  rate,
  low: interval.lower,
  high: interval.upper,
})

/** A difference for programs. */
const differenceJson = ({ difference: of, wins }: ComparedPair, margin: number | undefined): object => ({
  difference: of.difference,
  low: of.interval.lower,
  high: of.interval.upper,
  level: of.interval.level,
  method: of.interval.method,
  pValue: of.pValue,
  pValueMethod: of.pValueMethod,
  ...(of.discordant !== undefined && { discordant: of.discordant }),
  verdict: of.verdict,
  ...(wins && { wins: winsJson(wins) }),
  ...(margin !== undefined && { margin, nonInferior: isNonInferior(of, margin) }),
})

/** The figures for programs. */
export function comparisonJson({ kind, estimates, pairs, extra }: Compared, margin: number | undefined): object {
  const { name, unscoredPolicy } = estimates[0]!
  const unscored = estimates.map((estimate) => estimate.unscored)
  const values = estimates.map(({ value }) => value)
  if (kind === 'several') {
    const systems = estimates.map(({ value, tasks }, i) => ({ value, tasks, unscored: unscored[i] }))
    const each = pairs.map((pair) => ({ a: pair.a, b: pair.b, ...differenceJson(pair, margin) }))
    return { metric: name, systems, pairs: each, ...extra, unscoredPolicy }
  }
  return {
    metric: name,
    tasks: kind === 'unpaired' ? { a: estimates[0]!.tasks, b: estimates[1]!.tasks } : estimates[0]!.tasks,
    a: values[0],
    ...(kind !== 'value' && { b: values[1] }),
    ...differenceJson(pairs[0]!, margin),
    ...extra,
    unscored: kind === 'value' ? { a: unscored[0] } : { a: unscored[0], b: unscored[1] },
    unscoredPolicy,
  }
}
