import { fromLogits, klDivergence, type Distribution } from '@posttrain/kl'
import type { TokenCotangents, TokenScores } from '@posttrain/core'

/**
 * A policy over all sequences of a fixed length: one softmax per prefix, each with logits of its own. Small enough to
 * write out every sequence, so that expectations and their gradients in the logits are exact.
 */
export interface SequencePolicy {
  readonly vocabulary: number
  readonly length: number
  /** Next-token distribution by prefix, in the order of `prefixIndex`. */
  readonly rows: readonly Distribution[]
}

/** Prefixes shorter than `length`: 1 + V + V² + … */
export const prefixCount = (vocabulary: number, length: number): number =>
  Array.from({ length }, (_, t) => vocabulary ** t).reduce((a, b) => a + b, 0)

/** A policy from one row of logits per prefix. */
export const sequencePolicy = (vocabulary: number, length: number, logits: readonly number[]): SequencePolicy => ({
  vocabulary,
  length,
  rows: Array.from({ length: prefixCount(vocabulary, length) }, (_, i) =>
    fromLogits(logits.slice(i * vocabulary, (i + 1) * vocabulary)),
  ),
})

/** One sequence with the rows its tokens are drawn from. */
export interface Sequence {
  readonly tokens: readonly number[]
  readonly prefixes: readonly number[]
}

/** Every sequence. */
export function* sequences({ vocabulary, length }: SequencePolicy): Generator<Sequence, void> {
  for (let code = 0; code < vocabulary ** length; code++) {
    const tokens = Array.from({ length }, (_, t) => Math.floor(code / vocabulary ** (length - 1 - t)) % vocabulary)
    const prefixes: number[] = []
    let prefix = 0
    for (const token of tokens) {
      prefixes.push(prefix)
      prefix = prefix * vocabulary + token + 1 // a heap: children of i are iV + 1 … iV + V
    }
    yield { tokens, prefixes }
  }
}

/** log π of each token of a sequence. */
export const logprobsOf = ({ rows }: SequencePolicy, { tokens, prefixes }: Sequence): Float64Array =>
  Float64Array.from(tokens, (token, t) => rows[prefixes[t]!]!.logprobs[token]!)

/** π(sequence). */
export const probabilityOf = (policy: SequencePolicy, sequence: Sequence): number =>
  Math.exp(logprobsOf(policy, sequence).reduce((a, b) => a + b, 0))

/** The scores of a sequence, with the exact next-token KL to a reference. */
export const scoresOf = (policy: SequencePolicy, reference: SequencePolicy, sequence: Sequence): TokenScores => ({
  logprob: logprobsOf(policy, sequence),
  klToReference: Float64Array.from(sequence.prefixes, (row) => klDivergence(policy.rows[row]!, reference.rows[row]!)),
})

/** The whole-sequence distribution. */
export const sequenceDistribution = (policy: SequencePolicy): Float64Array =>
  Float64Array.from(sequences(policy), (sequence) => probabilityOf(policy, sequence))

/** Σ over sequences of their probability under `sampler` times a number. */
export function expectation(sampler: SequencePolicy, value: (sequence: Sequence) => number): number {
  let sum = 0
  for (const sequence of sequences(sampler)) sum += probabilityOf(sampler, sequence) * value(sequence)
  return sum
}

/**
 * The expected gradient in all logits that cotangents amount to: a log-prob's derivative is 1[v = token] − π(v), the
 * next-token KL's is π(v)·(log π(v)/ref(v) − KL).
 */
export function expectedGradient(
  policy: SequencePolicy,
  reference: SequencePolicy,
  sampler: SequencePolicy,
  cotangents: (sequence: Sequence) => TokenCotangents,
): Float64Array {
  const { vocabulary } = policy
  const gradient = new Float64Array(policy.rows.length * vocabulary)
  for (const sequence of sequences(policy)) {
    const weight = probabilityOf(sampler, sequence)
    const { logprob, klToReference } = cotangents(sequence)
    sequence.prefixes.forEach((row, t) => {
      const [p, q] = [policy.rows[row]!, reference.rows[row]!]
      const kl = klToReference === undefined ? 0 : klDivergence(p, q)
      for (let v = 0; v < vocabulary; v++) {
        const score = (v === sequence.tokens[t] ? 1 : 0) - p.probabilities[v]!
        const path = p.probabilities[v]! * (p.logprobs[v]! - q.logprobs[v]! - kl)
        gradient[row * vocabulary + v]! += weight * ((logprob?.[t] ?? 0) * score + (klToReference?.[t] ?? 0) * path)
      }
    })
  }
  return gradient
}

/** ∂f/∂logits by central differences, f a function of the policy with these logits. */
export function centralDifferences(logits: readonly number[], f: (logits: readonly number[]) => number): Float64Array {
  const h = 1e-5
  return Float64Array.from(logits, (_, i) => {
    const moved = (by: number): number => f(logits.map((value, j) => (j === i ? value + by : value)))
    return (moved(h) - moved(-h)) / (2 * h)
  })
}
