import fc from 'fast-check'
import { draw, type Draw } from './draw.js'
import type { KernelCall } from './run-kernel.js'

/** Adversarial sizes: empty, one, odd, prime, whole tiles, one beyond a tile. */
export const size = (min: number, max: number): fc.Arbitrary<number> => {
  const awkward = [0, 1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 31, 32, 33, 39, 64, 67].filter((x) => x >= min && x <= max)
  return fc.oneof(fc.constantFrom(...awkward), fc.integer({ min, max }))
}

/** Contents of a buffer that is written to. */
export const zeros = (count: number): number[] => new Array<number>(count).fill(0)

const seed = fc.integer({ min: 0, max: 2 ** 31 })

const isRecord = (value: unknown): boolean => typeof value === 'object' && !Array.isArray(value)

/** Calls from sizes by name and a way to fill the buffers. */
export function calls<S>(
  sizes: { [K in keyof S]: fc.Arbitrary<S[K]> },
  build: (sizes: S, draw: Draw) => KernelCall['buffers'],
  derive: (sizes: S) => KernelCall['settings'] = () => ({}),
): fc.Arbitrary<KernelCall> {
  return fc.tuple(fc.record(sizes), seed).map(([settings, s]) => ({
    // Sizes that are drawn together are one record.
    settings: { ...Object.assign({}, settings, ...Object.values(settings).filter(isRecord)), ...derive(settings as S) },
    buffers: build(settings as S, draw(s)),
  }))
}

/** The activations there are. */
export const activationKind = fc.constantFrom('relu', 'gelu', 'silu')

/** Ordinary, multi-query and grouped attention: numbers of query heads and of heads of keys and values. */
export const headCounts = fc.constantFrom(
  { heads: 1, keyValueHeads: 1 },
  { heads: 2, keyValueHeads: 2 },
  { heads: 3, keyValueHeads: 3 },
  { heads: 3, keyValueHeads: 1 },
  { heads: 4, keyValueHeads: 2 },
  { heads: 6, keyValueHeads: 2 },
)

/** Rows of logits of several kinds: ordinary, large, and with masked tokens. The first token is never masked. */
export function logits(rows: number, vocabulary: number, d: Draw): number[] {
  const scales = d.indices(rows, 3)
  const values = d.normal(rows * vocabulary, 2)
  const masked = d.uniform(rows * vocabulary)
  return values.map((x, i) => {
    const kind = scales[Math.floor(i / vocabulary)]
    if (kind === 1) return Math.fround(x * 5000)
    return kind === 2 && i % vocabulary > 0 && masked[i]! < 0.4 ? -Infinity : x
  })
}
