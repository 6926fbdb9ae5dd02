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
    const result = await run('attention', { batch: 1, length: 2, heads: 1, keyValueHeads: 1, headSize: 1 }, buffers)
    expect([...result.out!]).toEqual([10, 15])
    expect([...result.probabilities!]).toEqual([1, 0, 0.5, 0.5])
  })

  it('scores tokens: log ½, entropy log 2 and a KL by hand', async () => {
    const logits = [0, 0, -Infinity]
    const referenceLogits = [Math.log(0.25), Math.log(0.75), -Infinity]
    const one = { logprob: [0], entropy: [0], klToReference: [0] }
    const buffers = { logits, referenceLogits, targets: Int32Array.of(1), ...one }
    const { logprob, entropy, klToReference } = await run('tokenScores', { rows: 1, vocabulary: 3 }, buffers)
    expect(logprob![0]).toBeCloseTo(-Math.LN2, 12)
    expect(entropy![0]).toBeCloseTo(Math.LN2, 12)
    expect(klToReference![0]).toBeCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2 / 3), 12)
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

  it('cuts by top-k, top-p and min-p, and keeps equal tokens together', async () => {
    /** The tokens that uniforms over [0, 1) reach. */
    const kept = async (weights: readonly number[], cuts: object): Promise<number[]> => {
      const rows = 100
      const row = weights.map((p) => Math.log(p))
      const buffers = {
        logits: Array.from({ length: rows }, () => row).flat(),
        uniforms: Array.from({ length: rows }, (_, i) => i / rows),
        tokens: new Int32Array(rows),
        logprob: new Array<number>(rows).fill(0),
      }
      const settings = { rows, vocabulary: weights.length, temperature: 1, ...cuts }
      const { tokens } = await run('sampleTokens', settings, buffers)
      return [...new Set(tokens)]
    }
    const weights = [0.1, 0.4, 0.2, 0.3]
    expect(await kept(weights, {})).toEqual([0, 1, 2, 3])
    expect(await kept(weights, { topK: 2 })).toEqual([1, 3])
    expect(await kept([0.25, 0.5, 0.25], { topK: 2 })).toEqual([0, 1, 2]) // both second places
    expect(await kept(weights, { topP: 0.39 })).toEqual([1])
    expect(await kept(weights, { topP: 0.41 })).toEqual([1, 3]) // 0.4 lies before token 3
    expect(await kept(weights, { topP: 0.69 })).toEqual([1, 3])
    expect(await kept(weights, { topP: 0.71 })).toEqual([1, 2, 3])
    expect(await kept([0.3, 0.2, 0.3, 0.2], { topP: 0.7 })).toEqual([0, 1, 2, 3]) // 0.6 before both of the last
    expect(await kept([0.3, 0.2, 0.3, 0.2], { topP: 0.1 })).toEqual([0, 2])
    expect(await kept(weights, { minP: 0.7 })).toEqual([1, 3])
    expect(await kept(weights, { minP: 0.76 })).toEqual([1])
    // In this order: of the two that top-k leaves, token 1 has 4/7 > 0.5 of the mass.
    expect(await kept(weights, { topK: 2, topP: 0.5 })).toEqual([1])
    expect(await kept(weights, { topP: 0.5 })).toEqual([1, 3])
  })

  it('turns pairs by the angle of their position, and back', async () => {
    // A quarter turn at position 1: (1, 2) becomes (−2, 1); position 0 stays; the columns after the heads too.
    const angles = [1, 0, 0, 1] // cosine and sine of 0, of a right angle
    const settings = { rows: 2, heads: 2, headSize: 2, columns: 5 }
    const x = [1, 2, 3, 4, 9, 1, 2, 3, 4, 9]
    const positions = Int32Array.of(0, 1)
    const { x: turned } = await run('rotary', settings, { x, positions, angles })
    expect([...turned!]).toEqual([1, 2, 3, 4, 9, -2, 1, -4, 3, 9])
    const back = await run('rotary', { ...settings, inverse: true }, { x: [...turned!], positions, angles })
    expect([...back.x!]).toEqual(x)
  })

  it("turns a gradient back: the inverse is the turn's transpose", async () => {
    const angle = 0.7
    const buffers = { positions: Int32Array.of(0), angles: [Math.cos(angle), Math.sin(angle)] }
    const settings = { rows: 1, heads: 1, headSize: 2, columns: 2 }
    const turn = async (x: number[], inverse: boolean): Promise<Float64Array> =>
      (await run('rotary', { ...settings, inverse }, { ...buffers, x })).x!
    const [x, cotangent, h] = [[0.3, -1.2], [2, 0.5], 1e-6]
    const value = async (at: number[]): Promise<number> =>
      (await turn(at, false)).reduce((sum, y, i) => sum + y * cotangent[i]!, 0)
    const gradient = await turn(cotangent, true)
    for (const i of [0, 1]) {
      const [above, below] = [x.map((v, j) => v + (i === j ? h : 0)), x.map((v, j) => v - (i === j ? h : 0))]
      expect(((await value(above)) - (await value(below))) / (2 * h)).toBeCloseTo(gradient[i]!, 8)
    }
  })

  it('normalises a row to root mean square 1', async () => {
    const buffers = { x: [3, 4, 0, 0], gain: [1, 2, 1, 1], out: [9, 9, 9, 9], statistics: [9] }
    const { out, statistics } = await run('rmsNorm', { rows: 1, columns: 4, epsilon: 1e-12 }, buffers)
    expect(statistics![0]).toBeCloseTo(1 / 2.5, 10) // √(25/4)
    expect([...out!].map((y) => Number(y.toFixed(9)))).toEqual([1.2, 3.2, 0, 0])
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
