import { createReferenceDevice } from '@posttrain/compute'
import { describe, expect, it } from 'vitest'
import { runKernel } from './support/run-kernel.js'

// The oracle itself, against numbers worked out by hand or taken from PyTorch 2 (named where so).
const device = createReferenceDevice()
const run = (kernel: string, settings: object, buffers: Record<string, number[] | Int32Array>) =>
  runKernel(device, kernel, { settings: { ...settings }, buffers })

describe('reference', () => {
  it('multiplies in the three transpositions, with bias and accumulation', async () => {
    const [a, b] = [
      [1, 2, 3, 4, 5, 6],
      [1, 0, 0, 1, 1, 1],
    ]
    const size = { m: 2, n: 2, k: 3 }
    expect([...(await run('matmul', size, { a, b, out: [9, 9, 9, 9] })).out!]).toEqual([4, 5, 10, 11])
    const transposedA = { a: [1, 4, 2, 5, 3, 6], b, out: [0, 0, 0, 0] }
    expect([...(await run('matmul', { ...size, transposeA: true }, transposedA)).out!]).toEqual([4, 5, 10, 11])
    const transposedB = { a, b: [1, 0, 1, 0, 1, 1], out: [1, 1, 1, 1], bias: [10, 20] }
    const both = await run('matmul', { ...size, transposeB: true, accumulate: true }, transposedB)
    expect([...both.out!]).toEqual([15, 26, 21, 32])
  })

  it('normalises a row to mean 0 and variance 1', async () => {
    const buffers = { x: [1, 2, 3], gain: [1, 1, 2], bias: [0, 0, 1], out: [0, 0, 0], statistics: [0, 0] }
    const { out, statistics } = await run('layerNorm', { rows: 1, columns: 3, epsilon: 1e-12 }, buffers)
    expect(statistics![0]).toBe(2)
    expect(out![0]).toBeCloseTo(-Math.sqrt(1.5), 10)
    expect(out![2]).toBeCloseTo(2 * Math.sqrt(1.5) + 1, 10)
  })

  it("has PyTorch's tanh-GELU", async () => {
    const { out } = await run('activation', { kind: 'gelu', length: 3 }, { x: [-1, 0.5, 2], out: [0, 0, 0] })
    // torch.nn.functional.gelu(x, approximate='tanh')
    expect([...out!].map((x) => x.toFixed(4))).toEqual(['-0.1588', '0.3457', '1.9546'])
  })

  it('attends to the past alone', async () => {
    // One head of size 1: the first token sees itself, the second both; equal scores give the mean.
    const qkv = [0, 5, 10, 0, -5, 20] // q, k, v of two tokens
    const buffers = { qkv, out: [0, 0], probabilities: [9, 9, 9, 9] }
    const result = await run('attention', { batch: 1, length: 2, heads: 1, headSize: 1 }, buffers)
    expect([...result.out!]).toEqual([10, 15])
    expect([...result.probabilities!]).toEqual([1, 0, 0.5, 0.5])
  })

  it('scores tokens: log ½, entropy log 2 and a KL by hand', async () => {
    const logits = [0, 0, -Infinity]
    const referenceLogits = [Math.log(0.25), Math.log(0.75), -Infinity]
    const one = { logprob: [0], entropy: [0], referenceKl: [0] }
    const buffers = { logits, referenceLogits, targets: Int32Array.of(1), ...one }
    const { logprob, entropy, referenceKl } = await run('tokenScores', { rows: 1, vocabulary: 3 }, buffers)
    expect(logprob![0]).toBeCloseTo(-Math.LN2, 12)
    expect(entropy![0]).toBeCloseTo(Math.LN2, 12)
    expect(referenceKl![0]).toBeCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2 / 3), 12)
  })

  it('samples by inversion: the smallest v whose cumulative probability exceeds u', async () => {
    const logits = [1, 2, 3, 4].map((p) => Math.log(p / 10))
    const sample = async (u: number, temperature = 1): Promise<number> => {
      const buffers = { logits, uniforms: [u], tokens: new Int32Array(1), logprob: [0] }
      const { tokens } = await run('sampleTokens', { rows: 1, vocabulary: 4, temperature }, buffers)
      return tokens![0]!
    }
    const tokens: number[] = []
    for (const u of [0, 0.09, 0.11, 0.29, 0.31, 0.59, 0.61, 0.999]) tokens.push(await sample(u))
    expect(tokens).toEqual([0, 0, 1, 1, 2, 2, 3, 3])
    expect(await sample(1)).toBe(3) // an f32 uniform may round up to 1
    expect(await sample(0, 0)).toBe(3)
    expect(await sample(0.05, 0.5)).toBe(1) // squares: 1, 4, 9, 16 of 30
  })

  it('takes the AdamW step of PyTorch', async () => {
    // First step: m̂ = g and v̂ = g², so p ← p·(1 − 0.1·0.5) − 0.1·sign g up to ε.
    const settings = { length: 2, step: 1, learningRate: 0.1, betas: [0.9, 0.999], epsilon: 0, weightDecay: 0.5 }
    const buffers = { parameters: [1, 2], gradients: [3, -4], firstMoment: [0, 0], secondMoment: [0, 0] }
    const after = await run('adamW', { ...settings, gradientScale: 1 }, buffers)
    expect(after.parameters![0]).toBeCloseTo(0.85, 12)
    expect(after.parameters![1]).toBeCloseTo(2, 12)
    expect(after.firstMoment![0]).toBeCloseTo(0.3, 12)
    expect(after.secondMoment![1]).toBeCloseTo(0.016, 12)
  })
})
