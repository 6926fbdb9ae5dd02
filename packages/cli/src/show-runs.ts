import type { RunSpread } from '@posttrain/logs'
import { percent, type Unit } from '@posttrain/report'

/**
 * How a metric varies over runs, as a sentence.
 *
 * @param field what tells runs apart
 * @param of what is measured, for instance `pass@1`
 */
export function describeSpread({ runs, mean, deviation }: RunSpread, field: string, of: string, unit: Unit): string {
  const [lowest] = [...runs].sort((a, b) => a.value - b.value) as [RunSpread['runs'][0]]
  const [highest] = [...runs].sort((a, b) => b.value - a.value) as [RunSpread['runs'][0]]
  const written = (value: number, symbol = unit.symbol): string =>
    `${(value * unit.scale).toFixed(unit.digits)} ${symbol}`.trimEnd()
  const spread = written(deviation, unit === percent ? 'pp' : unit.symbol)
  return (
    `${of} over ${runs.length} runs (${field}): mean ${written(mean)}, standard deviation ${spread}, from ` +
    `${written(lowest.value)} (${lowest.run}) to ${written(highest.value)} (${highest.run})`
  )
}

/** What the deviation is of. */
export const SPREAD_OVER_RUNS =
  'the deviation is between runs of these tasks, by n − 1: what is drawn varies so much; an interval says what other tasks would'

/** The same for programs. */
export const spreadJson = ({ name, runs, mean, deviation }: RunSpread): object => ({
  name,
  mean,
  deviation,
  values: runs,
})
