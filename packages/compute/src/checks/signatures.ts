import type { KernelArguments, KernelName } from '../kernels.js'
import { f32, i32, indices, optionalF32, type Signature } from './signature.js'

const isUnit = (x: number): boolean => x >= 0 && x < 1

/** What each kernel asks of its arguments: the one table that every device checks by. */
export const signatures: { readonly [K in KernelName]: Signature<KernelArguments<K>> } = {
  matmul: {
    sizes: { m: 0, n: 0, k: 0 },
    buffers: { a: f32('m', 'k'), b: f32('k', 'n'), out: f32('m', 'n'), bias: optionalF32('n') },
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
  activation: {
    sizes: { length: 0 },
    buffers: { x: f32('length'), out: f32('length') },
    writes: ['out'],
    inPlace: 'x',
    also: ({ kind }) => (kind === 'relu' || kind === 'gelu' ? undefined : `kind must be relu or gelu, but is ${kind}`),
  },
  activationBackward: {
    sizes: { length: 0 },
    buffers: { x: f32('length'), gradOut: f32('length'), gradX: f32('length') },
    writes: ['gradX'],
    inPlace: 'gradOut',
    also: ({ kind }) => (kind === 'relu' || kind === 'gelu' ? undefined : `kind must be relu or gelu, but is ${kind}`),
  },
  add: {
    sizes: { length: 0 },
    buffers: { x: f32('length'), out: f32('length') },
    writes: ['out'],
    inPlace: 'x',
  },
  attention: {
    sizes: { batch: 0, length: 0, heads: 1, headSize: 1 },
    buffers: {
      qkv: f32('batch', 'length', 3, 'heads', 'headSize'),
      out: f32('batch', 'length', 'heads', 'headSize'),
      probabilities: f32('batch', 'heads', 'length', 'length'),
    },
    writes: ['out', 'probabilities'],
  },
  attentionBackward: {
    sizes: { batch: 0, length: 0, heads: 1, headSize: 1 },
    buffers: {
      qkv: f32('batch', 'length', 3, 'heads', 'headSize'),
      probabilities: f32('batch', 'heads', 'length', 'length'),
      gradOut: f32('batch', 'length', 'heads', 'headSize'),
      gradQkv: f32('batch', 'length', 3, 'heads', 'headSize'),
    },
    writes: ['gradQkv'],
  },
  cachedAttention: {
    sizes: { batch: 0, heads: 1, headSize: 1, capacity: 1 },
    buffers: {
      qkv: f32('batch', 3, 'heads', 'headSize'),
      keys: f32('batch', 'capacity', 'heads', 'headSize'),
      values: f32('batch', 'capacity', 'heads', 'headSize'),
      positions: indices('capacity', 'batch'),
      out: f32('batch', 'heads', 'headSize'),
    },
    writes: ['keys', 'values', 'out'],
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
      positions: indices('positionTable', 'rows'),
      tokenTable: f32('*', 'columns'),
      positionTable: f32('*', 'columns'),
      out: f32('rows', 'columns'),
    },
    writes: ['out'],
  },
  embeddingBackward: {
    sizes: { rows: 0, columns: 1 },
    buffers: {
      tokens: indices('gradTokenTable', 'rows'),
      positions: indices('gradPositionTable', 'rows'),
      gradOut: f32('rows', 'columns'),
      gradTokenTable: f32('*', 'columns'),
      gradPositionTable: f32('*', 'columns'),
    },
    writes: ['gradTokenTable', 'gradPositionTable'],
  },
  tokenScores: {
    sizes: { rows: 0, vocabulary: 1 },
    buffers: {
      logits: f32('rows', 'vocabulary'),
      targets: indices('vocabulary', 'rows'),
      logprob: f32('rows'),
      entropy: optionalF32('rows'),
      referenceLogits: optionalF32('rows', 'vocabulary'),
      referenceKl: optionalF32('rows'),
    },
    writes: ['logprob', 'entropy', 'referenceKl'],
    also: ({ referenceLogits, referenceKl }) =>
      (referenceLogits === undefined) === (referenceKl === undefined)
        ? undefined
        : 'referenceLogits and referenceKl must be given together',
  },
  tokenScoresBackward: {
    sizes: { rows: 0, vocabulary: 1 },
    buffers: {
      logits: f32('rows', 'vocabulary'),
      targets: indices('vocabulary', 'rows'),
      gradLogprob: f32('rows'),
      gradEntropy: optionalF32('rows'),
      referenceLogits: optionalF32('rows', 'vocabulary'),
      gradReferenceKl: optionalF32('rows'),
      gradLogits: f32('rows', 'vocabulary'),
    },
    writes: ['gradLogits'],
    inPlace: 'logits',
    also: ({ referenceLogits, gradReferenceKl }) =>
      (referenceLogits === undefined) === (gradReferenceKl === undefined)
        ? undefined
        : 'referenceLogits and gradReferenceKl must be given together',
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
    also: ({ temperature }) =>
      temperature >= 0 && Number.isFinite(temperature)
        ? undefined
        : `temperature must be a finite number of at least 0, but is ${temperature}`,
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
}
