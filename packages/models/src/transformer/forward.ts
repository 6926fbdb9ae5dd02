import { activate } from './activate.js'
import type { Activations } from './activations.js'
import type { InputBatch } from './batch.js'
import { linear } from './linear.js'
import type { TransformerModel } from './model.js'
import { normalise } from './normalise.js'
import { applyRotary } from './apply-rotary.js'

/**
 * From tokens to what the heads read, layer by layer:
 *
 *   x₀ = tokenTable[token] (+ positionTable[position])
 *   m  = xₗ + Attention(Norm(xₗ) · W + b) · W + b, queries and keys turned if positions are rotary
 *   xₗ₊₁ = m + f(Norm(m) · W + b) · W + b
 *   normalised = Norm(x_L at the scored rows)
 *
 * `backward.ts` is its mirror image, bottom to top.
 */
export function forward(model: TransformerModel, batch: InputBatch, activations: Activations): void {
  const { device, parameters } = model
  const { width, hidden, heads, keyValueHeads, headSize, queryWidth, packedWidth, expandedWidth } = model.architecture
  const { size, length } = batch
  const rows = size * length
  const scored = batch.scoredRows.length
  const { tokens, positions, scoredRows, residual } = activations

  device.write(tokens, batch.tokens)
  device.write(positions, batch.positions)
  device.write(scoredRows, batch.scoredRows)
  const { tokenTable, positionTable } = parameters
  const learned = positionTable ? { positions, positionTable } : {}
  device.embedding({ rows, columns: width, tokens, tokenTable, ...learned, out: residual[0]! })

  parameters.layers.forEach((p, l) => {
    const a = activations.layers[l]!
    const x = residual[l]!
    const next = residual[l + 1]!

    normalise(model, rows, p.norm1, x, a.norm1, a.statistics1)
    linear(device, { rows, inputs: width, outputs: packedWidth }, p.qkv, a.norm1, a.qkv)
    applyRotary(model, rows, a.qkv, positions)
    const attention = { qkv: a.qkv, out: a.attended, probabilities: a.probabilities }
    device.attention({ batch: size, length, heads, keyValueHeads, headSize, ...attention })
    device.copy(x, a.middle)
    linear(device, { rows, inputs: queryWidth, outputs: width }, p.projection, a.attended, a.middle, true)

    normalise(model, rows, p.norm2, a.middle, a.norm2, a.statistics2)
    linear(device, { rows, inputs: width, outputs: expandedWidth }, p.expand, a.norm2, a.expanded)
    activate(model, rows, a.expanded, a.activated)
    device.copy(a.middle, next)
    linear(device, { rows, inputs: hidden, outputs: width }, p.output, a.activated, next, true)
  })

  const { final, normalised, finalStatistics } = activations
  device.gatherRows({ rows: scored, columns: width, source: residual.at(-1)!, indices: scoredRows, out: final })
  normalise(model, scored, parameters.finalNorm, final, normalised, finalStatistics)
}
