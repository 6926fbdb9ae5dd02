import { describe, expect, it } from 'vitest'
import { sum } from '@posttrain/core'
import { distillationAdvantages, policyGradientLoss } from '@posttrain/losses'
import { completions, differentiate, expectedGradient, policies, type TwoTokens } from './support/two-tokens.js'

const { one: student, other: teacher } = policies
const taught = completions(teacher)

/** The expected gradient of the student on its own completions. */
const gradient = (toGo: boolean): number[] =>
  expectedGradient(policyGradientLoss(), student, student, ({ logprob }, i) => ({
    advantage: distillationAdvantages(taught[i]!.logprob, logprob, { toGo }),
  }))

const same = (actual: readonly number[], expected: readonly number[]): void =>
  // central differences with h = 1e-5 are good to 1e-10
  actual.forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 9))

describe('distillationAdvantages', () => {
  const reverseKl = (of: TwoTokens): number =>
    sum(
      completions(of).map(
        ({ probability, logprob }, i) => probability * (sum(logprob) - sum(completions(teacher)[i]!.logprob)),
      ),
    )

  it('to go, has the gradient of KL(student ‖ teacher) of whole completions', () => {
    same(gradient(true), differentiate(reverseKl, student))
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
    same(gradient(false), differentiate(fixed, student))
    expect(fixed(student)).toBeCloseTo(reverseKl(student), 12)
  })

  it('refuses what does not match', () => {
    expect(() => distillationAdvantages([-1], [-1, -2])).toThrow('logprob must have 1 entries, but has 2')
    expect(() => distillationAdvantages([-Infinity], [-1])).toThrow('teacherLogprob[0] must be a finite number')
  })
})
