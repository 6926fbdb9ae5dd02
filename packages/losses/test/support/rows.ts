import { sum, type ConstantName, type Loss } from '@posttrain/core'
import { both, inLoss, inReward, ratioWeighted } from '@posttrain/kl'
import {
  bonbonLoss,
  bradleyTerryLoss,
  clippedImportanceLoss,
  dpoLoss,
  entropyBonus,
  importanceWeightedLoss,
  ipoLoss,
  klLoss,
  ktoLoss,
  onPreferred,
  orpoLoss,
  policyGradientLoss,
  ppoClipLoss,
  reverseDistillationLoss,
  sequenceRatioClipLoss,
  simpoLoss,
  stepLabelLoss,
  sumOfLosses,
  supervisedLoss,
  truncatedImportance,
  valueLoss,
} from '@posttrain/losses'
import type { Batch } from './batch.js'

/** A loss in the table that all laws run over. */
export interface Row {
  readonly loss: Loss
  /** The batch as the loss takes it, made from one that is drawn. */
  readonly prepare?: (batch: Batch) => Batch
  /** True if advantages are labels, of which 0 is no absence. */
  readonly labelled?: true
  /** Constants that change it, but that it does without. */
  readonly optional?: readonly ConstantName[]
  /** False where a derivative jumps nearby. */
  readonly smooth?: (batch: Batch) => boolean
  /**
   * For a loss with constants that are made from scores: its value as a function of scores with those of `at` held
   * fixed.
   */
  readonly frozen?: (at: Batch) => (batch: Batch) => number
}

const apart = (x: number, kinks: readonly number[]): boolean => kinks.every((kink) => Math.abs(x - kink) > 1e-3)

/** True if no token's ratio to the policy before the first update is near a kink. */
const tokenRatiosApart =
  (kinks: readonly number[]) =>
  ({ scores, constants }: Batch): boolean =>
    scores.every(({ logprob }, i) => logprob.every((x, t) => apart(Math.exp(x - constants[i]!.oldLogprob[t]!), kinks)))

const sequenceRatiosApart =
  (kinks: readonly number[], exponent: (tokens: number) => number) =>
  ({ scores, constants }: Batch): boolean =>
    scores.every(({ logprob }, i) => {
      const logRatio = sum(Array.from(logprob, (x, t) => x - constants[i]!.oldLogprob[t]!))
      return apart(Math.exp(logRatio * exponent(logprob.length)), kinks)
    })

const valuesApart =
  (epsilon: number) =>
  ({ scores, constants }: Batch): boolean =>
    scores.every(({ value }, i) => {
      const { oldValue, valueTarget } = constants[i]!
      return value.every((v, t) => {
        const old = oldValue[t]!
        const bounded = Math.min(Math.max(v, old - epsilon), old + epsilon)
        // Beyond the clip, the larger of two squared errors changes where they are opposite.
        return (
          apart(Math.abs(v - old), [epsilon]) &&
          (v === bounded || apart(v - valueTarget[t]!, [valueTarget[t]! - bounded]))
        )
      })
    })

const advantageAt = ({ constants }: Batch, i: number, t: number): number => {
  const { advantage } = constants[i]!
  return typeof advantage === 'number' ? advantage : advantage[t]!
}

/** Σ w·cₜ·log π with constants c. */
const linear =
  (factor: (i: number, t: number) => number) =>
  ({ scores, constants }: Batch): number =>
    sum(scores.flatMap(({ logprob }, i) => Array.from(logprob, (x, t) => constants[i]!.weight * factor(i, t) * x)))

const cispo = (low: number, high: number) => (at: Batch) =>
  linear((i, t) => {
    const ratio = Math.exp(at.scores[i]!.logprob[t]! - at.constants[i]!.oldLogprob[t]!)
    return -Math.min(Math.max(ratio, low), high) * advantageAt(at, i, t)
  })

const sumOfLogRatios = ({ scores, constants }: Batch, i: number): number =>
  sum(Array.from(scores[i]!.logprob, (x, t) => x - constants[i]!.referenceLogprob[t]!))

const kto = (at: Batch) => {
  const others = at.scores.flatMap((_, i) => (at.constants[i]!.advantage === 0 ? [sumOfLogRatios(at, i)] : []))
  const z0 = Math.max(0, sum(others) / others.length)
  return (batch: Batch): number =>
    sum(
      batch.constants.map(({ advantage, weight }, i) => {
        const label = advantage as number
        return (weight * Math.abs(label)) / (1 + Math.exp(0.3 * label * (sumOfLogRatios(batch, i) - z0)))
      }),
    )
}

/** k1 in the reward: each token's log-prob times the log-ratios from it on. */
const k1InReward = (beta: number) => (at: Batch) =>
  linear(
    (i, t) =>
      beta * sum(Array.from(at.scores[i]!.logprob, (x, s) => (s < t ? 0 : x - at.constants[i]!.referenceLogprob[s]!))),
  )

/** 1 desirable, 0 of another prompt, −1 undesirable. */
const withLabels = ({ scores, constants }: Batch): Batch => ({
  scores,
  constants: constants.map((own, i) => ({ ...own, advantage: [1, 0, -1][i % 3]! })),
})

/** The last token of each sequence alone, as a reward model scores it. */
const lastTokens = ({ scores, constants }: Batch): Batch => {
  const last = (own: object) =>
    Object.fromEntries(
      Object.entries(own).map(([name, x]) => [name, typeof x === 'number' ? x : (x as number[]).slice(-1)]),
    )
  return { scores: scores.map(last), constants: constants.map(last) } as unknown as Batch
}

/** Labels from 0 to 1 in place of returns from −2 to 2. */
const withStepLabels = ({ scores, constants }: Batch): Batch => ({
  scores,
  constants: constants.map((own) => ({ ...own, valueTarget: Array.from(own.valueTarget, (y) => (y + 2) / 4) })),
})

/** Every loss, with the settings that matter. */
export const rows: readonly Row[] = [
  { loss: supervisedLoss() },
  { loss: reverseDistillationLoss() },
  { loss: policyGradientLoss() },
  { loss: importanceWeightedLoss() },
  { loss: importanceWeightedLoss({ level: 'sequence' }) },
  { loss: ppoClipLoss(), smooth: tokenRatiosApart([0.8, 1.2]) },
  { loss: ppoClipLoss({ clipLow: 0.1, clipHigh: 0.5 }), smooth: tokenRatiosApart([0.9, 1.5]) },
  { loss: ppoClipLoss({ dualClip: 1.5 }), smooth: tokenRatiosApart([0.8, 1.2, 1.5]) },
  { loss: ppoClipLoss({ logRatioClamp: 0.7 }), smooth: tokenRatiosApart([0.8, 1.2, Math.exp(-0.7), Math.exp(0.7)]) },
  {
    loss: sequenceRatioClipLoss({ clipLow: 0.2, clipHigh: 0.3 }),
    smooth: sequenceRatiosApart([0.8, 1.3], (tokens) => 1 / tokens),
  },
  {
    loss: sequenceRatioClipLoss({ ratio: 'product', clipLow: 0.5, clipHigh: 1 }),
    smooth: sequenceRatiosApart([0.5, 2], () => 1),
  },
  { loss: clippedImportanceLoss({ clipLow: 0.3, clipHigh: 0.5 }), frozen: cispo(0.7, 1.5) },
  { loss: clippedImportanceLoss(), frozen: cispo(0, 5) },
  { loss: truncatedImportance(policyGradientLoss(), { cap: 1.5 }) },
  { loss: truncatedImportance(ppoClipLoss(), { cap: 1.5 }), smooth: tokenRatiosApart([0.8, 1.2]) },
  { loss: truncatedImportance(importanceWeightedLoss(), { cap: 2, level: 'sequence' }) },
  { loss: valueLoss() },
  { loss: valueLoss({ clip: 0.5 }), smooth: valuesApart(0.5) },
  { loss: entropyBonus(0.01) },
  { loss: klLoss(inLoss({ value: 'k2' }), 0.3) },
  { loss: klLoss(inLoss({ value: 'k3', level: 'sequence' }), 0.3) },
  { loss: klLoss(inLoss({ value: 'rao-blackwell' }), 0.3) },
  { loss: klLoss(ratioWeighted({ value: 'k3' }), 0.3) },
  { loss: klLoss(inReward({ value: 'k1' }), 0.3), frozen: k1InReward(0.3) },
  {
    loss: klLoss(both({ value: 'k2' }), 0.3),
    frozen: (at) => (batch) =>
      linear((i, t) =>
        sum(
          Array.from(at.scores[i]!.logprob, (x, s) =>
            s < t ? 0 : (0.3 * (x - at.constants[i]!.referenceLogprob[s]!) ** 2) / 2,
          ),
        ),
      )(batch) + klLoss(inLoss({ value: 'k2' }), 0.3).evaluate(batch.scores, batch.constants).value,
  },
  { loss: dpoLoss() },
  { loss: dpoLoss({ beta: 0.5, labelSmoothing: 0.1 }) },
  { loss: ipoLoss() },
  { loss: ipoLoss({ lengthNormalised: true }) },
  { loss: simpoLoss() },
  { loss: orpoLoss() },
  { loss: orpoLoss({ lambda: 1 }) },
  { loss: bonbonLoss({ n: 4 }) },
  { loss: onPreferred(supervisedLoss()) },
  { loss: ktoLoss({ beta: 0.3 }), prepare: withLabels, labelled: true, frozen: kto },
  { loss: bradleyTerryLoss(), prepare: lastTokens, optional: ['margin'] },
  { loss: bradleyTerryLoss({ centring: 0.1 }), prepare: lastTokens, optional: ['margin'] },
  { loss: stepLabelLoss(), prepare: withStepLabels },
  {
    loss: sumOfLosses([
      { loss: ppoClipLoss() },
      { loss: valueLoss(), coefficient: 0.5 },
      { loss: entropyBonus(0.01) },
      { loss: klLoss(inLoss({ value: 'k2' }), 0.3), coefficient: 2 },
    ]),
    smooth: tokenRatiosApart([0.8, 1.2]),
  },
  { loss: sumOfLosses([{ loss: dpoLoss() }, { loss: onPreferred(supervisedLoss()), coefficient: 0.2 }]) },
  {
    loss: sumOfLosses([{ loss: ppoClipLoss() }, { loss: truncatedImportance(policyGradientLoss(), { cap: 2 }) }]),
    smooth: tokenRatiosApart([0.8, 1.2]),
  },
]

/** The batch as a row takes it. */
export const batchFor = (row: Row, drawn: Batch): Batch => row.prepare?.(drawn) ?? drawn
