import type { Implementations } from '../implementation.js'
import { EPSILON } from '../kernels/normalisation.js'
import { ALIGNMENT } from './align.js'
import type { WasmExports } from './exports.js'
import type { DoWork } from './work.js'

/** Address of a missing buffer; no buffer has it. */
const NONE = 0

/** Entries of a cache line: threads that write side by side each begin on a line of their own. */
const LINE = ALIGNMENT / 4

/** 1/temperature must be finite in f32. */
const MAX_SCALE = 3e38

// Time per entry, in multiplications and additions of a product. Measured; a rough number is enough.
const COST = { copy: 4, norm: 16, activation: 24, exponential: 40, draw: 80, adamW: 24 }

const flag = (on: boolean | undefined): number => (on ? 1 : 0)

/**
 * The kernels of assembly/, called with addresses in the order that they expect.
 *
 * @param run does a kernel's work, in parts or at once
 * @param scratch returns the address of at least so many bytes, which its next call may give away again
 */
export function wasmKernels(
  wasm: WasmExports,
  run: DoWork,
  scratch: (bytes: number) => number,
): Implementations<number> {
  const block = wasm.rowsPerBlock()
  return {
    matmul({ m, n, k, a, b, out, bias = NONE, transposeA, transposeB, accumulate }) {
      const byColumns = n > m
      const [total, other] = byColumns ? [n, m] : [m, n]
      const work = { total, cost: other * k, grain: LINE, scratchBytes: wasm.matmulScratchBytes(n, k) }
      const operands = [a, flag(transposeA), b, flag(transposeB), out, bias, flag(accumulate)]
      run('matmul', work, [flag(byColumns), m, n, k, ...operands])
    },
    sumRows({ rows, columns, x, out }) {
      const work = {
        total: columns,
        cost: COST.copy * rows,
        grain: LINE,
        scratchBytes: wasm.sumRowsScratchBytes(columns),
      }
      run('sumRows', work, [rows, columns, x, out])
    },
    layerNorm: ({ rows, columns, x, gain, bias, out, statistics, epsilon = EPSILON }) =>
      run('layerNorm', { total: rows, cost: COST.norm * columns }, [columns, x, gain, bias, out, statistics, epsilon]),
    layerNormBackward({ rows, columns, x, gain, statistics, gradOut, gradX, gradGain, gradBias }) {
      const blocks = scratch(wasm.rowBlocksBytes(rows, columns, 2))
      const work = { total: rows, cost: 2 * COST.norm * columns, grain: block }
      run('layerNormBackward', work, [columns, x, gain, statistics, gradOut, gradX, blocks])
      wasm.addRowBlocks(rows, columns, 2, 0, blocks, gradGain)
      wasm.addRowBlocks(rows, columns, 2, 1, blocks, gradBias)
    },
    rmsNorm: ({ rows, columns, x, gain, out, statistics, epsilon = EPSILON }) =>
      run('rmsNorm', { total: rows, cost: COST.norm * columns }, [columns, x, gain, out, statistics, epsilon]),
    rmsNormBackward({ rows, columns, x, gain, statistics, gradOut, gradX, gradGain }) {
      const blocks = scratch(wasm.rowBlocksBytes(rows, columns, 1))
      const work = { total: rows, cost: 2 * COST.norm * columns, grain: block }
      run('rmsNormBackward', work, [columns, x, gain, statistics, gradOut, gradX, blocks])
      wasm.addRowBlocks(rows, columns, 1, 0, blocks, gradGain)
    },
    activation: ({ kind, length, x, out }) =>
      run(kind, { total: length, cost: COST.activation, grain: LINE }, [x, out]),
    activationBackward: ({ kind, length, x, gradOut, gradX }) =>
      run(`${kind}Backward`, { total: length, cost: COST.activation, grain: LINE }, [x, gradOut, gradX]),
    swiglu: ({ rows, columns, x, out }) =>
      run('swiglu', { total: rows, cost: COST.activation * columns }, [columns, x, out]),
    swigluBackward: ({ rows, columns, x, gradOut, gradX }) =>
      run('swigluBackward', { total: rows, cost: 2 * COST.activation * columns }, [columns, x, gradOut, gradX]),
    add: ({ length, x, out, scale = 1 }) =>
      run('add', { total: length, cost: COST.copy, grain: LINE }, [scale, x, out]),
    rotary({ rows, heads, headSize, columns, x, positions, angles, inverse }) {
      const work = { total: rows, cost: COST.copy * heads * headSize }
      run('rotary', work, [heads, headSize, columns, x, positions, angles, inverse ? -1 : 1])
    },
    attention({ batch, length, heads, keyValueHeads, headSize, qkv, out, probabilities }) {
      const cost = (heads / keyValueHeads) * length ** 2 * (headSize + COST.exponential / 2)
      const work = { total: batch * keyValueHeads, cost, scratchBytes: wasm.attentionScratchBytes(length, headSize) }
      run('attention', work, [length, heads, keyValueHeads, headSize, qkv, out, probabilities])
    },
    attentionBackward({ batch, length, heads, keyValueHeads, headSize, qkv, probabilities, gradOut, gradQkv }) {
      const cost = (heads / keyValueHeads) * length ** 2 * 2 * headSize
      const work = { total: batch * keyValueHeads, cost, scratchBytes: wasm.attentionScratchBytes(length, headSize) }
      run('attentionBackward', work, [length, heads, keyValueHeads, headSize, qkv, probabilities, gradOut, gradQkv])
    },
    cachedAttention({ batch, heads, keyValueHeads, headSize, capacity, qkv, keys, values, positions, out }) {
      const cost = heads * capacity * headSize
      const work = { total: batch, cost, scratchBytes: wasm.cachedAttentionScratchBytes(capacity, heads) }
      const sizes = [heads, keyValueHeads, headSize, capacity]
      run('cachedAttention', work, [...sizes, qkv, keys, values, positions, out])
    },
    gatherRows: ({ rows, columns, source, indices, out }) =>
      run('gatherRows', { total: rows, cost: COST.copy * columns }, [columns, source, indices, out]),
    scatterAddRows: ({ rows, columns, source, indices, out }) =>
      wasm.scatterAddRows(rows, columns, source, indices, out),
    embedding({ rows, columns, tokens, positions = NONE, tokenTable, positionTable = NONE, out }) {
      const work = { total: rows, cost: COST.copy * columns }
      run('embedding', work, [columns, tokens, positions, tokenTable, positionTable, out])
    },
    embeddingBackward({ rows, columns, tokens, positions = NONE, gradOut, gradTokenTable, gradPositionTable = NONE }) {
      wasm.embeddingBackward(rows, columns, tokens, positions, gradOut, gradTokenTable, gradPositionTable)
    },
    tokenScores({ rows, vocabulary, logits, targets, logprob, entropy = NONE, ...reference }) {
      const { referenceLogits = NONE, klToReference = NONE } = reference
      const scratchBytes = wasm.tokenScoresScratchBytes(vocabulary)
      const work = { total: rows, cost: COST.exponential * vocabulary, scratchBytes }
      run('tokenScores', work, [vocabulary, logits, targets, logprob, entropy, referenceLogits, klToReference])
    },
    tokenScoresBackward({ rows, vocabulary, logits, targets, gradLogprob, gradLogits, ...wanted }) {
      const { gradEntropy = NONE, referenceLogits = NONE, gradKlToReference = NONE } = wanted
      const scratchBytes = wasm.tokenScoresScratchBytes(vocabulary)
      const work = { total: rows, cost: COST.exponential * vocabulary, scratchBytes }
      const cotangents = [gradLogprob, gradEntropy, referenceLogits, gradKlToReference]
      run('tokenScoresBackward', work, [vocabulary, logits, targets, ...cotangents, gradLogits])
    },
    sampleTokens({ rows, vocabulary, logits, uniforms, temperature, tokens, logprob, topK, topP = 1, minP = 0 }) {
      // A scale of 0 stands for the most likely token.
      const scale = temperature === 0 ? 0 : Math.min(1 / temperature, MAX_SCALE)
      const k = Math.min(topK ?? vocabulary, vocabulary)
      const cuts = [flag(k < vocabulary || topP < 1 || minP > 0), k, topP, minP]
      const scratchBytes = wasm.sampleTokensScratchBytes(vocabulary)
      const work = { total: rows, cost: COST.draw * vocabulary, scratchBytes }
      run('sampleTokens', work, [vocabulary, logits, uniforms, scale, ...cuts, tokens, logprob])
    },
    adamW({ length, parameters, gradients, firstMoment, secondMoment, step, learningRate, betas, ...rest }) {
      const [beta1, beta2] = betas
      const keep = 1 - learningRate * rest.weightDecay
      const rate = learningRate / (1 - beta1 ** step)
      const unbias = 1 / (1 - beta2 ** step)
      const factors = [rest.gradientScale, beta1, 1 - beta1, beta2, 1 - beta2, keep, rate, unbias, rest.epsilon]
      const work = { total: length, cost: COST.adamW, grain: LINE }
      run('adamW', work, [parameters, gradients, firstMoment, secondMoment, ...factors])
    },
  }
}
