import type { LogprobProvenance, Loss, Scorer, TokenScores } from '@posttrain/core'
import {
  ppoClipLoss,
  sequenceMeanOfTokenMean,
  sequenceSum,
  supervisedLoss,
  tokenMean,
  truncatedImportance,
} from '@posttrain/losses'
import { describe, expect, it } from 'vitest'
import { batchConstants, correctsForEngine, type BatchContext } from '../../../src/loops/offline/batch-constants.js'
import type { OfflineItem } from '../../../src/loops/offline/item.js'

const provenance: LogprobProvenance = { engine: 'own', dtype: 'f64', weights: 'w', step: 3 }
const model: Scorer = {
  provenance,
  encode: async () => [],
  score: async () => [],
}
const constantsOf = (
  items: readonly OfflineItem[],
  change: Partial<BatchContext> = {},
  scores: readonly TokenScores[] = [],
): ReturnType<typeof batchConstants> => {
  const references = items.map(() => undefined)
  return batchConstants(
    items,
    { aggregation: sequenceSum(), references, model, loss: supervisedLoss(), ...change },
    scores,
  )
}
const sequences = [
  { prompt: 'x', tokens: [1, 2, 3] },
  { prompt: 'x', tokens: [1], weight: 4 },
]
const weights = (items: readonly OfflineItem[], change: Partial<BatchContext> = {}): number[] =>
  constantsOf(items, change).map(({ weight }) => weight)

describe('batchConstants', () => {
  it('weighs items alike, or as the aggregation says, times their own weight', () => {
    expect(weights(sequences)).toEqual([0.5, 2])
    expect(weights(sequences, { aggregation: tokenMean() })).toEqual([0.25, 1])
    ;[1 / 6, 2].forEach((weight, i) =>
      expect(weights(sequences, { aggregation: sequenceMeanOfTokenMean() })[i]).toBeCloseTo(weight, 14),
    )
    // Of a masked sequence only chosen tokens count.
    const masked = [{ ...sequences[0]!, mask: Uint8Array.of(0, 1, 0) }, sequences[1]!]
    expect(weights(masked, { aggregation: tokenMean() })).toEqual([0.5, 2])
  })

  it('gives both sequences of a pair the weight of the pair, and the first its margin', () => {
    const pairs = [
      { prompt: 'x', chosen: [1, 2], rejected: [3], margin: 0.5 },
      { prompt: 'x', chosen: [1], rejected: [3], weight: 3 },
    ]
    expect(weights(pairs)).toEqual([0.5, 0.5, 1.5, 1.5])
    expect(constantsOf(pairs).map(({ margin }) => margin)).toEqual([0.5, undefined, undefined, undefined])
  })

  it('passes on what an item says: advantage 1 if nothing, value targets, references', () => {
    const references = [[Float64Array.of(-1, -2, -3)], [Float64Array.of(-4)]]
    const [first, second] = constantsOf(
      [
        { ...sequences[0]!, advantage: -1 },
        { ...sequences[1]!, valueTarget: [7] },
      ],
      { references },
    )
    expect([first!.advantage, second!.advantage]).toEqual([-1, 1])
    expect([first!.valueTarget, second!.valueTarget]).toEqual([undefined, [7]])
    expect([first!.referenceLogprob, second!.referenceLogprob]).toEqual([references[0]![0], references[1]![0]])
  })

  const drawn = (engine: string): OfflineItem => ({
    ...sequences[0]!,
    logprobs: { values: [-1, -2, -3], provenance: { ...provenance, engine, step: 0 } },
  })
  const scores = [{ logprob: Float64Array.of(-1.5, -2.5, -3.5) }]

  it('takes recorded log-probs as those of the policy before the update, of its own engine alone', () => {
    const [constants] = constantsOf([drawn('own')], { loss: ppoClipLoss() }, scores)
    expect([constants!.rolloutLogprob, constants!.oldLogprob]).toEqual([[-1, -2, -3], [-1, -2, -3]]) // prettier-ignore
    expect(() => constantsOf([drawn('other')], { loss: ppoClipLoss() }, scores)).toThrow('engine (other against own)')
  })

  it('does not ask where log-probs come from that nobody reads', () => {
    const [constants] = constantsOf([drawn('other')], { loss: supervisedLoss() }, scores)
    expect(constants!.weight).toBe(1)
  })

  it('takes those of another engine where the loss corrects for it, beside what the model says', () => {
    const loss = truncatedImportance(ppoClipLoss(), { cap: 2 })
    const [constants] = constantsOf([drawn('other')], { loss }, scores)
    expect(constants!.rolloutLogprob).toEqual([-1, -2, -3])
    expect(constants!.oldLogprob).toEqual(scores[0]!.logprob)
  })

  it('refuses a weight that is no number', () => {
    expect(() => weights([{ ...sequences[0]!, weight: NaN }])).toThrow(
      'weight of item 0 of the batch must be a finite number',
    )
  })
})

describe('correctsForEngine', () => {
  it('is true of a loss that compares who drew with the policy before the update', () => {
    const reading = (...reads: Loss['reads']): Loss => ({ ...supervisedLoss(), reads })
    expect(
      [reading('rolloutLogprob', 'oldLogprob'), reading('oldLogprob'), reading('rolloutLogprob'), supervisedLoss()].map(
        correctsForEngine,
      ),
    ).toEqual([true, false, false, false])
  })
})
