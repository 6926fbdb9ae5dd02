import { describe, expect, it } from 'vitest'
import {
  centredAdvantages,
  majorityObjective,
  maxAtKObjective,
  passAtKObjective,
  standardisedAdvantages,
} from '@posttrain/estimators'
import type { ScoredOutcome } from '@posttrain/core'
import type { Baseline, BiasedAdvantages } from '@posttrain/estimators'
import { bestValue, exactExpectation, exactGradient, pluralityValue } from '@posttrain/laws'
import { expectClose } from '../outcomes.js'
import { answering, binary, compare, continuous, stepMoments } from './tiny-policy.js'

/** Two digits are lost where a table shows four. */
const shown = 5e-5

describe('the exact objective and its gradient', () => {
  it('are the golden ones of pass@2 and maj@3', () => {
    expect(exactExpectation(binary, 2, bestValue)).toBeCloseTo(0.596042, 6)
    expectClose(exactGradient(binary, 2, bestValue), [-0.125294, 0.132539, -0.169129, 0.161884], 1e-6)
    expect(exactExpectation(answering, 3, pluralityValue())).toBeCloseTo(0.740165, 6)
    expectClose(exactGradient(answering, 3, pluralityValue()), [0.120857, -0.123681, 0.16314, -0.160316], 1e-6)
  })
})

describe('variances of the leave-one-out estimator with n = k, and of the credit alone', () => {
  it.each([
    [2, 0.7447, 0.176, 0.7519, 0.3314],
    [3, 1.3739, 0.1039, 1.411, 0.3198],
    [4, 2.0656, 0.0618, 2.177, 0.2814],
  ])('k = %d: max %d → %d, pass %d → %d', (k, naive, leaveOneOut, naiveBinary, leaveOneOutBinary) => {
    const variance = (policy: typeof binary, baseline: Baseline): number =>
      stepMoments(policy, k, (outcomes) => maxAtKObjective({ k, baseline }).advantages(outcomes)).variance
    expectClose(
      [variance(continuous, 'none'), variance(continuous, 'leave-one-out-minus-one')],
      [naive, leaveOneOut],
      shown,
    )
    expectClose(
      [variance(binary, 'none'), variance(binary, 'leave-one-out-minus-one')],
      [naiveBinary, leaveOneOutBinary],
      shown,
    )
  })

  it.each([
    [2, 0.1771],
    [3, 0.2216],
    [4, 0.3501],
  ])('majority, k = %d: %d', (k, expected) => {
    const { mean, variance } = stepMoments(answering, k, (outcomes) => majorityObjective({ k }).advantages(outcomes))
    expectClose([variance], [expected], shown)
    expectClose(mean, exactGradient(answering, k, pluralityValue()), 1e-12)
  })
})

describe('variances of the PKPO family', () => {
  it.each([
    [3, 2, [0.4617, 0.3831, 0.0831], [0.4436, 0.6653, 0.1637]],
    [4, 2, [0.3376, 0.1419, 0.0538], [0.3183, 0.2348, 0.1085]],
    [4, 3, [0.9863, 0.3023, 0.0497], [0.9624, 0.6484, 0.1635]],
  ])('n = %d, k = %d', (n, k, expected, expectedBinary) => {
    const baselines = ['none', 'leave-one-out', 'leave-one-out-minus-one'] as const
    const variances = (policy: typeof binary, objective: typeof passAtKObjective): number[] =>
      baselines.map((baseline) => stepMoments(policy, n, (o) => objective({ k, baseline }).advantages(o)).variance)
    expectClose(variances(continuous, maxAtKObjective), expected, shown)
    expectClose(variances(binary, passAtKObjective), expectedBinary, shown)
  })

  it('are close to those of leave-two-out, which is not uniformly lower', () => {
    const variance = (policy: typeof binary, n: number, k: number): number =>
      stepMoments(policy, n, (o) => maxAtKObjective({ k, baseline: 'leave-two-out' }).advantages(o)).variance
    expectClose(
      [variance(continuous, 4, 2), variance(binary, 4, 2), variance(continuous, 4, 3)],
      [0.0519, 0.1225, 0.0761],
      shown,
    )
  })
})

/** Advantages per sample over n: the step is their average. */
const averaged =
  ({ advantages }: BiasedAdvantages) =>
  (outcomes: readonly ScoredOutcome[]): number[] =>
    advantages(outcomes).map((advantage) => advantage / outcomes.length)

describe('the biased variants change scale and direction as tabulated', () => {
  it.each([
    [2, 1.098, 0.969, 0.1042, 2.25, 0.988, 0.926],
    [3, 1.173, 0.965, 0.105, 2.529, 0.996, 0.751],
    [4, 1.105, 0.979, 0.0761, 2.666, 0.999, 0.536],
  ])('continuous, k = %d', (k, ratio, cosine, variance, ratioStd, cosineStd, varianceStd) => {
    const truth = exactGradient(continuous, k, bestValue)
    const objective = maxAtKObjective({ k })
    const centred = stepMoments(continuous, k, averaged(centredAdvantages(objective)))
    const divided = stepMoments(continuous, k, averaged(standardisedAdvantages(objective)))
    const found = [compare(centred.mean, truth), compare(divided.mean, truth)]
    expectClose(
      [found[0]!.ratio, found[0]!.cosine, found[1]!.ratio, found[1]!.cosine, divided.variance],
      [ratio, cosine, ratioStd, cosineStd, varianceStd],
      6e-4, // three decimals, some rounded twice
    )
    expectClose([centred.variance], [variance], shown)
  })

  it.each([
    [2, 0.787, Math.SQRT2],
    [3, 1.049, Math.sqrt(3)],
    [4, 1.18, 2],
  ])('binary, k = %d: collinear, but scaled', (k, centredRatio, dividedRatio) => {
    const truth = exactGradient(binary, k, bestValue)
    const objective = passAtKObjective({ k })
    const centred = compare(stepMoments(binary, k, averaged(centredAdvantages(objective))).mean, truth)
    const divided = compare(stepMoments(binary, k, averaged(standardisedAdvantages(objective))).mean, truth)
    expectClose([centred.ratio, centred.cosine, divided.cosine], [centredRatio, 1, 1], 5.1e-4)
    expect(divided.ratio).toBeCloseTo(dividedRatio, 10)
  })
})

describe('how often pass@k training sees a signal with n = k', () => {
  it.each([2, 4, 8])('k = %d: k·p·(1−p)^(k−1), greatest at p = 1/k', (k) => {
    const objective = passAtKObjective({ k })
    const signals = Array.from({ length: k + 1 }, (_, correct) =>
      objective
        .advantages(Array.from({ length: k }, (_, i) => ({ kind: 'scored', reward: i < correct ? 1 : 0 })))
        .some((advantage) => advantage !== 0),
    )
    expect(signals).toEqual(signals.map((_, correct) => correct === 1))
  })
})
