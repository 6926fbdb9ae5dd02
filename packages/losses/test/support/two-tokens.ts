import type { Loss, LossConstants, TokenCotangents } from '@posttrain/core'

/**
 * A policy of two tokens from two, with logits of the first and of the second after each first: small enough to write
 * out.
 */
export type TwoTokens = readonly [first: readonly number[], after0: readonly number[], after1: readonly number[]]

/** Two policies that differ. */
export const policies: Readonly<Record<'one' | 'other', TwoTokens>> = {
  one: [
    [0.3, -0.2],
    [0.1, 0.4],
    [-0.5, 0.2],
  ],
  other: [
    [-0.4, 0.1],
    [0.6, -0.1],
    [0.2, 0.3],
  ],
}

/** Probabilities of a row of logits. */
const softmax = (logits: readonly number[]): number[] => {
  const weights = logits.map(Math.exp)
  const total = weights.reduce((a, b) => a + b, 0)
  return weights.map((w) => w / total)
}

/** One completion, with its tokens' log-probs. */
export interface Completion {
  readonly tokens: readonly [number, number]
  readonly probability: number
  readonly logprob: Float64Array
}

/** All four completions. */
export const completions = (policy: TwoTokens): Completion[] =>
  [0, 1].flatMap((a) =>
    [0, 1].map((b): Completion => {
      const [p, q] = [softmax(policy[0])[a]!, softmax(policy[(a + 1) as 1 | 2])[b]!]
      return { tokens: [a, b], probability: p * q, logprob: Float64Array.of(Math.log(p), Math.log(q)) }
    }),
  )

/** Adds what cotangents of a completion's log-probs are in the six logits. */
function addGradient(into: number[], policy: TwoTokens, { tokens }: Completion, { logprob }: TokenCotangents): void {
  const rows = [0, tokens[0] + 1]
  rows.forEach((row, t) =>
    softmax(policy[row as 0 | 1 | 2]).forEach((p, v) => {
      into[2 * row + v]! += (logprob?.[t] ?? 0) * ((v === tokens[t] ? 1 : 0) - p)
    }),
  )
}

/** E over completions that `drawnBy` draws of the loss's gradient in the policy's six logits. */
export function expectedGradient(
  loss: Loss,
  policy: TwoTokens,
  drawnBy: TwoTokens,
  constants: (drawn: Completion, i: number) => Omit<LossConstants, 'weight'>,
): number[] {
  const gradient = new Array<number>(6).fill(0)
  const present = completions(policy)
  completions(drawnBy).forEach((drawn, i) => {
    const own = { ...constants(drawn, i), weight: drawn.probability }
    const { cotangents } = loss.evaluate([{ logprob: present[i]!.logprob }], [own])
    addGradient(gradient, policy, drawn, cotangents[0]!)
  })
  return gradient
}

/** The gradient of a number in the six logits, by central differences. */
export function differentiate(value: (policy: TwoTokens) => number, at: TwoTokens): number[] {
  const h = 1e-5
  const moved = (row: number, v: number, change: number): TwoTokens =>
    at.map((logits, r) => logits.map((x, u) => (r === row && u === v ? x + change : x))) as unknown as TwoTokens
  return at.flatMap((logits, row) =>
    logits.map((_, v) => (value(moved(row, v, h)) - value(moved(row, v, -h))) / (2 * h)),
  )
}
