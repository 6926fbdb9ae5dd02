import type { Kernels } from '../kernels.js'
import type { WasmExports } from './exports.js'

/** An absent buffer is address 0, which no buffer has. */
const NONE = 0

const flag = (on: boolean | undefined): number => (on ? 1 : 0)

/** The kernels of assembly/, fed with addresses in the order they expect. */
export function wasmKernels(wasm: WasmExports, scratch: (bytes: number) => number): Kernels<number> {
  return {
    matmul({ m, n, k, a, b, out, bias = NONE, transposeA, transposeB, accumulate }) {
      const room = scratch(wasm.matmulScratchBytes(n, k))
      wasm.matmul(m, n, k, a, flag(transposeA), b, flag(transposeB), out, bias, flag(accumulate), room)
    },
    sumRows: ({ rows, columns, x, out }) =>
      wasm.sumRows(rows, columns, x, out, scratch(wasm.sumRowsScratchBytes(columns))),
    layerNorm: ({ rows, columns, x, gain, bias, out, statistics, epsilon = 1e-5 }) =>
      wasm.layerNorm(rows, columns, x, gain, bias, out, statistics, epsilon),
    layerNormBackward({ rows, columns, x, gain, statistics, gradOut, gradX, gradGain, gradBias }) {
      const room = scratch(wasm.layerNormScratchBytes(columns))
      wasm.layerNormBackward(rows, columns, x, gain, statistics, gradOut, gradX, gradGain, gradBias, room)
    },
    activation: ({ kind, length, x, out }) => (kind === 'gelu' ? wasm.gelu : wasm.relu)(length, x, out),
    activationBackward: ({ kind, length, x, gradOut, gradX }) =>
      (kind === 'gelu' ? wasm.geluBackward : wasm.reluBackward)(length, x, gradOut, gradX),
    add: ({ length, x, out }) => wasm.add(length, x, out),
    attention({ batch, length, heads, headSize, qkv, out, probabilities }) {
      const room = scratch(wasm.attentionScratchBytes(length, headSize))
      wasm.attention(batch, length, heads, headSize, qkv, out, probabilities, room)
    },
    attentionBackward({ batch, length, heads, headSize, qkv, probabilities, gradOut, gradQkv }) {
      const room = scratch(wasm.attentionScratchBytes(length, headSize))
      wasm.attentionBackward(batch, length, heads, headSize, qkv, probabilities, gradOut, gradQkv, room)
    },
    cachedAttention({ batch, heads, headSize, capacity, qkv, keys, values, positions, out }) {
      const room = scratch(wasm.cachedAttentionScratchBytes(capacity))
      wasm.cachedAttention(batch, heads, headSize, capacity, qkv, keys, values, positions, out, room)
    },
    gatherRows: ({ rows, columns, source, indices, out }) => wasm.gatherRows(rows, columns, source, indices, out),
    scatterAddRows: ({ rows, columns, source, indices, out }) =>
      wasm.scatterAddRows(rows, columns, source, indices, out),
    embedding: ({ rows, columns, tokens, positions, tokenTable, positionTable, out }) =>
      wasm.embedding(rows, columns, tokens, positions, tokenTable, positionTable, out),
    embeddingBackward: ({ rows, columns, tokens, positions, gradOut, gradTokenTable, gradPositionTable }) =>
      wasm.embeddingBackward(rows, columns, tokens, positions, gradOut, gradTokenTable, gradPositionTable),
    tokenScores({ rows, vocabulary, logits, targets, logprob, entropy = NONE, ...reference }) {
      const { referenceLogits = NONE, referenceKl = NONE } = reference
      const room = scratch(wasm.tokenScoresScratchBytes(vocabulary))
      wasm.tokenScores(rows, vocabulary, logits, targets, logprob, entropy, referenceLogits, referenceKl, room)
    },
    tokenScoresBackward({ rows, vocabulary, logits, targets, gradLogprob, gradLogits, ...wanted }) {
      const { gradEntropy = NONE, referenceLogits = NONE, gradReferenceKl = NONE } = wanted
      const room = scratch(wasm.tokenScoresScratchBytes(vocabulary))
      const cotangents = [gradLogprob, gradEntropy, referenceLogits, gradReferenceKl]
      wasm.tokenScoresBackward(rows, vocabulary, logits, targets, ...cotangents, gradLogits, room)
    },
    sampleTokens({ rows, vocabulary, logits, uniforms, temperature, tokens, logprob }) {
      // 1/temperature must be finite in f32; 0 stands for the most likely token.
      const scale = temperature === 0 ? 0 : Math.min(1 / temperature, 3e38)
      const room = scratch(wasm.sampleTokensScratchBytes(vocabulary))
      wasm.sampleTokens(rows, vocabulary, logits, uniforms, scale, tokens, logprob, room)
    },
    adamW({ length, parameters, gradients, firstMoment, secondMoment, step, learningRate, betas, ...rest }) {
      const [beta1, beta2] = betas
      const keep = 1 - learningRate * rest.weightDecay
      const rate = learningRate / (1 - beta1 ** step)
      const unbias = 1 / (1 - beta2 ** step)
      const decays = [rest.gradientScale, beta1, 1 - beta1, beta2, 1 - beta2]
      wasm.adamW(length, parameters, gradients, firstMoment, secondMoment, ...decays, keep, rate, unbias, rest.epsilon)
    },
  }
}
