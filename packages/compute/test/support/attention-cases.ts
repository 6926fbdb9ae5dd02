import { calls, headCounts, size, zeros } from './arbitraries.js'
import type { KernelCase } from './kernel-case.js'

const attentionSizes = { batch: size(0, 3), length: size(0, 70), headCounts, headSize: size(1, 33) }

/** Attention and rotary positions. */
export const attentionCases: Readonly<Record<string, KernelCase>> = {
  rotary: {
    bound: 1e-6,
    outputs: ['x'],
    calls: calls(
      { rows: size(0, 30), heads: size(0, 4), half: size(1, 17), more: size(0, 9) },
      ({ rows, heads, half, more }, d) => ({
        x: d.normal(rows * (2 * heads * half + more + 1)),
        positions: d.indices(rows, 11),
        angles: d.normal(11 * 2 * half),
      }),
      ({ heads, half, more }) => ({
        headSize: 2 * half,
        columns: 2 * heads * half + more + 1,
        inverse: more % 2 === 0,
      }),
    ),
  },
  attention: {
    bound: 2e-6,
    outputs: ['out', 'probabilities'],
    calls: calls(attentionSizes, ({ batch, length, headCounts: { heads, keyValueHeads }, headSize }, d) => ({
      qkv: d.normal(batch * length * (heads + 2 * keyValueHeads) * headSize),
      out: zeros(batch * length * heads * headSize),
      probabilities: d.normal(batch * heads * length * length),
    })),
  },
  attentionBackward: {
    bound: 2e-6,
    outputs: ['gradQkv'],
    calls: calls(attentionSizes, ({ batch, length, headCounts: { heads, keyValueHeads }, headSize }, d) => ({
      qkv: d.normal(batch * length * (heads + 2 * keyValueHeads) * headSize),
      // Lower triangular as the forward pass leaves it; rows need not sum to 1 for the formula to be the same.
      probabilities: d
        .uniform(batch * heads * length * length)
        .map((p, i) => (i % length <= Math.floor(i / length) % length ? Math.fround(p / length) : 0)),
      gradOut: d.normal(batch * length * heads * headSize),
      gradQkv: d.normal(batch * length * (heads + 2 * keyValueHeads) * headSize),
    })),
  },
  cachedAttention: {
    bound: 2e-6,
    outputs: ['out', 'keys', 'values'],
    calls: calls(
      { batch: size(0, 5), headCounts, headSize: size(1, 33), capacity: size(1, 40) },
      ({ batch, headCounts: { heads, keyValueHeads }, headSize, capacity }, d) => ({
        qkv: d.normal(batch * (heads + 2 * keyValueHeads) * headSize),
        keys: d.normal(batch * capacity * keyValueHeads * headSize),
        values: d.normal(batch * capacity * keyValueHeads * headSize),
        positions: d.indices(batch, capacity),
        out: zeros(batch * heads * headSize),
      }),
    ),
  },
}
