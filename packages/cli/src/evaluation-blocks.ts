import type { Block } from './block.js'
import { costTables } from './show-costs.js'
import { evaluationTable, labelOf, unitOf, type Part } from './show-evaluation.js'
import { describeSpread, SPREAD_OVER_RUNS } from './show-runs.js'
import { describeNeeded, INDEPENDENT_SYSTEMS } from './show-needed.js'

/** The table, what is said of it, and what samples cost. @param runs what tells runs apart, where something does */
export function evaluationBlocks(parts: readonly Part[], runs?: string): readonly Block[] {
  const lines = [...neededLines(parts), ...spreadLines(parts, runs)]
  return [evaluationTable(parts), ...(lines.length > 0 ? [lines] : []), ...costTables(parts)]
}

/** What finds a difference, for each metric that was asked it. */
function neededLines(parts: readonly Part[]): readonly string[] {
  const lines = parts.flatMap((part) =>
    part.evaluation.measured.flatMap(({ estimate, needed }) => {
      const of = nameIn(part, estimate.name)
      return needed === undefined ? [] : [describeNeeded(needed, of, estimate)]
    }),
  )
  return lines.length === 0 ? [] : [...lines, INDEPENDENT_SYSTEMS]
}

function spreadLines(parts: readonly Part[], runs: string | undefined): readonly string[] {
  if (runs === undefined) return []
  const unit = unitOf(parts)
  const lines = parts.flatMap((part) => [
    ...(part.spread ?? []).map((spread) => describeSpread(spread, runs, nameIn(part, spread.name), unit)),
    ...withoutSpread(part),
  ])
  return [...new Set(lines), SPREAD_OVER_RUNS]
}

/** Metrics of more samples than a run has. */
function withoutSpread({ evaluation: { measured }, spread = [] }: Part): readonly string[] {
  const names = measured.map(({ estimate }) => estimate.name).filter((name) => spread.every((one) => one.name !== name))
  return names.length === 0 ? [] : [`a run has too few samples of a task for ${names.join(', ')}`]
}

/** For instance `pass@1 of m1`. */
const nameIn = (part: Part, metric: string): string => [metric, labelOf(part)].filter(Boolean).join(' of ')
