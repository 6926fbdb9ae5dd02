import type { Device } from '@posttrain/compute'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { devices } from './support/devices.js'
import { draw } from './support/draw.js'
import { openOrSkip } from './support/open-or-skip.js'
import { runKernel } from './support/run-kernel.js'

/** f32 rounds weights at 2e-7; a border between two tokens, or of a cut, may be off by a few of those. */
const BORDER = 1e-6

interface Cuts {
  readonly temperature: number
  readonly topK?: number
  readonly topP?: number
  readonly minP?: number
}

/** The distribution after the cuts, by their definitions; undefined where a token lies on the border of a cut. */
function distribution(x: readonly number[], cuts: Cuts): readonly number[] | undefined {
  const { temperature, topK = x.length, topP = 1, minP = 0 } = cuts
  const max = Math.max(...x)
  const normalised = (weights: readonly number[]): number[] => {
    const total = weights.reduce((a, b) => a + b, 0)
    return weights.map((w) => w / total)
  }
  let p = normalised(x.map((v) => Math.exp((v - max) / temperature)))
  p = normalised(p.map((q, v) => (x.filter((other) => other > x[v]!).length < topK ? q : 0)))
  const before = x.map((v) => p.reduce((sum, q, w) => (x[w]! > v ? sum + q : sum), 0))
  const onBorder = (value: number, border: number, v: number): boolean =>
    p[v]! > 0 && x[v]! < max && Math.abs(value - border) < BORDER
  if (topP < 1 && before.some((mass, v) => onBorder(mass, topP, v))) return undefined
  if (topP < 1) p = normalised(p.map((q, v) => (before[v]! < topP ? q : 0)))
  const largest = Math.max(...p)
  if (p.some((q, v) => onBorder(q / largest, minP, v))) return undefined
  return normalised(p.map((q) => (q >= minP * largest ? q : 0)))
}

/** Rows of logits with masked tokens, and where `ties` with few different values. */
const rowsOfLogits = (rows: number, vocabulary: number, ties: boolean, seed: number): number[] =>
  draw(seed)
    .normal(rows * vocabulary, 2)
    .map((x) => (ties ? Math.round(x) : x))
    .map((x, i) => (i % vocabulary > 0 && i % 7 === 6 ? -Infinity : x))

const cases = fc.record({
  vocabulary: fc.constantFrom(1, 2, 3, 4, 5, 31, 39, 64),
  rows: fc.nat(20),
  ties: fc.boolean(),
  seed: fc.nat(),
  cuts: fc.record(
    {
      temperature: fc.constantFrom(0, 0.3, 1, 2),
      topK: fc.constantFrom(1, 2, 5, 40, 1000),
      topP: fc.constantFrom(0.05, 0.5, 0.9, 1),
      minP: fc.constantFrom(0, 0.05, 0.3, 1),
    },
    { requiredKeys: ['temperature'] },
  ),
})

async function sample(device: Device, logits: number[], uniforms: number[], cuts: Cuts) {
  const rows = uniforms.length
  const settings = { rows, vocabulary: rows === 0 ? 1 : logits.length / rows, ...cuts }
  const buffers = { logits, uniforms, tokens: new Int32Array(rows), logprob: draw(1).normal(rows) }
  const { tokens, logprob } = await runKernel(device, 'sampleTokens', { settings, buffers })
  return { tokens: tokens!, logprob: logprob! }
}

describe('sampleTokens', () => {
  it.for(Object.keys(devices))(
    'on %s takes the token of the uniform, but within 1e-6 of a border',
    async (name, test) => {
      const device = await openOrSkip(name, test)
      await fc.assert(
        fc.asyncProperty(cases, async ({ vocabulary, rows, ties, seed, cuts }) => {
          const logits = rowsOfLogits(rows, vocabulary, ties, seed)
          const uniforms = draw(seed + 1).uniform(rows)
          const { tokens, logprob } = await sample(device, logits, uniforms, cuts)
          for (let row = 0; row < rows; row++) {
            const x = logits.slice(row * vocabulary, (row + 1) * vocabulary)
            const token = tokens[row]!
            const max = Math.max(...x)
            // The log-prob is that of the model: at temperature 1 and uncut.
            const logSum = Math.log(x.reduce((sum, v) => sum + Math.exp(v - max), 0))
            expect(Math.abs(logprob[row]! - (x[token]! - max - logSum))).toBeLessThan(2e-6)
            if (cuts.temperature === 0) {
              expect(token).toBe(x.indexOf(max))
              continue
            }
            const p = distribution(x, cuts)
            if (p === undefined) continue
            const below = p.slice(0, token).reduce((a, b) => a + b, 0)
            const u = uniforms[row]!
            expect(p[token], `row ${row}`).toBeGreaterThan(0)
            expect(u >= below - BORDER && u <= below + p[token]! + BORDER, `row ${row}`).toBe(true)
          }
        }),
        { numRuns: 200 },
      )
      device.dispose()
    },
  )

  it.for(Object.keys(devices))('on %s cuts a large vocabulary, sorted or not', async (name, test) => {
    const device = await openOrSkip(name, test)
    const ascending = Array.from({ length: 1000 }, (_, i) => Math.fround(i / 130))
    const shuffled = ascending.map((_, i) => ascending[(i * 237) % 1000]!)
    for (const logits of [ascending, [...ascending].reverse(), shuffled]) {
      for (const cuts of [{ topK: 50 }, { topP: 0.3 }, { minP: 0.5 }, { topK: 300, topP: 0.8, minP: 0.2 }]) {
        const u = 0.37
        const { tokens } = await sample(device, logits, [Math.fround(u)], { temperature: 1.5, ...cuts })
        const p = distribution(logits, { temperature: 1.5, ...cuts })!
        let sum = 0
        expect(tokens[0]).toBe(p.findIndex((q) => (sum += q) > u))
      }
    }
    device.dispose()
  })
})
