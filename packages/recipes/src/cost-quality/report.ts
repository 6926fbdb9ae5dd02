import {
  describeEstimate,
  formatDifference,
  formatEstimate,
  percent,
  plain,
  points,
  renderHtmlReport,
  settingsTable,
  tradeOffChart,
  type Cell,
  type Table,
  type Unit,
} from '@posttrain/report'
import { areShares, type CostQuality, type CostQualityRow } from './cost-quality.js'
import { moneyUnit } from './money-unit.js'
import { recommendation } from './recommendation.js'

/** How worth is written: per cent where every value is a share. */
export const worthUnit = ({ rows }: CostQuality): Unit =>
  areShares(rows.map(({ measured }) => measured)) ? percent : plain

/** Every procedure with what it is worth and costs, the cheapest first; those that no other beats are bold. */
export function costQualityTable(found: CostQuality): Table {
  const { rows, deployed, target } = found
  const worth = worthUnit(found)
  const money = moneyUnit(rows.map((row) => row.money))
  const hasSeconds = rows.some(({ measured }) => measured.seconds !== undefined)
  const right = (header: string) => ({ header, align: 'right' as const })
  return {
    columns: [
      { header: 'procedure' },
      right('worth'),
      right('cost'),
      right('samples'),
      right('tokens'),
      ...(hasSeconds ? [right('seconds')] : []),
      right(`against ${deployed}`),
      ...(target === undefined ? [] : [{ header: 'reaches the target' }]),
    ],
    rows: rows.map(({ measured, money: cost, difference, isUndominated, reaches }): readonly Cell[] => [
      { text: measured.name, strong: isUndominated },
      { text: formatEstimate(measured.estimate, worth), note: describeEstimate(measured.estimate) },
      cost.toFixed(money.digits),
      measured.samples.toFixed(1),
      measured.tokens.toFixed(0),
      ...(hasSeconds ? [measured.seconds?.toFixed(1) ?? ''] : []),
      measured.name === deployed
        ? ''
        : formatDifference(difference, worth === percent ? points : { ...worth, signed: true }),
      ...(target === undefined ? [] : [REACHES[reaches!]]),
    ]),
    note: 'per decision; in bold those that no other beats on both worth and cost',
  }
}

const REACHES: Readonly<Record<NonNullable<CostQualityRow['reaches']>, string>> = {
  'with-certainty': 'yes',
  'by-estimate': 'by its estimate',
  not: 'no',
}

/** The page: what to do, the picture, the figures, and what they rest on. */
export function costQualityReport(
  found: CostQuality,
  { title, notes, settings }: { readonly title: string; readonly notes: readonly string[]; readonly settings: object },
): Promise<string> {
  const worth = worthUnit(found)
  const chart = tradeOffChart({
    metric: 'worth of a decision',
    costName: 'cost of a decision',
    unit: worth,
    costUnit: moneyUnit(found.rows.map(({ money }) => money)),
    points: found.rows
      .filter(({ money }) => money > 0)
      .map(({ measured, money }) => {
        return {
          name: measured.name,
          cost: money,
          value: measured.estimate.value,
          interval: measured.estimate.interval,
        }
      }),
  })
  return renderHtmlReport({
    title: `Cost and quality: ${title}`,
    sections: [
      { kind: 'prose', title: 'What to do', text: recommendation(found, worth) },
      { kind: 'chart', charts: [chart] },
      { kind: 'table', title: 'Every procedure', table: costQualityTable(found) },
      { kind: 'prose', title: 'What this rests on', text: notes.join('\n\n') },
      { kind: 'table', title: 'Settings', table: settingsTable(settings) },
    ],
  })
}
