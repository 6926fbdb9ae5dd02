import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Loss, LossConstants, ScoreName, TokenScores } from '@posttrain/core'
import { fromLogits, inLoss, klDivergence, ratioWeighted, reverseKlGradient } from '@posttrain/kl'
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

type PerToken = readonly (readonly number[])[]

interface Golden {
  readonly batch: Readonly<
    Record<Exclude<ScoreName, 'klToReference'> | BeforeName | 'tokenAdvantage' | 'stepLabel', PerToken>
  > & {
    readonly advantage: readonly number[]
    readonly label: readonly number[]
    readonly margin: readonly number[]
  }
  readonly cases: readonly { readonly name: string; readonly value: number; readonly gradient: PerToken }[]
  readonly 'reverse distillation': {
    readonly student: PerToken
    readonly teacher: PerToken
    readonly value: number
    readonly gradient: PerToken
  }
}

type BeforeName = 'samplingLogprob' | 'startLogprob' | 'referenceLogprob' | 'returns' | 'samplingValue'

/** Made by tools/golden/losses.py with TRL and PyTorch. */
const golden = JSON.parse(readFileSync(new URL('../../../tools/golden/losses.json', import.meta.url), 'utf8')) as Golden
const { batch } = golden
const lengths = batch.logprob.map((row) => row.length)
const sequences = lengths.length
const tokens = lengths.reduce((a, b) => a + b, 0)

/**
 * The weights of a token, or of a sequence or pair, that make the sum over the batch what the other trainer reports.
 */
const weights = {
  'sequence mean of token mean': (length: number) => 1 / (sequences * length),
  'token mean': () => 1 / tokens,
  'constant length 8': () => 1 / (sequences * 8),
  'mean over sequences': () => 1 / sequences,
  'mean over pairs': () => 2 / sequences,
  'mean over labelled': () => 1 / batch.label.filter((label) => label !== 0).length,
}

interface Ours {
  readonly loss: Loss
  readonly weigh: keyof typeof weights
  readonly advantage?: 'advantage' | 'tokenAdvantage' | 'label'
  /**
   * Samples come from another engine than the trainer's; otherwise from the trainer's own policy before its updates.
   */
  readonly twoEngines?: boolean
  /** Log-probs moved by this much for each sequence. */
  readonly shift?: readonly number[]
  readonly score?: ScoreName
  /** The first score of each sequence alone. */
  readonly rewards?: true
  /** Of the pairs. */
  readonly margins?: true
  readonly valueTarget?: 'returns' | 'stepLabel'
}

const grpo = 'sequence mean of token mean'
const wide = { clipLow: 0.3, clipHigh: 0.3 }
const k3 = (placement = inLoss({ value: 'k3' })) =>
  sumOfLosses([{ loss: ppoClipLoss() }, { loss: klLoss(placement, 0.04) }])

const rewardModel = { weigh: 'mean over pairs', score: 'value', rewards: true } as const
const processModel = { weigh: 'token mean', score: 'value', valueTarget: 'stepLabel' } as const

/** What each golden case is in this library. */
const ours: Readonly<Record<string, Ours>> = {
  grpo: { loss: ppoClipLoss(), weigh: grpo },
  'grpo clip-higher': { loss: ppoClipLoss({ clipHigh: 0.28 }), weigh: grpo },
  'grpo per-token advantages': { loss: ppoClipLoss(), weigh: grpo, advantage: 'tokenAdvantage' },
  'grpo delta': { loss: ppoClipLoss({ dualClip: 3 }), weigh: grpo },
  bnpo: { loss: ppoClipLoss(), weigh: 'token mean' },
  dapo: { loss: ppoClipLoss({ clipHigh: 0.28 }), weigh: 'token mean' },
  dr_grpo: { loss: ppoClipLoss(), weigh: 'constant length 8' },
  'grpo sequence level': { loss: sequenceRatioClipLoss(), weigh: grpo },
  'grpo sequence level, wide': { loss: sequenceRatioClipLoss(wide), weigh: grpo },
  cispo: { loss: clippedImportanceLoss({ clipHigh: 1 }), weigh: 'token mean' },
  'grpo with beta': { loss: k3(), weigh: grpo },
  'grpo with beta and use_bias_correction_kl': { loss: k3(ratioWeighted({ value: 'k3' })), weigh: grpo },
  'grpo token_truncate': { loss: truncatedImportance(ppoClipLoss(), { cap: 1.2 }), weigh: grpo, twoEngines: true },
  'grpo sequence_truncate': {
    loss: truncatedImportance(ppoClipLoss(), { cap: 1.5, level: 'sequence' }),
    weigh: grpo,
    twoEngines: true,
  },
  'grpo sequence level, token_truncate': {
    loss: truncatedImportance(sequenceRatioClipLoss(wide), { cap: 1.2 }),
    weigh: grpo,
    twoEngines: true,
  },
  'bnpo entropy': { loss: entropyBonus(0.01), weigh: 'token mean', score: 'entropy' },
  rloo: {
    loss: sequenceRatioClipLoss({ ratio: 'product', clipLow: 0.2, clipHigh: 0.2 }),
    weigh: 'mean over sequences',
  },
  'dpo beta 0.1': { loss: dpoLoss(), weigh: 'mean over pairs' },
  'dpo beta 0.5': { loss: dpoLoss({ beta: 0.5 }), weigh: 'mean over pairs' },
  'ipo beta 0.1': { loss: ipoLoss({ lengthNormalised: true }), weigh: 'mean over pairs' },
  'ipo beta 0.5': { loss: ipoLoss({ beta: 0.5, lengthNormalised: true }), weigh: 'mean over pairs' },
  cdpo: { loss: dpoLoss({ labelSmoothing: 0.1 }), weigh: 'mean over pairs' },
  'ipo of sums': { loss: ipoLoss(), weigh: 'mean over pairs' },
  simpo: { loss: simpoLoss({ beta: 2, gamma: 1 }), weigh: 'mean over pairs' },
  'orpo, likelihood by sequence': { loss: orpoLoss({ lambda: 0.3 }), weigh: 'mean over pairs' },
  kto: { loss: ktoLoss({ beta: 0.3 }), weigh: 'mean over labelled', advantage: 'label' },
  'kto weighted': {
    loss: ktoLoss({ beta: 0.3, desirableWeight: 1.5, undesirableWeight: 0.5 }),
    weigh: 'mean over labelled',
    advantage: 'label',
  },
  'kto without reference point': {
    loss: ktoLoss({ beta: 0.3, referencePoint: 'zero' }),
    weigh: 'mean over labelled',
    advantage: 'label',
  },
  'verl vanilla': { loss: ppoClipLoss({ dualClip: 3 }), weigh: 'token mean' },
  'verl vanilla, far off-policy': {
    loss: ppoClipLoss({ dualClip: 1e12, logRatioClamp: 20 }),
    weigh: 'token mean',
    shift: [25, 0, 0, 21, 0, -23],
  },
  'verl gspo': { loss: sequenceRatioClipLoss(wide), weigh: grpo },
  'verl cispo': { loss: clippedImportanceLoss({ clipLow: 0.3, clipHigh: 0.4 }), weigh: 'token mean' },
  'verl token IS': {
    loss: truncatedImportance(ppoClipLoss({ dualClip: 3 }), { cap: 2 }),
    weigh: 'token mean',
    twoEngines: true,
  },
  'verl sequence IS': {
    loss: truncatedImportance(ppoClipLoss({ dualClip: 3 }), { cap: 2, level: 'sequence' }),
    weigh: 'token mean',
    twoEngines: true,
  },
  'verl reinforce': { loss: policyGradientLoss(), weigh: 'token mean' },
  'verl value': { loss: valueLoss({ clip: 0.5 }), weigh: 'token mean', score: 'value' },
  'verl value without clip': { loss: valueLoss(), weigh: 'token mean', score: 'value' },
  bonbon: { loss: bonbonLoss({ n: 4 }), weigh: 'mean over pairs' },
  'importance-weighted': { loss: importanceWeightedLoss(), weigh: 'token mean', advantage: 'tokenAdvantage' },
  'importance-weighted sequence': {
    loss: importanceWeightedLoss({ level: 'sequence' }),
    weigh: 'mean over sequences',
  },
  supervised: { loss: supervisedLoss(), weigh: 'token mean' },
  'reward model': { loss: bradleyTerryLoss(), ...rewardModel },
  'reward model with margins': { loss: bradleyTerryLoss(), ...rewardModel, margins: true },
  'reward model with margins, centred': {
    loss: bradleyTerryLoss({ centring: 0.01 }),
    ...rewardModel,
    margins: true,
  },
  'step labels': { loss: stepLabelLoss(), ...processModel },
  'step labels as two classes': { loss: stepLabelLoss(), ...processModel },
}

/** The largest error of value and gradient, relative to the largest of them. */
function errorOf(
  name: string,
  { loss, weigh, advantage = 'advantage', twoEngines, shift, score = 'logprob', ...ours }: Ours,
): number {
  const scores = batch.logprob.map((row, i): TokenScores => ({
    logprob: Float64Array.from(row, (x) => x + (shift?.[i] ?? 0)),
    value: Float64Array.from(ours.rewards ? batch.value[i]!.slice(0, 1) : batch.value[i]!),
    entropy: Float64Array.from(batch.entropy[i]!),
  }))
  const constants = scores.map((_, i): LossConstants => ({
    advantage: batch[advantage][i]!,
    weight: weights[weigh](lengths[i]!),
    rolloutLogprob: (twoEngines ? batch.samplingLogprob : batch.startLogprob)[i]!,
    oldLogprob: batch.startLogprob[i]!,
    referenceLogprob: batch.referenceLogprob[i]!,
    valueTarget: batch[ours.valueTarget ?? 'returns'][i]!,
    oldValue: batch.samplingValue[i]!,
    margin: ours.margins && batch.margin[i / 2],
  }))
  const expected = golden.cases.find((c) => c.name === name)!
  const { value, cotangents } = loss.evaluate(scores, constants)
  const pairs = expected.gradient.flatMap((row, i) => row.map((g, t) => [cotangents[i]![score]?.[t] ?? 0, g] as const))
  const scale = Math.max(Math.abs(expected.value), ...pairs.map(([, g]) => Math.abs(g)))
  return Math.max(Math.abs(value - expected.value), ...pairs.map(([c, g]) => Math.abs(c - g))) / scale
}

describe('value and gradient against TRL, verl and PyTorch', () => {
  it('has every case but the one that is here to differ', () => {
    const known = [...Object.keys(ours), 'orpo, likelihood by token']
    expect(golden.cases.map(({ name }) => name).sort()).toEqual(known.sort())
  })

  it.each(Object.entries(ours))('%s', (name, row) => {
    // Both sides are float64, a few dozen roundings apart; verl's GSPO has another 1e-8 under its means.
    expect(errorOf(name, row)).toBeLessThan(name === 'verl gspo' ? 1e-8 : 1e-13)
  })

  it('reverse distillation, whose KL is that of GKD with β = 1', () => {
    const { student, teacher, value, gradient } = golden['reverse distillation']
    const rows = student.map((row, t) => [fromLogits(row), fromLogits(teacher[t]!)] as const)
    const klToReference = Float64Array.from(rows, ([p, q]) => klDivergence(p, q))
    const scores = [{ klToReference }]
    const loss = reverseDistillationLoss().evaluate(scores, [{ weight: 1 / rows.length }])
    expect(loss.value).toBeCloseTo(value, 13)
    rows.forEach(([p, q], t) =>
      reverseKlGradient(p, q).forEach((slope, v) =>
        expect(loss.cotangents[0]!.klToReference![t]! * slope).toBeCloseTo(gradient[t]![v]!, 13),
      ),
    )
  })
})

describe('differences that are meant', () => {
  /** What is different, the case of the other trainer, what we do by default, and how far apart the two are here. */
  const differences: readonly [string, string, Ours, number][] = [
    [
      'TRL takes IPO’s log-ratios per token, the paper and we take sums; lengthNormalised does as TRL',
      'ipo beta 0.1',
      { loss: ipoLoss(), weigh: 'mean over pairs' },
      0.1,
    ],
    [
      'ORPO’s likelihood is a mean per sequence here, and one over all chosen tokens (and prompts) in TRL',
      'orpo, likelihood by token',
      { loss: orpoLoss({ lambda: 0.3 }), weigh: 'mean over pairs' },
      0.001,
    ],
    [
      'TRL’s epsilon_high of CISPO is the bound of the ratio, ours and verl’s the distance of the bound from 1',
      'cispo',
      { loss: clippedImportanceLoss({ clipHigh: 2 }), weigh: 'token mean' },
      0.01,
    ],
    [
      'verl cuts log-ratios off at ± 20, we only on request',
      'verl vanilla, far off-policy',
      { loss: ppoClipLoss({ dualClip: 1e12 }), weigh: 'token mean', shift: [25, 0, 0, 21, 0, -23] },
      0.1,
    ],
    [
      'verl’s dual clip is on by default, ours on request',
      'verl vanilla',
      { loss: ppoClipLoss(), weigh: 'token mean' },
      0.01,
    ],
    [
      'TRL’s RLOO clips the ratio of the whole sequence, the rows named RLOO here the policy gradient without a ratio',
      'rloo',
      { loss: policyGradientLoss(), weigh: 'mean over sequences' },
      0.1,
    ],
  ]

  it.each(differences)('%s', (_, name, row, apart) => {
    expect(errorOf(name, row)).toBeGreaterThan(apart)
  })
})
