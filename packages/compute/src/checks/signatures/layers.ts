import type { Activation } from '../../kernel-arguments/index.js'
import type { SignaturesOf } from '../signature.js'
import { f32, optional } from '../signature.js'

const activations: readonly Activation[] = ['relu', 'gelu', 'silu']

const knownActivation = ({ kind }: { readonly kind: Activation }): string | undefined =>
  activations.includes(kind) ? undefined : `kind must be ${activations.join(' or ')}, but is ${kind}`

/** Of products, normalisations and activations. */
export const layerSignatures: SignaturesOf<
  | 'matmul'
  | 'sumRows'
  | 'layerNorm'
  | 'layerNormBackward'
  | 'rmsNorm'
  | 'rmsNormBackward'
  | 'activation'
  | 'activationBackward'
  | 'swiglu'
  | 'swigluBackward'
  | 'add'
> = {
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
    also: ({ epsilon = 1e-5 }) => (epsilon > 0 ? undefined : `epsilon must be above 0, but is ${epsilon}`),
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
    also: ({ epsilon = 1e-5 }) => (epsilon > 0 ? undefined : `epsilon must be above 0, but is ${epsilon}`),
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
    also: ({ scale = 1 }) => (Number.isFinite(scale) ? undefined : `scale must be a finite number, but is ${scale}`),
  },
}
