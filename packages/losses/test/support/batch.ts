import fc from 'fast-check'
import type { LossConstants, TokenScores } from '@posttrain/core'

/** A type with all of its fields there. */
type Full<T> = { readonly [K in keyof T]-?: NonNullable<T[K]> }

/** Scores and constants of a batch, with everything that any loss reads; self-certainty is not differentiated. */
export interface Batch {
  readonly scores: readonly Full<Omit<TokenScores, 'selfCertainty'>>[]
  readonly constants: readonly Full<LossConstants>[]
}

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const perToken = (tokens: number, min: number, max: number) =>
  fc.array(number(min, max), { minLength: tokens, maxLength: tokens })

/**
 * One sequence; ratios of adjacent policies are from e^-0.8 to e^0.8, so that clips of 0.2 to 1.5 are met on both
 * sides.
 */
const sequence = fc.integer({ min: 1, max: 5 }).chain((tokens) =>
  fc
    .record({
      rolloutLogprob: perToken(tokens, -3, -1.8),
      toOld: perToken(tokens, -0.8, 0.8),
      toPresent: perToken(tokens, -0.8, 0.8),
      toReference: perToken(tokens, -0.8, 0.8),
      advantage: fc.oneof(number(-2, 2), perToken(tokens, -2, 2)),
      weight: number(0.1, 1),
      valueTarget: perToken(tokens, -2, 2),
      oldValue: perToken(tokens, -2, 2),
      margin: number(-1, 1),
      value: perToken(tokens, -2, 2),
      entropy: perToken(tokens, 0, 2),
      klToReference: perToken(tokens, 0, 2),
    })
    .map((drawn) => {
      const { rolloutLogprob, advantage, weight, valueTarget, oldValue, margin } = drawn
      const plus = (a: readonly number[], b: readonly number[]) => a.map((x, t) => x + b[t]!)
      const oldLogprob = plus(rolloutLogprob, drawn.toOld)
      const referenceLogprob = plus(oldLogprob, drawn.toReference)
      const [logprob, value, entropy, klToReference] = [
        plus(oldLogprob, drawn.toPresent),
        drawn.value,
        drawn.entropy,
        drawn.klToReference,
      ].map((x) => Float64Array.from(x)) as [Float64Array, Float64Array, Float64Array, Float64Array]
      return {
        scores: { logprob, value, entropy, klToReference },
        constants: { advantage, weight, rolloutLogprob, oldLogprob, referenceLogprob, valueTarget, oldValue, margin },
      }
    }),
)

/** An even number of sequences, so that they can be pairs too. */
export const batches: fc.Arbitrary<Batch> = fc
  .integer({ min: 1, max: 3 })
  .chain((pairs) => fc.array(sequence, { minLength: 2 * pairs, maxLength: 2 * pairs }))
  .map((sequences) => ({
    scores: sequences.map((s) => s.scores),
    constants: sequences.map((s) => s.constants),
  }))

/** A batch of single tokens with the ratios to earlier log-probs given. */
export function tokensWithRatios(ratios: readonly number[], advantage: number): Batch {
  const one = [0]
  return {
    scores: ratios.map((ratio) => ({
      logprob: Float64Array.of(Math.log(ratio)),
      value: Float64Array.of(0),
      entropy: Float64Array.of(0),
      klToReference: Float64Array.of(0),
    })),
    constants: ratios.map(() => ({
      advantage,
      weight: 1,
      rolloutLogprob: one,
      oldLogprob: one,
      referenceLogprob: one,
      valueTarget: one,
      oldValue: one,
      margin: 0,
    })),
  }
}

/** Plain sequences of given log-probs, with weight 1 and log-probs under the reference if given. */
export const sequences = (
  logprobs: readonly (readonly number[])[],
  references?: readonly (readonly number[])[],
): [TokenScores[], LossConstants[]] => [
  logprobs.map((x) => ({ logprob: Float64Array.from(x) })),
  logprobs.map((_, i) => ({ weight: 1, referenceLogprob: references?.[i] })),
]
