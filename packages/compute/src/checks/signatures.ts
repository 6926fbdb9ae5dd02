import type { Activation } from '../kernel-arguments/index.js'
import type { KernelArguments, KernelName } from '../kernels.js'
import { f32, i32, indices, optional, type Signature } from './signature.js'

const activations: readonly Activation[] = ['relu', 'gelu', 'silu']

const knownActivation = ({ kind }: { readonly kind: Activation }): string | undefined =>
  activations.includes(kind) ? undefined : `kind must be ${activations.join(' or ')}, but is ${kind}`

/** Heads that share keys and values come in groups of one size. */
const wholeGroups = ({ heads, keyValueHeads }: Record<'heads' | 'keyValueHeads', number>): string | undefined =>
  heads % keyValueHeads === 0 ? undefined : `keyValueHeads must divide heads = ${heads}, but is ${keyValueHeads}`

const givenTogether = <N extends string>(args: Partial<Record<N, unknown>>, a: N, b: N): string | undefined =>
  (args[a] === undefined) === (args[b] === undefined) ? undefined : `${a} and ${b} must be given together`

/** Heads of a token's queries, keys and values side by side. */
const packedHeads = ['heads', 'keyValueHeads', 'keyValueHeads'] as const

const isUnit = (x: number): boolean => x >= 0 && x < 1

/** What each kernel asks of its arguments: the one table that every device checks by. */
export const signatures: { readonly [K in KernelName]: Signature<KernelArguments<K>> } = {
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
  attention: {
    sizes: { batch: 0, length: 0, heads: 1, keyValueHeads: 1, headSize: 1 },
    buffers: {
      qkv: f32('batch', 'length', packedHeads, 'headSize'),
      out: f32('batch', 'length', 'heads', 'headSize'),
      probabilities: f32('batch', 'heads', 'length', 'length'),
    },
    writes: ['out', 'probabilities'],
    also: wholeGroups,
  },
  attentionBackward: {
    sizes: { batch: 0, length: 0, heads: 1, keyValueHeads: 1, headSize: 1 },
    buffers: {
      qkv: f32('batch', 'length', packedHeads, 'headSize'),
      probabilities: f32('batch', 'heads', 'length', 'length'),
      gradOut: f32('batch', 'length', 'heads', 'headSize'),
      gradQkv: f32('batch', 'length', packedHeads, 'headSize'),
    },
    writes: ['gradQkv'],
    also: wholeGroups,
  },
  cachedAttention: {
    sizes: { batch: 0, heads: 1, keyValueHeads: 1, headSize: 1, capacity: 1 },
    buffers: {
      qkv: f32('batch', packedHeads, 'headSize'),
      keys: f32('batch', 'capacity', 'keyValueHeads', 'headSize'),
      values: f32('batch', 'capacity', 'keyValueHeads', 'headSize'),
      positions: indices('capacity', 'batch'),
      out: f32('batch', 'heads', 'headSize'),
    },
    writes: ['keys', 'values', 'out'],
    also: wholeGroups,
  },
  rotary: {
    sizes: { rows: 0, heads: 0, headSize: 2, columns: 1 },
    buffers: {
      x: f32('rows', 'columns'),
      positions: indices('angles', 'rows'),
      angles: f32('*', 'headSize'),
    },
    writes: ['x'],
    also: ({ heads, headSize, columns }) => {
      if (headSize % 2 !== 0) return `headSize must be even, but is ${headSize}`
      return heads * headSize <= columns
        ? undefined
        : `columns must be at least heads · headSize = ${heads * headSize}, but is ${columns}`
    },
  },
  gatherRows: {
    sizes: { rows: 0, columns: 1 },
    buffers: { source: f32('*', 'columns'), indices: indices('source', 'rows'), out: f32('rows', 'columns') },
    writes: ['out'],
  },
  scatterAddRows: {
    sizes: { rows: 0, columns: 1 },
    buffers: { source: f32('rows', 'columns'), indices: indices('out', 'rows'), out: f32('*', 'columns') },
    writes: ['out'],
  },
  embedding: {
    sizes: { rows: 0, columns: 1 },
    buffers: {
      tokens: indices('tokenTable', 'rows'),
      positions: optional(indices('positionTable', 'rows')),
      tokenTable: f32('*', 'columns'),
      positionTable: optional(f32('*', 'columns')),
      out: f32('rows', 'columns'),
    },
    writes: ['out'],
    also: (args) => givenTogether(args, 'positions', 'positionTable'),
  },
  embeddingBackward: {
    sizes: { rows: 0, columns: 1 },
    buffers: {
      tokens: indices('gradTokenTable', 'rows'),
      positions: optional(indices('gradPositionTable', 'rows')),
      gradOut: f32('rows', 'columns'),
      gradTokenTable: f32('*', 'columns'),
      gradPositionTable: optional(f32('*', 'columns')),
    },
    writes: ['gradTokenTable', 'gradPositionTable'],
    also: (args) => givenTogether(args, 'positions', 'gradPositionTable'),
  },
  tokenScores: {
    sizes: { rows: 0, vocabulary: 1 },
    buffers: {
      logits: f32('rows', 'vocabulary'),
      targets: indices('vocabulary', 'rows'),
      logprob: f32('rows'),
      entropy: optional(f32('rows')),
      referenceLogits: optional(f32('rows', 'vocabulary')),
      referenceKl: optional(f32('rows')),
    },
    writes: ['logprob', 'entropy', 'referenceKl'],
    also: (args) => givenTogether(args, 'referenceLogits', 'referenceKl'),
  },
  tokenScoresBackward: {
    sizes: { rows: 0, vocabulary: 1 },
    buffers: {
      logits: f32('rows', 'vocabulary'),
      targets: indices('vocabulary', 'rows'),
      gradLogprob: f32('rows'),
      gradEntropy: optional(f32('rows')),
      referenceLogits: optional(f32('rows', 'vocabulary')),
      gradReferenceKl: optional(f32('rows')),
      gradLogits: f32('rows', 'vocabulary'),
    },
    writes: ['gradLogits'],
    inPlace: 'logits',
    also: (args) => givenTogether(args, 'referenceLogits', 'gradReferenceKl'),
  },
  sampleTokens: {
    sizes: { rows: 0, vocabulary: 1 },
    buffers: {
      logits: f32('rows', 'vocabulary'),
      uniforms: f32('rows'),
      tokens: i32('rows'),
      logprob: f32('rows'),
    },
    writes: ['tokens', 'logprob'],
    also: ({ temperature, topK = 1, topP = 1, minP = 0 }) => {
      if (!(temperature >= 0 && Number.isFinite(temperature))) {
        return `temperature must be a finite number of at least 0, but is ${temperature}`
      }
      if (!(Number.isInteger(topK) && topK >= 1)) return `topK must be an integer of at least 1, but is ${topK}`
      if (!(topP > 0 && topP <= 1)) return `topP must be above 0 and at most 1, but is ${topP}`
      return minP >= 0 && minP <= 1 ? undefined : `minP must be on [0, 1], but is ${minP}`
    },
  },
  adamW: {
    sizes: { length: 0, step: 1 },
    buffers: {
      parameters: f32('length'),
      gradients: f32('length'),
      firstMoment: f32('length'),
      secondMoment: f32('length'),
    },
    writes: ['parameters', 'firstMoment', 'secondMoment'],
    also: ({ learningRate, betas, epsilon, weightDecay, gradientScale }) => {
      for (const [name, value] of Object.entries({ learningRate, epsilon, weightDecay, gradientScale })) {
        if (!Number.isFinite(value)) return `${name} must be a finite number, but is ${value}`
      }
      return isUnit(betas[0]) && isUnit(betas[1]) ? undefined : `betas must be on [0, 1), but are ${betas.join(', ')}`
    },
  },
  bootstrapMeans: {
    sizes: { replicates: 0, n: 1 },
    buffers: { values: f32('n'), uniforms: f32('replicates', 'n'), out: f32('replicates') },
    writes: ['out'],
  },
  majorityVotes: {
    sizes: { trials: 0, k: 1, n: 1, classes: 1 },
    buffers: {
      answers: indices('classes', 'n'),
      rewards: f32('classes'),
      uniforms: f32('trials', 'k'),
      out: f32('trials'),
    },
    writes: ['out'],
  },
}
