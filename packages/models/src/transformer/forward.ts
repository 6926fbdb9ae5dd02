import type { Device } from '@posttrain/compute'
import type { Activations } from './activations.js'
import type { Batch } from './batch.js'
import type { TransformerConfig } from './config.js'
import type { TransformerParameters } from './parameters.js'

/**
 * From tokens to logits, layer by layer:
 *
 *   x₀ = tokenTable[token] + positionTable[position]
 *   m  = xₗ + Attention(LayerNorm(xₗ)) · W + b
 *   xₗ₊₁ = m + f(LayerNorm(m) · W + b) · W + b
 *   logits = LayerNorm(x_L at the scored rows) · headᵀ
 *
 * `backward.ts` is its mirror image, bottom to top.
 */
export function forward(
  device: Device,
  config: TransformerConfig,
  parameters: TransformerParameters,
  batch: Batch,
  activations: Activations,
): void {
  const { width, hidden, heads, vocabulary, activation } = config
  const { size, length } = batch
  const rows = size * length
  const scored = batch.targets.length
  const { tokens, positions, scoredRows, residual } = activations

  device.write(tokens, batch.tokens)
  device.write(positions, batch.positions)
  device.write(scoredRows, batch.scoredRows)
  device.write(activations.targets, batch.targets)
  const { tokenTable, positionTable } = parameters
  device.embedding({ rows, columns: width, tokens, positions, tokenTable, positionTable, out: residual[0]! })

  parameters.layers.forEach((p, l) => {
    const a = activations.layers[l]!
    const x = residual[l]!
    const next = residual[l + 1]!

    const norm1 = { x, gain: p.norm1Gain, bias: p.norm1Bias, out: a.norm1, statistics: a.statistics1 }
    device.layerNorm({ rows, columns: width, ...norm1 })
    device.matmul({ m: rows, n: 3 * width, k: width, a: a.norm1, b: p.qkvWeight, bias: p.qkvBias, out: a.qkv })
    const attention = { qkv: a.qkv, out: a.attended, probabilities: a.probabilities }
    device.attention({ batch: size, length, heads, headSize: width / heads, ...attention })
    device.copy(x, a.middle)
    const projection = { a: a.attended, b: p.projectionWeight, bias: p.projectionBias, out: a.middle }
    device.matmul({ m: rows, n: width, k: width, ...projection, accumulate: true })

    const norm2 = { x: a.middle, gain: p.norm2Gain, bias: p.norm2Bias, out: a.norm2, statistics: a.statistics2 }
    device.layerNorm({ rows, columns: width, ...norm2 })
    device.matmul({ m: rows, n: hidden, k: width, a: a.norm2, b: p.hiddenWeight, bias: p.hiddenBias, out: a.hidden })
    device.activation({ kind: activation, length: rows * hidden, x: a.hidden, out: a.activated })
    device.copy(a.middle, next)
    const output = { a: a.activated, b: p.outputWeight, bias: p.outputBias, out: next }
    device.matmul({ m: rows, n: width, k: hidden, ...output, accumulate: true })
  })

  const { final, normalised, finalStatistics: statistics, logits } = activations
  device.gatherRows({ rows: scored, columns: width, source: residual.at(-1)!, indices: scoredRows, out: final })
  const { finalGain: gain, finalBias: bias } = parameters
  device.layerNorm({ rows: scored, columns: width, x: final, gain, bias, out: normalised, statistics })
  const head = { a: normalised, b: parameters.head, transposeB: true, out: logits }
  device.matmul({ m: scored, n: vocabulary, k: width, ...head })
}
