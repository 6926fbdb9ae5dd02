import { invalidArgument } from '@posttrain/core'

/** Requires an even number of sequences. */
export function requirePairs(sequences: readonly unknown[]): void {
  if (sequences.length % 2 === 0) return
  throw invalidArgument(
    `there are ${sequences.length} sequences, but pairs are needed`,
    'pass chosen, rejected, chosen, …',
  )
}
