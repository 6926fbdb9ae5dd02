import { requireLength } from '@posttrain/core'
import type { Distribution } from '../distribution.js'

/** How far a distribution p is from q; at least 0, and 0 for p = q. */
export type Divergence = (p: Distribution, q: Distribution) => number

/** One outcome: its two probabilities, their logs, and log q − log p. */
export interface Entry {
  readonly p: number
  readonly q: number
  readonly logP: number
  readonly logQ: number
  /** log q − log p: ±∞ where one is impossible. */
  readonly d: number
}

/** Σ over the outcomes that are possible under p or q. */
export function sumOverEntries(p: Distribution, q: Distribution, term: (entry: Entry) => number): number {
  requireLength('q', q.probabilities, p.probabilities.length)
  let sum = 0
  for (let i = 0; i < p.logprobs.length; i++) {
    const [logP, logQ] = [p.logprobs[i]!, q.logprobs[i]!]
    if (logP === -Infinity && logQ === -Infinity) continue
    sum += term({ p: p.probabilities[i]!, q: q.probabilities[i]!, logP, logQ, d: logQ - logP })
  }
  return sum
}
