import type { DeviceBuffer } from '@posttrain/compute'
import type { ParameterLayout, ParameterTensor } from '../parameter-layout.js'
import type { Architecture } from './architecture.js'

/** WebGPU binds storage at multiples of 256 bytes. */
const ALIGNMENT = 64

type NamedShape = readonly [name: string, shape: readonly number[]]

const when = (present: boolean, ...shapes: readonly NamedShape[]): readonly NamedShape[] => (present ? shapes : [])

const matrixShapes = (a: Architecture): readonly NamedShape[] => [
  ['wte.weight', [a.vocabulary, a.width]],
  ...when(a.positions === 'learned', ['wpe.weight', [a.context, a.width]]),
  ...range(a.layers).flatMap((l): readonly NamedShape[] => [
    [`h.${l}.attn.c_attn.weight`, [a.width, a.packedWidth]],
    [`h.${l}.attn.c_proj.weight`, [a.queryWidth, a.width]],
    [`h.${l}.mlp.c_fc.weight`, [a.width, a.expandedWidth]],
    [`h.${l}.mlp.c_proj.weight`, [a.hidden, a.width]],
  ]),
  ...when(!a.tiedHead, ['lm_head.weight', [a.vocabulary, a.width]]),
  ...when(a.valueHead, ['value_head.weight', [a.width, 1]]),
]

function vectorShapes(a: Architecture): readonly NamedShape[] {
  const norm = (name: string): readonly NamedShape[] => [
    [`${name}.weight`, [a.width]],
    ...when(a.normalisation === 'layer', [`${name}.bias`, [a.width]]),
  ]
  const all = a.biases === 'all'
  return [
    ...range(a.layers).flatMap((l): readonly NamedShape[] => [
      ...norm(`h.${l}.ln_1`),
      ...when(a.biases !== 'none', [`h.${l}.attn.c_attn.bias`, [a.packedWidth]]),
      ...when(all, [`h.${l}.attn.c_proj.bias`, [a.width]]),
      ...norm(`h.${l}.ln_2`),
      ...when(all, [`h.${l}.mlp.c_fc.bias`, [a.expandedWidth]], [`h.${l}.mlp.c_proj.bias`, [a.width]]),
    ]),
    ...norm('ln_f'),
    ...when(a.valueHead, ['value_head.bias', [1]]),
  ]
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i)
}

/** The layout of tensors one after the other, matrices before vectors. */
export function layoutOf(matrices: readonly NamedShape[], vectors: readonly NamedShape[]): ParameterLayout {
  const tensors: ParameterTensor[] = []
  let offset = 0
  const place = ([name, shape]: NamedShape): void => {
    const length = shape.reduce((product, size) => product * size, 1)
    tensors.push({ name, shape, offset, length })
    offset += Math.ceil(length / ALIGNMENT) * ALIGNMENT
  }
  matrices.forEach(place)
  const decayedLength = offset
  vectors.forEach(place)
  return { tensors, length: offset, decayedLength }
}

/**
 * The layout of an architecture's weights. Names and orientations are those of Hugging Face's GPT-2: a matrix is inputs
 * × outputs, queries, keys and values side by side in `c_attn`, gate and up projection in `c_fc`.
 */
export const parameterLayout = (architecture: Architecture): ParameterLayout =>
  layoutOf(matrixShapes(architecture), vectorShapes(architecture))

/** A normalisation's weights, as windows into the flat buffer. */
export interface NormParameters {
  readonly gain: DeviceBuffer
  /** Of layer norm. */
  readonly bias: DeviceBuffer | undefined
}

/** A matrix product's weights. */
export interface LinearParameters {
  /** inputs × outputs. */
  readonly weight: DeviceBuffer
  readonly bias: DeviceBuffer | undefined
}

/** The weights of one layer. */
export interface LayerParameters {
  readonly norm1: NormParameters
  readonly qkv: LinearParameters
  readonly projection: LinearParameters
  readonly norm2: NormParameters
  readonly expand: LinearParameters
  readonly output: LinearParameters
}

/** All weights, or all gradients: both have this form. */
export interface TransformerParameters {
  readonly tokenTable: DeviceBuffer
  /** Of learned positions. */
  readonly positionTable: DeviceBuffer | undefined
  readonly layers: readonly LayerParameters[]
  readonly finalNorm: NormParameters
  /** vocabulary × width; the token table itself where the head is tied. */
  readonly head: DeviceBuffer
  readonly value: LinearParameters | undefined
}

/** Names the windows of a flat buffer that has the layout of an architecture. */
export function viewParameters(
  buffer: DeviceBuffer,
  layout: ParameterLayout,
  { layers, valueHead }: Architecture,
): TransformerParameters {
  const byName = new Map(layout.tensors.map((t) => [t.name, t]))
  const find = (name: string): DeviceBuffer | undefined => {
    const tensor = byName.get(name)
    return tensor && buffer.view(tensor.offset, tensor.length)
  }
  const norm = (name: string): NormParameters => ({ gain: find(`${name}.weight`)!, bias: find(`${name}.bias`) })
  const linear = (name: string): LinearParameters => ({ weight: find(`${name}.weight`)!, bias: find(`${name}.bias`) })
  const tokenTable = find('wte.weight')!
  return {
    tokenTable,
    positionTable: find('wpe.weight'),
    layers: range(layers).map((l) => ({
      norm1: norm(`h.${l}.ln_1`),
      qkv: linear(`h.${l}.attn.c_attn`),
      projection: linear(`h.${l}.attn.c_proj`),
      norm2: norm(`h.${l}.ln_2`),
      expand: linear(`h.${l}.mlp.c_fc`),
      output: linear(`h.${l}.mlp.c_proj`),
    })),
    finalNorm: norm('ln_f'),
    head: find('lm_head.weight') ?? tokenTable,
    value: valueHead ? linear('value_head') : undefined,
  }
}
