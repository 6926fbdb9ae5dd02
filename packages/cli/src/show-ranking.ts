import type { FittedItem, FittedValue, PreferenceFit } from '@posttrain/rewards'
import { formatEstimate, plain, type Table } from '@posttrain/report'
import type { Block } from './block.js'

/** Items with their abilities, the best first, and what was fitted beside them. */
export function rankingBlocks(fit: PreferenceFit): readonly Block[] {
  const beside = besideOf(fit).map(
    ([name, fitted]) => `${name}: ${formatEstimate(fitted, plain)}, standard error ${fitted.se.toFixed(plain.digits)}`,
  )
  return [rankingTable(fit), ...(beside.length > 0 ? [beside] : [])]
}

function rankingTable({ items, reference, comparisons }: PreferenceFit): Table {
  const level = items[0]!.interval.level
  return {
    columns: [
      { header: '' },
      { header: 'ability', align: 'right' },
      { header: 'standard error', align: 'right' },
      { header: 'comparisons', align: 'right' },
    ],
    rows: items.map((item) => [
      item.name,
      formatEstimate({ value: item.ability, interval: item.interval }, plain),
      item.se.toFixed(plain.digits),
      String(item.comparisons),
    ]),
    note: `log-odds of being preferred to ${reference}, with Wald intervals of level ${level}; ${comparisons} comparisons`,
  }
}

const besideOf = ({ homeAdvantage, tie }: PreferenceFit): readonly (readonly [string, FittedValue])[] => [
  ...(homeAdvantage ? [['home advantage', homeAdvantage] as const] : []),
  ...(tie ? [['log ν of ties', tie] as const] : []),
]

/** The same for programs. */
export const rankingJson = (fit: PreferenceFit): object => ({
  items: fit.items.map(({ name, ability, se, interval, comparisons }: FittedItem) => ({
    name,
    ability,
    se,
    low: interval.lower,
    high: interval.upper,
    comparisons,
  })),
  reference: fit.reference,
  level: fit.items[0]!.interval.level,
  method: fit.items[0]!.interval.method,
  comparisons: fit.comparisons,
  logLikelihood: fit.logLikelihood,
  ...(fit.homeAdvantage && { homeAdvantage: valueJson(fit.homeAdvantage) }),
  ...(fit.tie && { tie: valueJson(fit.tie) }),
})

const valueJson = ({ value, se, interval }: FittedValue): object => ({
  value,
  se,
  low: interval.lower,
  high: interval.upper,
})
