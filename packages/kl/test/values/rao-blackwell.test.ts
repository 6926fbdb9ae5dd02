import fc from 'fast-check'
import { createStream } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { klValues, raoBlackwellKl, tokenKl } from '@posttrain/kl'
import { logit } from '../arbitrary-distributions.js'
import { expectation, logprobsOf, prefixCount, sequencePolicy } from '../sequence-policy.js'
import { sequences, type Sequence, type SequencePolicy } from '../sequence-policy.js'

const V = 3
const T = 2
const logits = fc.array(logit(2), {
  minLength: V * prefixCount(V, T),
  maxLength: V * prefixCount(V, T),
})
const policies = logits.map((values) => sequencePolicy(V, T, values))

const monteCarlo = (policy: SequencePolicy, reference: SequencePolicy, s: Sequence): number =>
  tokenKl(klValues.k1, { logprob: logprobsOf(policy, s), referenceLogprob: logprobsOf(reference, s) })
const raoBlackwell = (policy: SequencePolicy, reference: SequencePolicy, s: Sequence): number =>
  raoBlackwellKl(
    s.prefixes.map((row) => policy.rows[row]!),
    s.prefixes.map((row) => reference.rows[row]!),
  )

describe('raoBlackwellKl', () => {
  const moments = (policy: SequencePolicy, value: (s: Sequence) => number): { mean: number; variance: number } => {
    const mean = expectation(policy, value)
    return { mean, variance: expectation(policy, (s) => (value(s) - mean) ** 2) }
  }

  it('has the mean of Monte Carlo, is never negative, and at each position varies less in every case: by enumeration', () => {
    fc.assert(
      fc.property(policies, policies, (policy, reference) => {
        const mc = moments(policy, (s) => monteCarlo(policy, reference, s))
        const rb = moments(policy, (s) => raoBlackwell(policy, reference, s))
        expect(Math.abs(rb.mean - mc.mean)).toBeLessThan(1e-12)
        for (const s of sequences(policy)) expect(raoBlackwell(policy, reference, s)).toBeGreaterThanOrEqual(0)
        for (let t = 0; t < T; t++) {
          const at = (s: Sequence): Sequence => ({ tokens: [s.tokens[t]!], prefixes: [s.prefixes[t]!] })
          const exact = moments(policy, (s) => raoBlackwell(policy, reference, at(s)))
          const sampled = moments(policy, (s) => monteCarlo(policy, reference, at(s)))
          expect(exact.variance).toBeLessThanOrEqual(sampled.variance + 1e-14) // both are 0 for equal policies
          if (t === 0) expect(exact.variance).toBeLessThan(1e-28) // no prefix, no variance
        }
      }),
      { numRuns: 300 },
    )
  })

  /**
   * Summed over positions that need not hold: the exact KL of a later token can be what a sampled log-ratio of an
   * earlier one cancels. Here π gives the second token away, and every sequence has the ratio 2 that the first token
   * alone has not.
   */
  it('can vary more than Monte Carlo over a whole sequence: an example', () => {
    const never = -Infinity
    const policy = sequencePolicy(2, 2, [Math.log(1 / 2), Math.log(1 / 2), 0, never, 0, never])
    const reference = sequencePolicy(2, 2, [
      Math.log(1 / 4),
      Math.log(3 / 4),
      0,
      never,
      Math.log(1 / 3),
      Math.log(2 / 3),
    ])
    const possible = (value: typeof monteCarlo) => (s: Sequence) =>
      s.tokens[1] === 0 ? value(policy, reference, s) : 0
    const mc = moments(policy, possible(monteCarlo))
    const rb = moments(policy, possible(raoBlackwell))
    expect([mc.mean, rb.mean]).toEqual([expect.closeTo(Math.LN2, 14), expect.closeTo(Math.LN2, 14)])
    expect(mc.variance).toBeLessThan(1e-28)
    expect(rb.variance).toBeCloseTo(Math.log(3) ** 2 / 4, 14)
  })

  it('does so for few random policies: 5 of 2,000 over three words and two tokens', () => {
    const stream = createStream(5, 'random policies')
    const random = (): SequencePolicy =>
      sequencePolicy(
        V,
        T,
        Array.from({ length: V * prefixCount(V, T) }, () => 4 * stream.uniform() - 2),
      )
    let more = 0
    for (let i = 0; i < 2000; i++) {
      const [policy, reference] = [random(), random()]
      const mc = moments(policy, (s) => monteCarlo(policy, reference, s))
      if (moments(policy, (s) => raoBlackwell(policy, reference, s)).variance > mc.variance) more++
    }
    expect(more).toBe(5)
  })

  /**
   * In each of 40 batches of 50 samples, does Monte Carlo show the greater sample variance? If the two were
   * exchangeable each batch would say yes with probability ½; at least 36 of 40 has probability 9.3e-8 then. That is
   * the rate of false alarm ("Rao–Blackwell varies less", when it does not) of one comparison, and 9.3e-7 of the ten
   * together.
   */
  it('varies less over whole sequences of random policies, shown with a false-alarm rate of 9.3e-7', () => {
    const binomialTail = (n: number, from: number): number => {
      let [term, tail] = [0.5 ** n, 0]
      for (let k = 0; k <= n; term = (term * (n - k)) / (k + 1), k++) if (k >= from) tail += term
      return tail
    }
    expect(10 * binomialTail(40, 36)).toBeLessThan(9.4e-7)
    for (let trial = 0; trial < 10; trial++) {
      const stream = createStream(11, 'rao-blackwell', trial)
      const random = (): SequencePolicy =>
        sequencePolicy(
          V,
          T,
          Array.from({ length: V * prefixCount(V, T) }, () => 4 * stream.uniform() - 2),
        )
      const [policy, reference] = [random(), random()]
      const all = [...sequences(policy)]
      const draw = (): Sequence => {
        let left = stream.uniform()
        return all.find((s) => (left -= Math.exp(logprobsOf(policy, s).reduce((a, b) => a + b, 0))) < 0) ?? all.at(-1)!
      }
      let greater = 0
      for (let batch = 0; batch < 40; batch++) {
        const samples = Array.from({ length: 50 }, draw)
        const spread = (value: typeof monteCarlo): number => {
          const values = samples.map((s) => value(policy, reference, s))
          const mean = values.reduce((a, b) => a + b, 0) / values.length
          return values.reduce((sum, x) => sum + (x - mean) ** 2, 0)
        }
        if (spread(monteCarlo) > spread(raoBlackwell)) greater++
      }
      expect(greater).toBeGreaterThanOrEqual(36)
    }
  })
})
