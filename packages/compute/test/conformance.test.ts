import { readFileSync } from 'node:fs'
import { createReferenceDevice, type Device } from '@posttrain/compute'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { devices } from './support/devices.js'
import { difference } from './support/difference.js'
import { draw } from './support/draw.js'
import { kernelCases } from './support/kernel-cases.js'
import { runKernel } from './support/run-kernel.js'

describe.each(Object.keys(devices).filter((name) => name !== 'reference'))('%s agrees with reference', (name) => {
  const reference = createReferenceDevice()
  let device: Device

  beforeAll(async () => {
    device = await devices[name]!()
  })

  afterAll(() => {
    expect(device.allocatedBytes).toBe(0)
    device.dispose()
  })

  it.each(Object.entries(kernelCases))('%s', async (kernel, { bound, calls, outputs }) => {
    await fc.assert(
      fc.asyncProperty(calls, async (call) => {
        const expected = await runKernel(reference, kernel, call)
        const actual = await runKernel(device, kernel, call)
        for (const output of outputs.filter((o) => o in call.buffers)) {
          expect(difference(actual[output]!, expected[output]!), output).toBeLessThanOrEqual(bound)
        }
      }),
      { numRuns: 60 },
    )
  })
  // Shapes drawn above stay within one block of a product; these cross the blocks in every direction.
  it.each([
    [517, 9, 1030],
    [66, 1031, 130],
    [5, 523, 517],
  ])('matmul of %i × %i, k = %i', async (m, n, k) => {
    const d = draw(m)
    const buffers = { a: d.normal(m * k), b: d.normal(k * n), out: d.normal(m * n), bias: d.normal(n) }
    for (const flags of [{}, { transposeA: true }, { transposeB: true, accumulate: true }]) {
      const call = { settings: { m, n, k, ...flags }, buffers }
      const { out: expected } = await runKernel(reference, 'matmul', call)
      const { out: actual } = await runKernel(device, 'matmul', call)
      expect(difference(actual!, expected!)).toBeLessThanOrEqual(kernelCases['matmul']!.bound)
    }
  })

  it('sampleTokens and tokenScores give the same log-prob to the bit', async () => {
    const d = draw(11)
    const [rows, vocabulary] = [200, 39]
    const [logits, uniforms] = [d.normal(rows * vocabulary, 3), d.uniform(rows)]
    for (const temperature of [0, 0.7, 1]) {
      const call = { settings: { rows, vocabulary, temperature }, buffers: { logits, uniforms } }
      const outputs = { tokens: new Int32Array(rows), logprob: d.normal(rows) }
      const sampled = await runKernel(device, 'sampleTokens', { ...call, buffers: { ...call.buffers, ...outputs } })
      const targets = Int32Array.from(sampled['tokens']!)
      const buffers = { logits, targets, logprob: d.normal(rows) }
      const scored = await runKernel(device, 'tokenScores', { settings: { rows, vocabulary }, buffers })
      expect(sampled['logprob']).toEqual(scored['logprob'])
    }
  })

  // Two devices may differ in the token itself where a uniform falls on the border between two tokens.
  it('sampleTokens, but for uniforms within 1e-6 of a border', async () => {
    const vocabularies = fc.constantFrom(1, 2, 3, 4, 5, 31, 39, 64)
    const temperatures = fc.constantFrom(0, 0.3, 1, 2)
    await fc.assert(
      fc.asyncProperty(
        vocabularies,
        temperatures,
        fc.nat(20),
        fc.nat(),
        async (vocabulary, temperature, rows, seed) => {
          const d = draw(seed)
          const logits = d
            .normal(rows * vocabulary, 2)
            .map((x, i) => (i % vocabulary > 0 && i % 7 === 6 ? -Infinity : x))
          const buffers = {
            logits,
            uniforms: d.uniform(rows),
            tokens: new Int32Array(rows),
            logprob: d.normal(rows),
          }
          const call = { settings: { rows, vocabulary, temperature }, buffers }
          const { tokens, logprob } = await runKernel(device, 'sampleTokens', call)
          for (let row = 0; row < rows; row++) {
            const token = tokens![row]!
            const x = logits.slice(row * vocabulary, (row + 1) * vocabulary)
            const weights = x.map((v) => Math.exp((v - Math.max(...x)) / (temperature || 1)))
            const total = weights.reduce((a, b) => a + b)
            const below = weights.slice(0, token).reduce((a, b) => a + b, 0) / total
            const u = buffers.uniforms[row]!
            if (temperature === 0) expect(x[token]).toBe(Math.max(...x))
            else expect(u >= below - 1e-6 && u <= below + weights[token]! / total + 1e-6, `row ${row}`).toBe(true)
            const sum = x.reduce((s, v) => s + Math.exp(v - Math.max(...x)), 0)
            expect(Math.abs(logprob![row]! - (x[token]! - Math.max(...x) - Math.log(sum)))).toBeLessThan(2e-6)
          }
        },
      ),
    )
  })
})

describe('README.md', () => {
  it('states the bounds that are asserted here', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const rows = [...readme.matchAll(/^\| `(\w+)` \| (\S+) \|/gm)].map(([, kernel, bound]) => [kernel, Number(bound)])
    expect(rows).toEqual(Object.entries(kernelCases).map(([kernel, { bound }]) => [kernel, bound]))
  })
})
