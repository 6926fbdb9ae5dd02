import type { DeviceBuffer } from '@posttrain/compute'
import { createStream, type RandomStream } from '@posttrain/core'
import type { ParameterLayout, ParameterTensor } from '../learned-parameters.js'
import type { TransformerConfig } from './config.js'

/** WebGPU binds storage at multiples of 256 bytes. */
const ALIGNMENT = 64

const matrixShapes = (c: TransformerConfig): [string, number[]][] => [
  ['wte.weight', [c.vocabulary, c.width]],
  ['wpe.weight', [c.context, c.width]],
  ...range(c.layers).flatMap((l): [string, number[]][] => [
    [`h.${l}.attn.c_attn.weight`, [c.width, 3 * c.width]],
    [`h.${l}.attn.c_proj.weight`, [c.width, c.width]],
    [`h.${l}.mlp.c_fc.weight`, [c.width, c.hidden]],
    [`h.${l}.mlp.c_proj.weight`, [c.hidden, c.width]],
  ]),
  ['lm_head.weight', [c.vocabulary, c.width]],
]

const vectorShapes = (c: TransformerConfig): [string, number[]][] => [
  ...range(c.layers).flatMap((l): [string, number[]][] => [
    [`h.${l}.ln_1.weight`, [c.width]],
    [`h.${l}.ln_1.bias`, [c.width]],
    [`h.${l}.attn.c_attn.bias`, [3 * c.width]],
    [`h.${l}.attn.c_proj.bias`, [c.width]],
    [`h.${l}.ln_2.weight`, [c.width]],
    [`h.${l}.ln_2.bias`, [c.width]],
    [`h.${l}.mlp.c_fc.bias`, [c.hidden]],
    [`h.${l}.mlp.c_proj.bias`, [c.width]],
  ]),
  ['ln_f.weight', [c.width]],
  ['ln_f.bias', [c.width]],
]

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i)
}

/** Lays out the weights of a configuration. Names and orientations are those of Hugging Face's GPT-2. */
export function parameterLayout(config: TransformerConfig): ParameterLayout {
  const tensors: ParameterTensor[] = []
  let offset = 0
  const place = ([name, shape]: [string, number[]]): void => {
    const length = shape.reduce((product, size) => product * size, 1)
    tensors.push({ name, shape, offset, length })
    offset += Math.ceil(length / ALIGNMENT) * ALIGNMENT
  }
  matrixShapes(config).forEach(place)
  const decayedLength = offset
  vectorShapes(config).forEach(place)
  return { tensors, length: offset, decayedLength }
}

/** The weights of one layer, as windows into the flat buffer. */
export interface LayerParameters {
  readonly norm1Gain: DeviceBuffer
  readonly norm1Bias: DeviceBuffer
  readonly qkvWeight: DeviceBuffer
  readonly qkvBias: DeviceBuffer
  readonly projectionWeight: DeviceBuffer
  readonly projectionBias: DeviceBuffer
  readonly norm2Gain: DeviceBuffer
  readonly norm2Bias: DeviceBuffer
  readonly hiddenWeight: DeviceBuffer
  readonly hiddenBias: DeviceBuffer
  readonly outputWeight: DeviceBuffer
  readonly outputBias: DeviceBuffer
}

/** All weights, or all gradients: both have this form. */
export interface TransformerParameters {
  readonly tokenTable: DeviceBuffer
  readonly positionTable: DeviceBuffer
  readonly layers: readonly LayerParameters[]
  readonly finalGain: DeviceBuffer
  readonly finalBias: DeviceBuffer
  readonly head: DeviceBuffer
}

/** Names the windows of a flat buffer that has the given layout. */
export function viewParameters(
  buffer: DeviceBuffer,
  layout: ParameterLayout,
  config: TransformerConfig,
): TransformerParameters {
  const byName = new Map(layout.tensors.map((t) => [t.name, t]))
  const view = (name: string): DeviceBuffer => {
    const { offset, length } = byName.get(name)!
    return buffer.view(offset, length)
  }
  return {
    tokenTable: view('wte.weight'),
    positionTable: view('wpe.weight'),
    layers: range(config.layers).map((l) => ({
      norm1Gain: view(`h.${l}.ln_1.weight`),
      norm1Bias: view(`h.${l}.ln_1.bias`),
      qkvWeight: view(`h.${l}.attn.c_attn.weight`),
      qkvBias: view(`h.${l}.attn.c_attn.bias`),
      projectionWeight: view(`h.${l}.attn.c_proj.weight`),
      projectionBias: view(`h.${l}.attn.c_proj.bias`),
      norm2Gain: view(`h.${l}.ln_2.weight`),
      norm2Bias: view(`h.${l}.ln_2.bias`),
      hiddenWeight: view(`h.${l}.mlp.c_fc.weight`),
      hiddenBias: view(`h.${l}.mlp.c_fc.bias`),
      outputWeight: view(`h.${l}.mlp.c_proj.weight`),
      outputBias: view(`h.${l}.mlp.c_proj.bias`),
    })),
    finalGain: view('ln_f.weight'),
    finalBias: view('ln_f.bias'),
    head: view('lm_head.weight'),
  }
}

/** Standard normal by Box–Muller. */
const normal = (stream: RandomStream): number =>
  Math.sqrt(-2 * Math.log(1 - stream.uniform())) * Math.cos(2 * Math.PI * stream.uniform())

/**
 * Initial weights: gains 1, biases 0, embeddings and head N(0, 0.02²), other matrices N(0, 1/fan-in), halved in
 * standard deviation where they write to the residual stream.
 */
export function initialParameters(config: TransformerConfig, seed: number): Float64Array {
  const layout = parameterLayout(config)
  const values = new Float64Array(layout.length)
  for (const { name, shape, offset, length } of layout.tensors) {
    if (shape.length === 1) {
      if (name.includes('ln_') && name.endsWith('.weight')) values.fill(1, offset, offset + length)
      continue
    }
    const stream = createStream(seed, 'initialise', name)
    const deviation = name.startsWith('h.') ? (name.includes('c_proj') ? 0.5 : 1) / Math.sqrt(shape[0]!) : 0.02
    for (let i = 0; i < length; i++) values[offset + i] = deviation * normal(stream)
  }
  return values
}
