import type { Device, DeviceBuffer } from '@posttrain/compute'
import type { Activations } from './activations.js'
import type { Batch } from './batch.js'
import type { TransformerConfig } from './config.js'
import type { TransformerParameters } from './parameters.js'
import type { Carver } from '../workspace.js'

/** Buffers that only live during a backward pass; rows = batch size × length. */
export interface BackwardBuffers {
  /** rows × width: the gradient of the residual stream, carried from the last layer to the first. */
  readonly residual: DeviceBuffer
  readonly branch: DeviceBuffer
  readonly qkv: DeviceBuffer
  readonly hidden: DeviceBuffer
  /** scored × width. */
  readonly final: DeviceBuffer
  readonly normalised: DeviceBuffer
}

/** Carves the buffers of a backward pass. */
export function carveBackwardBuffers(carver: Carver, config: TransformerConfig, batch: Batch): BackwardBuffers {
  const rows = batch.size * batch.length
  const scored = batch.targets.length
  return {
    residual: carver.floats(rows * config.width),
    branch: carver.floats(rows * config.width),
    qkv: carver.floats(rows * 3 * config.width),
    hidden: carver.floats(rows * config.hidden),
    final: carver.floats(scored * config.width),
    normalised: carver.floats(scored * config.width),
  }
}

/**
 * The reverse of `forward.ts`, line by line from its last to its first. For out = a · W + b:
 * ∂W += aᵀ · ∂out, ∂b += Σ rows of ∂out, ∂a = ∂out · Wᵀ.
 *
 * @param gradLogits scored × vocabulary
 * @param gradients accumulated into; laid out as the parameters
 */
export function backward(
  device: Device,
  config: TransformerConfig,
  parameters: TransformerParameters,
  gradients: TransformerParameters,
  batch: Batch,
  activations: Activations,
  gradLogits: DeviceBuffer,
  buffers: BackwardBuffers,
): void {
  const { width, hidden, heads, vocabulary, activation } = config
  const { size, length } = batch
  const rows = size * length
  const scored = batch.targets.length
  const { residual, branch } = buffers

  /** Through out = a · W + b with W of inputs × outputs. */
  const linear = (
    {
      inputs,
      outputs,
      a,
      gradOut,
      gradA,
    }: Record<'inputs' | 'outputs', number> & Record<'a' | 'gradOut' | 'gradA', DeviceBuffer>,
    weight: DeviceBuffer,
    gradWeight: DeviceBuffer,
    gradBias: DeviceBuffer,
  ): void => {
    const accumulate = { transposeA: true, accumulate: true }
    device.matmul({ m: inputs, n: outputs, k: rows, a, b: gradOut, out: gradWeight, ...accumulate })
    device.sumRows({ rows, columns: outputs, x: gradOut, out: gradBias })
    device.matmul({ m: rows, n: inputs, k: outputs, a: gradOut, b: weight, transposeB: true, out: gradA })
  }

  const { final, normalised } = buffers
  const head = { a: gradLogits, b: activations.normalised, transposeA: true, accumulate: true }
  device.matmul({ m: vocabulary, n: width, k: scored, ...head, out: gradients.head })
  device.matmul({ m: scored, n: width, k: vocabulary, a: gradLogits, b: parameters.head, out: normalised })
  device.fill(final, 0)
  device.layerNormBackward({
    rows: scored,
    columns: width,
    x: activations.final,
    gain: parameters.finalGain,
    statistics: activations.finalStatistics,
    gradOut: normalised,
    gradX: final,
    gradGain: gradients.finalGain,
    gradBias: gradients.finalBias,
  })
  device.fill(residual, 0)
  device.scatterAddRows({ rows: scored, columns: width, source: final, indices: activations.scoredRows, out: residual })

  for (let l = config.layers - 1; l >= 0; l--) {
    const p = parameters.layers[l]!
    const g = gradients.layers[l]!
    const a = activations.layers[l]!

    const output = { inputs: hidden, outputs: width, a: a.activated, gradOut: residual, gradA: buffers.hidden }
    linear(output, p.outputWeight, g.outputWeight, g.outputBias)
    const act = { x: a.hidden, gradOut: buffers.hidden, gradX: buffers.hidden }
    device.activationBackward({ kind: activation, length: rows * hidden, ...act })
    const expand = { inputs: width, outputs: hidden, a: a.norm2, gradOut: buffers.hidden, gradA: branch }
    linear(expand, p.hiddenWeight, g.hiddenWeight, g.hiddenBias)
    const norm2 = { x: a.middle, gain: p.norm2Gain, statistics: a.statistics2, gradOut: branch, gradX: residual }
    device.layerNormBackward({ rows, columns: width, ...norm2, gradGain: g.norm2Gain, gradBias: g.norm2Bias })

    const projection = { inputs: width, outputs: width, a: a.attended, gradOut: residual, gradA: branch }
    linear(projection, p.projectionWeight, g.projectionWeight, g.projectionBias)
    const attention = { qkv: a.qkv, probabilities: a.probabilities, gradOut: branch, gradQkv: buffers.qkv }
    device.attentionBackward({ batch: size, length, heads, headSize: width / heads, ...attention })
    const project = { inputs: width, outputs: 3 * width, a: a.norm1, gradOut: buffers.qkv, gradA: branch }
    linear(project, p.qkvWeight, g.qkvWeight, g.qkvBias)
    const x = activations.residual[l]!
    const norm1 = { x, gain: p.norm1Gain, statistics: a.statistics1, gradOut: branch, gradX: residual }
    device.layerNormBackward({ rows, columns: width, ...norm1, gradGain: g.norm1Gain, gradBias: g.norm1Bias })
  }

  device.embeddingBackward({
    rows,
    columns: width,
    tokens: activations.tokens,
    positions: activations.positions,
    gradOut: residual,
    gradTokenTable: gradients.tokenTable,
    gradPositionTable: gradients.positionTable,
  })
}
