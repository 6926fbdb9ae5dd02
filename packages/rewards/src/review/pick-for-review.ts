import { createStream, invalidArgument, requireFinite, requireInteger, shuffled, type Group } from '@posttrain/core'
import { reviewRow, type ReviewReason, type ReviewRow } from './review-row.js'
import { samplesWithReasons, type SampleWithReasons } from './review-reasons.js'

/** Which samples are picked. */
export interface PickOptions {
  /** Rows to pick (default 50). */
  readonly count?: number | undefined
  /** Share of them that is drawn at random, from 0 to 1 (default 0.4). */
  readonly control?: number | undefined
  /** Default 0; the same seed picks the same rows. */
  readonly seed?: number | undefined
  /** A part that is a second verdict, for instance of another verifier. */
  readonly truth?: string | undefined
  /** A score from here on accepts (default 0.5). */
  readonly threshold?: number | undefined
  /** Distance from the threshold within which a reward is near it (default 0.1). */
  readonly near?: number | undefined
}

/** Reasons in the order in which samples are picked. */
const ORDER: readonly ReviewReason[] = [
  'contradiction',
  'disagreement',
  'signs',
  'suspected hack',
  'near the threshold',
  'unscored',
]

/**
 * The samples most worth a person's look, and a random control.
 *
 * Those with a reason are picked in the order contradiction, disagreement, signs, suspected hack, near the threshold,
 * unscored, those with more reasons first, and at random among equals. The rest of the rows is a simple random sample
 * of all scored samples that were not picked, and at least the share `control`. A picked row has weight 1; one of m
 * controls, drawn from M samples, has weight M/m. So the weights of scored rows add up to the number of scored samples,
 * and a weighted sum over the rows is an unbiased estimate of the sum over all of them (Horvitz & Thompson 1952,
 * https://doi.org/10.1080/01621459.1952.10483446). Controls are spread evenly through the rows in random order, so that
 * a review which stops early has some.
 *
 * @param groups held in memory while samples are picked
 * @returns at most `count` rows, in the order in which they should be looked at; failed samples are none
 * @throws PosttrainError `invalid-argument` for a number out of range, or groups without a sample to look at
 * @example
 * ```ts
 * const sample = { id: 'a', taskId: 'a', seed: 0, index: 0, text: '4', finish: 'stop', usage: NO_USAGE } as const
 * const samples = [0, 1, 2, 3, 4].map((index) => ({ ...sample, index }))
 * const outcomes = [1, 1, 1, 1, 0.55].map((reward) => ({ kind: 'scored', reward }) as const)
 * const rows = pickForReview([{ task: { id: 'a', prompt: '2+2=' }, samples, outcomes }], { count: 3 })
 * rows.map(({ why, weight }) => `${why} ${weight}`) // => ['control 2', 'near the threshold 1', 'control 2']
 * ```
 */
export function pickForReview(groups: Iterable<Group>, options: PickOptions = {}): readonly ReviewRow[] {
  const { count = 50, control = 0.4, seed = 0, truth, threshold = 0.5, near = 0.1 } = options
  requireInteger('count', count, { min: 1 })
  requireFinite('control', control, { min: 0, max: 1 })
  requireFinite('threshold', threshold)
  requireFinite('near', near, { min: 0 })
  const samples = samplesWithReasons([...groups], { truth, threshold, near })
  if (samples.length === 0) throw invalidArgument('there is no sample to look at', 'draw and score samples first')
  const mixed = shuffled(samples, createStream(seed, 'review'))
  const scored = samples.filter(({ outcome }) => outcome.kind === 'scored').length
  const atMost = count - Math.min(scored, Math.ceil(control * count))
  const picked = new Set(
    mixed
      .filter(({ why }) => why.length > 0)
      .sort(byReasons)
      .slice(0, atMost),
  )
  const rest = mixed.filter((one) => !picked.has(one) && one.outcome.kind === 'scored')
  const controls = rest.slice(0, count - picked.size)
  return spread([
    [...picked].map((one) => rowOf(one, one.why, 1)),
    controls.map((one) => rowOf(one, [...one.why, 'control'], rest.length / controls.length)),
  ])
}

const rowOf = ({ task, sample, outcome }: SampleWithReasons, why: readonly ReviewReason[], weight: number): ReviewRow =>
  reviewRow(task, sample, outcome, { why, weight })

const byReasons = (a: SampleWithReasons, b: SampleWithReasons): number =>
  ORDER.indexOf(a.why[0]!) - ORDER.indexOf(b.why[0]!) || b.why.length - a.why.length

/** One list of several, each kept in its order and spread over the whole. */
const spread = (lists: readonly (readonly ReviewRow[])[]): readonly ReviewRow[] =>
  lists
    .flatMap((rows) => rows.map((row, i) => ({ row, at: (i + 0.5) / rows.length })))
    .sort((a, b) => a.at - b.at)
    .map(({ row }) => row)
