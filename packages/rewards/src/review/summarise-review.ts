import { requireFinite, sum, type Interval } from '@posttrain/core'
import { clopperPearsonInterval } from '@posttrain/estimators'
import { confusionOf, type Confusion, type JudgedTwice, type MeasuredRate } from '../monitor/confusion.js'
import type { ReviewedRow, ReviewReason } from './review-row.js'

/** What a person's verdicts say of a reward. */
export interface ReviewSummary {
  readonly rows: number
  /** Rows with a reward that the person called right or wrong. */
  readonly judged: number
  /** Rows with a reward of which the person cannot tell. */
  readonly cannotTell: number
  /** Rows with a reward that nobody has looked at yet. */
  readonly notJudged: number
  /** Rows without a reward: they say nothing of how it errs. */
  readonly unscored: number
  /** Scored samples that the rows stand for. */
  readonly samples: number
  /**
   * Of all samples that the rows were picked from, by the weights of the rows. Absent where no control was judged:
   * picked samples say nothing of the others.
   */
  readonly whole: Confusion | undefined
  /** Per reason, in the order of first appearance. */
  readonly byReason: readonly ReasonSummary[]
}

/** What became of the rows that had a reason; they stand for themselves alone. */
export interface ReasonSummary {
  readonly reason: ReviewReason
  readonly rows: number
  /** How often reward and person agree, over the rows judged. Absent where none is. */
  readonly agreement: MeasuredRate | undefined
}

/** How a summary is made. */
export interface ReviewSummaryOptions {
  /** A reward from here on accepts (default 0.5). */
  readonly threshold?: number | undefined
  /** Coverage of the intervals (default 0.95). */
  readonly level?: number | undefined
}

/**
 * How often a reward is wrong, by a person's verdicts on the rows that `pickForReview` picked.
 *
 * Agreement is (d·p + M·q)/(d + M) with p that of the d picked samples, and q that of the controls, which stand for M.
 * It is unbiased over the draw of the controls if every row was judged. Its interval is the exact one for q (Clopper &
 * Pearson), moved and scaled: it covers at its level or above, for the samples that were picked from. κ and the two
 * error rates are ratios of weighted sums, biased by O(1/n), with intervals of first order. Rows that the person could
 * not tell, or has not come to, are taken to be as the others of their kind, picked or control; this is biased where
 * they are not.
 *
 * @throws PosttrainError `invalid-argument` for a threshold or level out of range
 * @example
 * ```ts
 * const row = { task_id: 'a', prompt: '', response: '', reference: null, answer: null, reward: 1 }
 * const picked = { ...row, index: 0, why: ['signs'], weight: 1, gold: 0 } as const
 * const control = { ...row, index: 1, why: ['control'], weight: 9, gold: 1 } as const
 * const { samples, whole } = summariseReview([picked, control])
 * samples // => 10
 * whole.agreement.value // => 0.9
 * ```
 */
export function summariseReview(rows: readonly ReviewedRow[], options: ReviewSummaryOptions = {}): ReviewSummary {
  const { threshold = 0.5, level = 0.95 } = options
  requireFinite('threshold', threshold)
  requireFinite('level', level, { above: 0, below: 1 })
  const scored = rows.filter(({ reward }) => reward !== null)
  const judged = scored.filter(isJudged)
  const reasons = [...new Set(rows.flatMap(({ why }) => why))]
  return {
    rows: rows.length,
    judged: judged.length,
    cannotTell: scored.filter(({ gold }) => gold === null).length,
    notJudged: scored.filter(({ gold }) => gold === undefined).length,
    unscored: rows.length - scored.length,
    samples: Math.round(sum(scored.map(({ weight }) => weight))),
    whole: wholeOf(scored, threshold, level),
    byReason: reasons.map((reason) => {
      const own = judged.filter(({ why }) => why.includes(reason)).map((row) => pairOf(row, threshold, 1))
      return {
        reason,
        rows: rows.filter(({ why }) => why.includes(reason)).length,
        agreement: own.length === 0 ? undefined : confusionOf(own, { level, clustered: false }).agreement,
      }
    }),
  }
}

const isJudged = ({ gold }: ReviewedRow): boolean => gold === 0 || gold === 1

const isControl = ({ why }: ReviewedRow): boolean => why.includes('control')

function pairOf({ reward, gold, task_id, index }: ReviewedRow, threshold: number, weight: number): JudgedTwice {
  return { tried: reward! >= threshold, truth: gold === 1, weight, cluster: JSON.stringify([task_id, index]) }
}

/** The rows of one kind that were judged, standing for all of their kind. */
interface Stratum {
  readonly samples: number
  readonly pairs: readonly JudgedTwice[]
}

function stratumOf(rows: readonly ReviewedRow[], threshold: number): Stratum {
  const samples = sum(rows.map(({ weight }) => weight))
  const judged = rows.filter(isJudged)
  return { samples, pairs: judged.map((row) => pairOf(row, threshold, samples / judged.length)) }
}

function wholeOf(scored: readonly ReviewedRow[], threshold: number, level: number): Confusion | undefined {
  const controls = stratumOf(scored.filter(isControl), threshold)
  const picked = stratumOf(
    scored.filter((row) => !isControl(row)),
    threshold,
  )
  if (controls.pairs.length === 0) return undefined
  const confusion = confusionOf([...picked.pairs, ...controls.pairs], { level, clustered: false })
  const interval = intervalOfWhole(picked, controls, level)
  return { ...confusion, agreement: { ...confusion.agreement, interval } }
}

/** The exact interval of the controls, scaled to their share of the samples and moved by the picked. */
function intervalOfWhole(picked: Stratum, controls: Stratum, level: number): Interval {
  const agreeing = ({ pairs }: Stratum): number => pairs.filter(({ tried, truth }) => tried === truth).length
  const samples = controls.samples + (picked.pairs.length === 0 ? 0 : picked.samples)
  const known = picked.pairs.length === 0 ? 0 : (agreeing(picked) / picked.pairs.length) * picked.samples
  const { lower, upper, method } = clopperPearsonInterval(agreeing(controls), controls.pairs.length, level)
  const moved = (bound: number): number => (known + bound * controls.samples) / samples
  return { lower: moved(lower), upper: moved(upper), level, method: `${method} of the controls` }
}
