import { formatEstimate, percent, plain, type Table } from '@posttrain/report'
import type { MeasuredRate, ReviewSummary } from '@posttrain/rewards'
import type { Block } from './block.js'

const KINDS = ['agreement', 'kappa', 'falseAccept', 'falseReject'] as const
const NAMES: Readonly<Record<(typeof KINDS)[number], string>> = {
  agreement: 'reward and person agree',
  kappa: 'Cohen’s κ',
  falseAccept: 'wrong, and accepted',
  falseReject: 'right, and refused',
}

/** What a person's verdicts say of a reward: of all samples, and of those picked for each reason. */
export function reviewBlocks(summary: ReviewSummary): readonly Block[] {
  const { judged, rows, cannotTell, notJudged, unscored, byReason } = summary
  const counts = `${judged} of ${rows} rows judged; ${cannotTell} cannot tell, ${notJudged} not looked at, ${unscored} without a reward`
  return [wholeTable(summary), reasonTable(byReason), [counts]]
}

function wholeTable({ whole, samples }: ReviewSummary): Block {
  if (whole === undefined) {
    return ['no control was judged: picked samples say nothing of the others, so that no rate is known of all samples']
  }
  return {
    columns: [
      { header: `of all ${samples} scored samples` },
      { header: '', align: 'right' },
      { header: 'rows', align: 'right' },
    ],
    rows: KINDS.flatMap((kind) => {
      const rate = whole[kind]
      return rate === undefined ? [] : [[NAMES[kind], written(rate, kind === 'kappa'), String(rate.n)]]
    }),
    note: 'rates of all samples are weighted sums; the interval of agreement is exact for the controls, others of first order',
  }
}

const reasonTable = (byReason: ReviewSummary['byReason']): Table => ({
  columns: [
    { header: 'picked as' },
    { header: 'rows', align: 'right' },
    { header: 'judged', align: 'right' },
    { header: 'agree', align: 'right' },
  ],
  rows: byReason.map(({ reason, rows, agreement }) => [
    reason,
    String(rows),
    String(agreement?.n ?? 0),
    agreement === undefined ? '' : written(agreement, false),
  ]),
  note: 'a row may have been picked for several reasons; these rates are of the rows alone',
})

function written({ value, interval }: MeasuredRate, isPlain: boolean): string {
  const none = { lower: NaN, upper: NaN, level: 0.95, method: 'none' }
  return formatEstimate({ value, interval: interval ?? none }, isPlain ? plain : percent)
}

/** The same for programs. */
export const reviewJson = ({ whole, byReason, ...counts }: ReviewSummary): object => ({
  ...counts,
  ...Object.fromEntries(KINDS.map((kind) => [kind, rateJson(whole?.[kind])])),
  byReason: byReason.map(({ reason, rows, agreement }) => ({ reason, rows, agreement: rateJson(agreement) })),
})

const rateJson = (rate: MeasuredRate | undefined): object | null =>
  rate === undefined
    ? null
    : {
        value: rate.value,
        n: rate.n,
        low: rate.interval?.lower ?? null,
        high: rate.interval?.upper ?? null,
        level: rate.interval?.level ?? null,
        method: rate.interval?.method ?? null,
      }
