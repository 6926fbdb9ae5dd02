import { requireFinite, requireOneOf } from '@posttrain/core'
import type { Activation, ActivationKernels } from '../../kernels/activations.js'
import type { ElementwiseKernels } from '../../kernels/elementwise.js'
import { EPSILON, type NormalisationKernels } from '../../kernels/normalisation.js'
import type { ProductKernels } from '../../kernels/products.js'
import { f32, optional, type SignaturesOf } from '../signature.js'

type Layers = ProductKernels & NormalisationKernels & ActivationKernels & ElementwiseKernels

const activations: readonly Activation[] = ['relu', 'gelu', 'silu']

const knownActivation = ({ kind }: { readonly kind: Activation }, kernel: string): void =>
  void requireOneOf(`${kernel}: kind`, kind, activations)

const positiveEpsilon = ({ epsilon = EPSILON }: { readonly epsilon?: number | undefined }, kernel: string): void =>
  void requireFinite(`${kernel}: epsilon`, epsilon, { above: 0 })

/** Signatures of products, normalisations, activations and additions. */
export const layerSignatures: SignaturesOf<keyof Layers> = {
  matmul: {
    sizes: { m: 0, n: 0, k: 0 },
    buffers: { a: f32('m', 'k'), b: f32('k', 'n'), out: f32('m', 'n'), bias: optional(f32('n')) },
    writes: ['out'],
  },
  sumRows: {
    sizes: { rows: 0, columns: 1 },
    buffers: { x: f32('rows', 'columns'), out: f32('columns') },
    writes: ['out'],
  },
  layerNorm: {
    sizes: { rows: 0, columns: 1 },
    buffers: {
      x: f32('rows', 'columns'),
      gain: f32('columns'),
      bias: f32('columns'),
      out: f32('rows', 'columns'),
      statistics: f32('rows', 2),
    },
    writes: ['out', 'statistics'],
    also: positiveEpsilon,
  },
  layerNormBackward: {
    sizes: { rows: 0, columns: 1 },
    buffers: {
      x: f32('rows', 'columns'),
      gain: f32('columns'),
      statistics: f32('rows', 2),
      gradOut: f32('rows', 'columns'),
      gradX: f32('rows', 'columns'),
      gradGain: f32('columns'),
      gradBias: f32('columns'),
    },
    writes: ['gradX', 'gradGain', 'gradBias'],
  },
  rmsNorm: {
    sizes: { rows: 0, columns: 1 },
    buffers: {
      x: f32('rows', 'columns'),
      gain: f32('columns'),
      out: f32('rows', 'columns'),
      statistics: f32('rows'),
    },
    writes: ['out', 'statistics'],
    also: positiveEpsilon,
  },
  rmsNormBackward: {
    sizes: { rows: 0, columns: 1 },
    buffers: {
      x: f32('rows', 'columns'),
      gain: f32('columns'),
      statistics: f32('rows'),
      gradOut: f32('rows', 'columns'),
      gradX: f32('rows', 'columns'),
      gradGain: f32('columns'),
    },
    writes: ['gradX', 'gradGain'],
  },
  activation: {
    sizes: { length: 0 },
    buffers: { x: f32('length'), out: f32('length') },
    writes: ['out'],
    inPlace: 'x',
    also: knownActivation,
  },
  activationBackward: {
    sizes: { length: 0 },
    buffers: { x: f32('length'), gradOut: f32('length'), gradX: f32('length') },
    writes: ['gradX'],
    inPlace: 'gradOut',
    also: knownActivation,
  },
  swiglu: {
    sizes: { rows: 0, columns: 1 },
    buffers: { x: f32('rows', 2, 'columns'), out: f32('rows', 'columns') },
    writes: ['out'],
  },
  swigluBackward: {
    sizes: { rows: 0, columns: 1 },
    buffers: { x: f32('rows', 2, 'columns'), gradOut: f32('rows', 'columns'), gradX: f32('rows', 2, 'columns') },
    writes: ['gradX'],
    inPlace: 'x',
  },
  add: {
    sizes: { length: 0 },
    buffers: { x: f32('length'), out: f32('length') },
    writes: ['out'],
    inPlace: 'x',
    also: ({ scale = 1 }, kernel) => void requireFinite(`${kernel}: scale`, scale),
  },
}
