import { formatDifference, formatEstimate, percent, type Unit } from '@posttrain/report'
import type { CostQuality, CostQualityRow } from './cost-quality.js'
import { moneyUnit } from './money-unit.js'

/**
 * What to do, in a paragraph: the procedure, what it gains and costs with its uncertainty, and how to find out whether
 * that holds for one's own requests.
 */
export function recommendation(found: CostQuality, worth: Unit = percent): string {
  const { rows, deployed, recommended, target } = found
  const rowOf = (name: string): CostQualityRow => rows.find(({ measured }) => measured.name === name)!
  const today = rowOf(deployed)
  if (recommended === undefined) {
    const best = [...rows].sort((a, b) => b.measured.estimate.value - a.measured.estimate.value)[0]!
    return (
      `Nothing that these samples allow reaches ${written(target!, worth)}; ${best.measured.name} comes nearest, with ` +
      `${formatEstimate(best.measured.estimate, worth)}.`
    )
  }
  const next = rowOf(recommended)
  const unit = moneyUnit(rows.map(({ money }) => money))
  const price = `${written(next.money, unit)} a decision`
  if (next === today) {
    return `Stay with ${deployed}: ${formatEstimate(today.measured.estimate, worth)} for ${price}. ${stability(found)}`
  }
  return [
    `Deploy ${recommended} in place of ${deployed}: ${formatEstimate(next.measured.estimate, worth)} for ${price}, against ` +
      `${formatEstimate(today.measured.estimate, worth)} for ${written(today.money, unit)};`,
    `the difference is ${formatDifference(next.difference, differenceUnit(worth))}.`,
    ...(next.reaches === 'by-estimate'
      ? [`Its interval does not exclude that it misses the target of ${written(target!, worth)}.`]
      : []),
    stability(found),
    ...testSentence(found),
    ...rollOutSentence(found),
    ...paybackSentence(found, unit),
  ].join(' ')
}

const written = (value: number, { scale, digits, symbol }: Unit): string =>
  `${(value * scale).toFixed(digits)}${symbol === '' ? '' : ` ${symbol}`}`

const differenceUnit = (worth: Unit): Unit =>
  worth.symbol === '%' ? { ...worth, symbol: 'pp', signed: true } : { ...worth, signed: true }

const stability = ({ stability: share, tasks }: CostQuality): string =>
  `With other tasks of the kind in place of these ${tasks}, the same would be chosen in ${Math.round(100 * share!)} % of cases.`

function testSentence({ test }: CostQuality): readonly string[] {
  if (test?.perSide === undefined) return []
  return [`An A/B test needs ${test.perSide} requests on each side to show such a difference with a chance of 80 %.`]
}

function rollOutSentence({ rollOut }: CostQuality): readonly string[] {
  if (!rollOut) return []
  const { stages, simulations, better, worse, requests, most } = rollOut
  const shares = stages.map((share) => `${100 * share} %`).join(', ')
  const found = `of ${simulations} simulated ones ${Math.round(100 * better)} % show it to be better within ${most} requests`
  const wrong = worse > 0 ? ` and ${Math.round(100 * worse)} % show it to be worse` : ''
  return [
    `Roll it out at ${shares} of the traffic with a test at every look: ${found}${wrong}, half of them within ` +
      `${requests.half} and nine of ten within ${requests.nineOfTen}.`,
  ]
}

function paybackSentence({ payback }: CostQuality, unit: Unit): readonly string[] {
  if (!payback) return []
  const { savedPerRequest, requests } = payback
  if (requests === undefined) return ['Training one sample to be worth as much would save nothing.']
  return [
    `If one sample can be trained to be worth as much, it saves ${written(savedPerRequest, unit)} a decision and has paid ` +
      `for its training after ${requests} requests.`,
  ]
}
