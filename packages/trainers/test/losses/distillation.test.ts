import { describe, expect, it } from 'vitest'
import {
  distillationAdvantages,
  forwardDistillationLoss,
  policyGradientLoss,
  reverseDistillationLoss,
} from '@posttrain/trainers'
import { addGradient, completions, differentiate, type TwoTokens } from './support/two-tokens.js'

const student: TwoTokens = [
  [0.3, -0.2],
  [0.1, 0.4],
  [-0.5, 0.2],
]
const teacher: TwoTokens = [
  [-0.4, 0.1],
  [0.6, -0.1],
  [0.2, 0.3],
]
const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0)

/** E over completions of `from` of the loss's gradient in the student's logits. */
function expectedGradient(from: TwoTokens, toGo: boolean | undefined): number[] {
  const gradient = new Array<number>(6).fill(0)
  const [own, taught] = [completions(student), completions(teacher)]
  completions(from).forEach((drawn, i) => {
    const { logprob } = own[i]!
    const loss = toGo === undefined ? forwardDistillationLoss() : policyGradientLoss()
    const advantage = toGo === undefined ? 0 : distillationAdvantages(taught[i]!.logprob, logprob, { toGo })
    const { cotangents } = loss.evaluate([{ logprob }], [{ advantage, weight: drawn.probability }])
    addGradient(gradient, student, drawn, cotangents[0]!)
  })
  return gradient
}

const same = (actual: readonly number[], expected: readonly number[]): void =>
  // central differences with h = 1e-5 are good to 1e-10
  actual.forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 9))

describe('forwardDistillationLoss', () => {
  it('on samples of the teacher, has the gradient of KL(teacher ‖ student) of whole completions', () => {
    const forwardKl = (of: TwoTokens): number =>
      sum(
        completions(teacher).map(
          ({ probability, logprob }, i) => probability * (sum(logprob) - sum(completions(of)[i]!.logprob)),
        ),
      )
    same(expectedGradient(teacher, undefined), differentiate(forwardKl, student))
  })
})

describe('distillationAdvantages', () => {
  const reverseKl = (of: TwoTokens): number =>
    sum(
      completions(of).map(
        ({ probability, logprob }, i) => probability * (sum(logprob) - sum(completions(teacher)[i]!.logprob)),
      ),
    )

  it('to go, has the gradient of KL(student ‖ teacher) of whole completions', () => {
    same(expectedGradient(student, true), differentiate(reverseKl, student))
  })

  it('by token, has that of the next-token KLs at the student’s prefixes, held fixed', () => {
    // KL of the row for a prefix, weighed by the present probability of the prefix, which does not move.
    const prefixes = [
      1,
      ...[0, 1].map((a) => sum(completions(student).map((c) => (c.tokens[0] === a ? c.probability : 0)))),
    ]
    const rowKl = (p: readonly number[], q: readonly number[]): number => {
      const normal = (row: readonly number[]) => row.map((x) => x - Math.log(sum(row.map(Math.exp))))
      return sum(normal(p).map((x, v) => Math.exp(x) * (x - normal(q)[v]!)))
    }
    const fixed = (of: TwoTokens): number => sum(of.map((row, r) => prefixes[r]! * rowKl(row, teacher[r]!)))
    same(expectedGradient(student, false), differentiate(fixed, student))
    expect(fixed(student)).toBeCloseTo(reverseKl(student), 12)
  })

  it('refuses what does not match', () => {
    expect(() => distillationAdvantages([-1], [-1, -2])).toThrow('logprob must have 1 entries, but has 2')
    expect(() => distillationAdvantages([-Infinity], [-1])).toThrow('teacherLogprob[0] must be a finite number')
  })
})

describe('reverseDistillationLoss', () => {
  it('is the weighted sum of exact next-token KLs, and reports their mean', () => {
    const scores = [{ logprob: Float64Array.of(-1, -2), referenceKl: Float64Array.of(0.25, 0.75) }]
    const { value, cotangents, metrics } = reverseDistillationLoss().evaluate(scores, [{ advantage: 0, weight: 0.5 }])
    expect([value, metrics['kl']]).toEqual([0.5, 0.5])
    expect(cotangents).toEqual([{ referenceKl: Float64Array.of(0.5, 0.5) }])
  })

  it('refuses scores without the teacher', () => {
    expect(() =>
      reverseDistillationLoss().evaluate([{ logprob: Float64Array.of(-1) }], [{ advantage: 0, weight: 1 }]),
    ).toThrow('sequence 0 has no referenceKl')
  })
})
