import { createReferenceDevice } from '@posttrain/compute'
import { describe, expect, it } from 'vitest'
import { draw } from './support/draw.js'
import { withEntry } from './support/with-entry.js'
import { type Contents, runKernel } from './support/run-kernel.js'

const device = createReferenceDevice()

/** A backward kernel, the forward kernel it belongs to, and which gradient belongs to which input. */
interface Pair {
  readonly forward: string
  readonly backward: string
  readonly settings: Readonly<Record<string, unknown>>
  /** Inputs of both kernels. */
  readonly inputs: Readonly<Record<string, Contents>>
  /** Outputs of the forward kernel by the name of their cotangent in the backward kernel. */
  readonly outputs: Readonly<Record<string, { readonly name: string; readonly length: number }>>
  /** Outputs of the forward kernel that the backward kernel reads. */
  readonly kept?: Readonly<Record<string, number>>
  /** Gradients by the name of their input. */
  readonly gradients: Readonly<Record<string, string>>
}

const d = draw(3)
const zeros = (length: number): number[] => new Array<number>(length).fill(0)
const [rows, columns] = [5, 7]
const attention = { batch: 2, length: 5, heads: 4, keyValueHeads: 2, headSize: 3 }
const packed = (attention.heads + 2 * attention.keyValueHeads) * attention.headSize
const [tokens, width] = [attention.batch * attention.length, attention.heads * attention.headSize]
const vocabulary = 6

const pairs: Readonly<Record<string, Pair>> = {
  layerNormBackward: {
    forward: 'layerNorm',
    backward: 'layerNormBackward',
    settings: { rows, columns },
    inputs: { x: d.normal(rows * columns), gain: d.normal(columns), bias: d.normal(columns) },
    outputs: { gradOut: { name: 'out', length: rows * columns } },
    kept: { statistics: 2 * rows },
    gradients: { x: 'gradX', gain: 'gradGain', bias: 'gradBias' },
  },
  rmsNormBackward: {
    forward: 'rmsNorm',
    backward: 'rmsNormBackward',
    settings: { rows, columns },
    inputs: { x: d.normal(rows * columns), gain: d.normal(columns) },
    outputs: { gradOut: { name: 'out', length: rows * columns } },
    kept: { statistics: rows },
    gradients: { x: 'gradX', gain: 'gradGain' },
  },
  swigluBackward: {
    forward: 'swiglu',
    backward: 'swigluBackward',
    settings: { rows, columns },
    inputs: { x: d.normal(2 * rows * columns, 2) },
    outputs: { gradOut: { name: 'out', length: rows * columns } },
    gradients: { x: 'gradX' },
  },
  'activationBackward, silu': {
    forward: 'activation',
    backward: 'activationBackward',
    settings: { kind: 'silu', length: 30 },
    inputs: { x: d.normal(30, 2) },
    outputs: { gradOut: { name: 'out', length: 30 } },
    gradients: { x: 'gradX' },
  },
  'activationBackward, gelu': {
    forward: 'activation',
    backward: 'activationBackward',
    settings: { kind: 'gelu', length: 30 },
    inputs: { x: d.normal(30, 2) },
    outputs: { gradOut: { name: 'out', length: 30 } },
    gradients: { x: 'gradX' },
  },
  'activationBackward, relu': {
    forward: 'activation',
    backward: 'activationBackward',
    settings: { kind: 'relu', length: 30 },
    inputs: { x: d.normal(30, 2) },
    outputs: { gradOut: { name: 'out', length: 30 } },
    gradients: { x: 'gradX' },
  },
  attentionBackward: {
    forward: 'attention',
    backward: 'attentionBackward',
    settings: attention,
    inputs: { qkv: d.normal(tokens * packed) },
    outputs: { gradOut: { name: 'out', length: tokens * width } },
    kept: { probabilities: attention.batch * attention.heads * attention.length ** 2 },
    gradients: { qkv: 'gradQkv' },
  },
  embeddingBackward: {
    forward: 'embedding',
    backward: 'embeddingBackward',
    settings: { rows, columns },
    inputs: {
      tokens: d.indices(rows, 3),
      positions: d.indices(rows, 4),
      tokenTable: d.normal(3 * columns),
      positionTable: d.normal(4 * columns),
    },
    outputs: { gradOut: { name: 'out', length: rows * columns } },
    gradients: { tokenTable: 'gradTokenTable', positionTable: 'gradPositionTable' },
  },
  scatterAddRows: {
    forward: 'gatherRows',
    backward: 'scatterAddRows',
    settings: { rows, columns },
    inputs: { indices: d.indices(rows, 3), source: d.normal(3 * columns) },
    outputs: { source: { name: 'out', length: rows * columns } },
    gradients: { source: 'out' },
  },
  tokenScoresBackward: {
    forward: 'tokenScores',
    backward: 'tokenScoresBackward',
    settings: { rows, vocabulary },
    inputs: {
      logits: d.normal(rows * vocabulary, 2),
      targets: d.indices(rows, vocabulary),
      referenceLogits: d.normal(rows * vocabulary, 2),
    },
    outputs: {
      gradLogprob: { name: 'logprob', length: rows },
      gradEntropy: { name: 'entropy', length: rows },
      gradKlToReference: { name: 'klToReference', length: rows },
    },
    gradients: { logits: 'gradLogits' },
  },
}

/** h² truncation leaves 1e-10 of the third derivative and 2⁻⁵³/h rounding 1e-11. */
const H = 1e-5
const TOLERANCE = 1e-6

describe('central differences, on reference', () => {
  it.each(Object.entries(pairs))('%s', async (_, pair) => {
    const { settings, inputs, outputs, kept = {}, gradients } = pair
    const results = Object.fromEntries(
      [...Object.values(outputs).map((o) => [o.name, o.length] as const), ...Object.entries(kept)].map(
        ([name, length]) => [name, zeros(length)],
      ),
    )
    const forward = async (changed: Readonly<Record<string, Contents>>): Promise<Record<string, Float64Array>> =>
      runKernel(device, pair.forward, { settings, buffers: { ...inputs, ...results, ...changed } })
    const cotangents = Object.fromEntries(Object.entries(outputs).map(([name, o]) => [name, d.normal(o.length)]))
    /** Σ cotangent · output: its gradient is what the backward kernel computes. */
    const value = async (changed: Readonly<Record<string, Contents>>): Promise<number> => {
      const after = await forward(changed)
      return Object.entries(outputs).reduce(
        (sum, [name, o]) => sum + after[o.name]!.reduce((s, x, i) => s + x * cotangents[name]![i]!, 0),
        0,
      )
    }

    const first = await forward({})
    const keptNow = Object.fromEntries(Object.keys(kept).map((name) => [name, [...first[name]!]]))
    const empty = Object.fromEntries(
      Object.entries(gradients).map(([input, name]) => [name, zeros(inputs[input]!.length)]),
    )
    const { bias: _bias, tokenTable: _t, positionTable: _p, ...shared } = inputs
    const buffers = { ...shared, ...keptNow, ...cotangents, ...empty }
    const analytic = await runKernel(device, pair.backward, { settings, buffers })

    for (const [input, name] of Object.entries(gradients)) {
      const at = inputs[input] as readonly number[]
      for (let i = 0; i < at.length; i++) {
        const above = await value({ [input]: withEntry(at, i, at[i]! + H) })
        const below = await value({ [input]: withEntry(at, i, at[i]! - H) })
        const numeric = (above - below) / (2 * H)
        const gap = Math.abs(numeric - analytic[name]![i]!)
        expect(gap / Math.max(1, Math.abs(numeric)), `${name}[${i}]`).toBeLessThan(TOLERANCE)
      }
    }
  })

  it('matmul: ∂A = ∂C·Bᵀ, ∂B = Aᵀ·∂C and the bias by sumRows', async () => {
    const [m, n, k] = [4, 3, 5]
    const inputs = { a: d.normal(m * k), b: d.normal(k * n), bias: d.normal(n) }
    const c = d.normal(m * n)
    const value = async (changed: Partial<typeof inputs>): Promise<number> => {
      const buffers = { ...inputs, ...changed, out: zeros(m * n) }
      const { out } = await runKernel(device, 'matmul', { settings: { m, n, k }, buffers })
      return out!.reduce((sum, x, i) => sum + x * c[i]!, 0)
    }
    const product = (settings: object, buffers: Record<string, number[]>): Promise<Record<string, Float64Array>> =>
      runKernel(device, 'matmul', { settings: { ...settings }, buffers })
    const analytic = {
      a: (await product({ m, n: k, k: n, transposeB: true }, { a: c, b: inputs.b, out: zeros(m * k) })).out!,
      b: (await product({ m: k, n, k: m, transposeA: true }, { a: inputs.a, b: c, out: zeros(k * n) })).out!,
      bias: (
        await runKernel(device, 'sumRows', { settings: { rows: m, columns: n }, buffers: { x: c, out: zeros(n) } })
      ).out!,
    }
    for (const input of ['a', 'b', 'bias'] as const) {
      for (let i = 0; i < inputs[input].length; i++) {
        const at = inputs[input]
        const above = await value({ [input]: withEntry(at, i, at[i]! + H) })
        const below = await value({ [input]: withEntry(at, i, at[i]! - H) })
        expect(Math.abs((above - below) / (2 * H) - analytic[input][i]!), `${input}[${i}]`).toBeLessThan(TOLERANCE)
      }
    }
  })
})
