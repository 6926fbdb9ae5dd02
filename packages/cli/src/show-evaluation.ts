import { familyOf, objectiveName } from '@posttrain/estimators'
import type { LogCost, LogEvaluation, MeasuredObjective, RunSpread, TaskLog } from '@posttrain/logs'
import { estimateTable, percent, plain, type EstimateRow, type Table, type Unit } from '@posttrain/report'
import { logNotes } from './log-notes.js'
import { spreadJson } from './show-runs.js'
import { neededJson } from './show-needed.js'

/** A log, or one of the groups that a log was read as, and what was found in it. */
export interface Part {
  /** What its rows have in common, by field; empty where nothing was grouped by. */
  readonly group: Readonly<Record<string, string | null>>
  readonly log: TaskLog
  readonly evaluation: LogEvaluation
  /** Each metric over the runs, where these are told apart. */
  readonly spread?: readonly RunSpread[] | undefined
}

/** Rewards outside [0, 1] are no shares. */
export const unitOf = (parts: readonly Part[]): Unit =>
  parts.every(({ log }) => log.totals.withinUnit) ? percent : plain

/** For instance `pass@k`, whatever its k. */
export const columnOf = ({ objective }: MeasuredObjective): string => objective.name.replace(/[1-9]\d*/, 'k')

/** For instance `m1, 0.7`. */
export const labelOf = ({ group }: Part): string => labelOfValues(Object.values(group))

/** The same of the values that rows were grouped by; no two groups have one label. */
export const labelOfValues = (values: readonly (string | null | undefined)[]): string =>
  values
    .map((value) => (value === null || value === undefined ? 'none' : labelOfValue(value, values.length)))
    .join(', ')

/** A value as it is, in quotation marks where it could be read as another. */
const labelOfValue = (value: string, fields: number): string =>
  value === '' || value === 'none' || value.startsWith('"') || (fields > 1 && value.includes(', '))
    ? JSON.stringify(value)
    : value

/**
 * What a reader of the figures must know beside them.
 *
 * @param byDefault whether nothing was asked for
 */
export function evaluationNotes(parts: readonly Part[], byDefault: boolean): string[] {
  const notes = parts.map((part) => notesOf(part, byDefault))
  // What is true of every part is said once.
  const isCommon = (text: string): boolean => notes.every((own) => own.includes(text))
  const common = notes[0]!.filter(isCommon)
  const others = parts.flatMap((part, i) =>
    notes[i]!.filter((text) => !isCommon(text)).map((text) => `${labelOf(part)}: ${text}`),
  )
  return [...common, ...others]
}

function notesOf({ evaluation: { measured, leftOut }, log }: Part, byDefault: boolean): string[] {
  const ks = measured.map(({ objective }) => objective.k)
  const notes: string[] = []
  if (byDefault) {
    notes.push(
      `no metric was asked for (--k, --vote, --best-of, --metric): these are --k ${[...new Set(ks)].join(',')}`,
    )
  }
  if (leftOut.length > 0) {
    const short = `${leftOut.length} of ${log.size} tasks have fewer than ${Math.max(...ks)} samples`
    notes.push(`${short} and are left out of every figure`)
  }
  notes.push(...logNotes(log, measured[0]!.estimate.unscoredPolicy))
  if (log.totals.proxied === 0 && measured.some(({ objective }) => familyOf(objective.name) === 'best-of-')) {
    notes.push('the log has no proxies: best-of-N chooses by the reward itself')
  }
  if (log.totals.proxied > 0 && measured.some(({ objective }) => isFirstPassing(objective.name))) {
    notes.push('first-passing@K answers with the first sample whose proxy is at least 1')
  }
  return notes
}

/** Whether it is of the first sample that passes, and its name says no threshold. */
function isFirstPassing(name: string): boolean {
  const { family, number } = objectiveName(name) ?? {}
  return family === 'first-passing@' && number === undefined
}

/** Rows of k × metric under a name. */
const rowsOf = (name: string, measured: readonly MeasuredObjective[]): readonly EstimateRow[] =>
  [...new Set(measured.map(({ objective }) => objective.k))]
    .sort((a, b) => a - b)
    .map((k) => ({
      label: name === '' ? String(k) : `${name}, ${k}`,
      estimates: Object.fromEntries(
        measured.filter(({ objective }) => objective.k === k).map((one) => [columnOf(one), one.estimate]),
      ),
    }))

/** k × metric for each part, and for each tag of it, each with its interval. */
export function evaluationTable(parts: readonly Part[]): Table {
  const tagged = parts.some(({ evaluation }) => evaluation.tags.length > 0)
  const rows = parts.flatMap((part) => {
    const { measured, tags, overTags } = part.evaluation
    const named = (name: string): string => [labelOf(part), ...(tagged ? [name] : [])].filter(Boolean).join(', ')
    return [
      ...tags.flatMap(({ tag, measured }) => rowsOf(named(tag), measured)),
      ...rowsOf(named('mean over tags'), overTags),
      ...rowsOf(named('all tasks'), measured),
    ]
  })
  const rowHeader = [...Object.keys(parts[0]!.group), ...(tagged ? ['tag'] : []), 'k'].join(', ')
  return estimateTable({ rowHeader, rows, unit: unitOf(parts) })
}

/** The figures for programs: of one log, or of each group. */
export function evaluationJson(parts: readonly Part[]): object {
  const [part] = parts as readonly [Part, ...Part[]]
  if (Object.keys(part.group).length === 0) return figuresOf(part)
  return { groups: parts.map((one) => ({ group: one.group, ...figuresOf(one) })) }
}

const figuresOf = ({ evaluation: { measured, costs, tags, overTags }, log, spread }: Part): object => ({
  tasks: log.size,
  ...(log.totals.absent > 0 && { absent: log.totals.absent }),
  samples: log.totals.samples,
  unscored: log.totals.unscored,
  unscoredPolicy: measured[0]!.estimate.unscoredPolicy,
  metrics: measured.map(figureOf),
  ...(spread && { runs: spread.map(spreadJson) }),
  ...(costs.length > 0 && { costs: costs.map(costJson) }),
  ...(tags.length > 0 && {
    tags: tags.map((one) => ({ tag: one.tag, metrics: one.measured.map(figureOf) })),
    meanOverTags: overTags.map(figureOf),
  }),
})

/** A bound that is none, since one task has no interval, is null in JSON. */
const figureOf = ({ estimate: { name, value, interval, tasks }, needed }: MeasuredObjective): object => ({
  name,
  estimate: value,
  low: interval.lower,
  high: interval.upper,
  level: interval.level,
  method: interval.method,
  tasks,
  ...(needed && { needed: neededJson(needed) }),
})

/** A cost for programs. */
const costJson = ({ field, total, samples, perSample: { value, interval, tasks } }: LogCost): object => ({
  field,
  perSample: value,
  low: interval.lower,
  high: interval.upper,
  level: interval.level,
  method: interval.method,
  total,
  samples,
  tasks,
})
