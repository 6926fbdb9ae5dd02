import { readFileSync } from 'node:fs'
import { createReferenceDevice, type Device } from '@posttrain/compute'
import { PosttrainError } from '@posttrain/core'
import { afterAll, describe, expect, it } from 'vitest'
import { signatures } from '../src/checks/signatures/index.js'
import { conform } from './support/conform.js'
import { conformMatmul } from './support/conform-matmul.js'
import { conformSampling } from './support/conform-sampling.js'
import { devices } from './support/devices.js'
import { draw } from './support/draw.js'
import { kernelCases } from './support/kernel-cases.js'
import { runKernel } from './support/run-kernel.js'

/** Of the random calls: fixed, so that a failure comes again. */
const SEED = 20
const RUNS = 60

const reference = createReferenceDevice()

for (const [name, open] of Object.entries(devices).filter(([name]) => name !== 'reference')) {
  // A device that is not there is skipped, and the title says what is missing.
  const opened = await open().catch((error: unknown) => error)
  const missing = opened instanceof PosttrainError ? ` (skipped: ${opened.message})` : ''
  if (opened instanceof Error && missing === '') throw opened

  describe.skipIf(missing !== '')(`${name} agrees with reference${missing}`, () => {
    const device = opened as Device

    afterAll(() => {
      expect(device.allocatedBytes).toBe(0)
      device.dispose()
    })

    it.each(Object.entries(kernelCases))('%s', async (kernel, kernelCase) => {
      const { error, where } = await conform(device, reference, kernel, kernelCase, RUNS, SEED)
      expect(error, where).toBeLessThanOrEqual(kernelCase.bound)
    })

    it('sampleTokens, but for uniforms and cuts within 1e-6 of a border', async () => {
      const { error, where } = await conformSampling(device, reference, 2 * RUNS, SEED)
      expect(error, where).toBeLessThan(2e-6)
    })

    // Shapes drawn above stay within one block of a product; these cross the blocks in every direction.
    it.each([
      [517, 9, 1030],
      [66, 1031, 130],
      [5, 523, 517],
    ])('matmul of %i × %i, k = %i', async (m, n, k) => {
      const error = await conformMatmul(device, reference, m, n, k)
      expect(error).toBeLessThanOrEqual(kernelCases['matmul']!.bound)
    })

    it('tokenScores has an infinite KL where the reference excludes a token', async () => {
      const scores = { logprob: [0, 0], entropy: [0, 0], klToReference: [0, 0] }
      const logits = [1, 2, 3, 1, -Infinity, 1]
      const buffers = { logits, referenceLogits: [0, -Infinity, 0, 0, -Infinity, 0], targets: Int32Array.of(0, 1) }
      const call = { settings: { rows: 2, vocabulary: 3 }, buffers: { ...buffers, ...scores } }
      const { logprob, klToReference } = await runKernel(device, 'tokenScores', call)
      expect([...klToReference!]).toEqual([Infinity, 0])
      expect(logprob![1]).toBe(-Infinity)
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
  })
}

describe('the table', () => {
  it('holds every kernel; sampleTokens has a comparison of its own', () => {
    expect([...Object.keys(kernelCases), 'sampleTokens'].sort()).toEqual(Object.keys(signatures).sort())
  })
})

describe('README.md', () => {
  it('states the bounds that are asserted here', () => {
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
    const rows = [...readme.matchAll(/^\| `(\w+)` \| (\S+) \|/gm)].map(([, kernel, bound]) => [kernel, Number(bound)])
    expect(rows).toEqual(Object.entries(kernelCases).map(([kernel, { bound }]) => [kernel, bound]))
  })
})
