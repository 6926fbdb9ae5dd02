import { sortedChart, type ReportSection, type Unit } from '@posttrain/report'
import type { Compared, ComparedPair } from './compared.js'
import { DRAWN, describeDrawn } from './drawn-parts.js'

/**
 * Tasks sorted by how much better a system is than the first; none where they do not differ, or are not on the same
 * tasks.
 */
export function differenceSections({ estimates, pairs }: Compared, unit: Unit): readonly ReportSection[] {
  const drawn = pairs.filter(({ a, tasks }) => a === pairs[0]!.a && tasks !== undefined)
  if (drawn.every(({ difference }) => difference.discordant === 0)) return []
  const { name } = estimates[0]!
  const series = drawn.slice(0, DRAWN).map((pair) => ({ name: nameOf(pair), values: valuesOf(pair) }))
  const metric = drawn.length === 1 ? `${name}, ${nameOf(drawn[0]!)}` : `${name}, less that of ${pairs[0]!.a}`
  const charts = [sortedChart({ series, metric, title: `${metric}, of each task, sorted`, unit })]
  const text = [...drawn.map(describeTasks), ...describeDrawn(drawn)].join('\n\n')
  return [{ kind: 'chart', title: 'Differences by task', text, charts }]
}

const nameOf = ({ a, b }: ComparedPair): string => `${b} − ${a}`

const valuesOf = ({ tasks = [] }: ComparedPair): readonly number[] => Array.from(tasks, ({ a, b }) => b - a)

/** For instance `Of 164 tasks B is better than A on 30 (18.3 %), worse on 12 (7.3 %), equal on 122 (74.4 %).` */
export function describeTasks(pair: ComparedPair): string {
  const values = valuesOf(pair)
  const of = (sign: number): string => {
    const count = values.filter((value) => Math.sign(value) === sign).length
    return `${count} (${((100 * count) / values.length).toFixed(1)} %)`
  }
  return `Of ${values.length} tasks ${pair.b} is better than ${pair.a} on ${of(1)}, worse on ${of(-1)}, equal on ${of(0)}.`
}
