import type { DeviceBuffer } from '@posttrain/compute'
import { activateBackward } from './activate.js'
import type { Activations } from './activations.js'
import type { Architecture } from './architecture.js'
import type { InputBatch } from './batch.js'
import { linearBackward } from './linear.js'
import type { TransformerModel } from './model.js'
import { normaliseBackward } from './normalise.js'
import type { TransformerParameters } from './parameters.js'
import { applyRotary } from './apply-rotary.js'
import type { Allocator } from '../workspace.js'

/** Buffers that only live during a backward pass; rows = batch size × length. */
export interface BackwardBuffers {
  /** scored × width: where the heads put the gradient of what they read. */
  readonly normalised: DeviceBuffer
  readonly final: DeviceBuffer
  /** rows × width: the gradient of the residual stream, carried from the last layer to the first. */
  readonly residual: DeviceBuffer
  /** rows × width: that of a normalised branch. */
  readonly branch: DeviceBuffer
  readonly attended: DeviceBuffer
  readonly qkv: DeviceBuffer
  readonly activated: DeviceBuffer
  readonly expanded: DeviceBuffer
}

/** Allocates the buffers of a backward pass. */
export function allocateBackwardBuffers(
  allocator: Allocator,
  { width, hidden, queryWidth, packedWidth, expandedWidth }: Architecture,
  batch: InputBatch,
): BackwardBuffers {
  const rows = batch.size * batch.length
  const scored = batch.scoredRows.length
  return {
    normalised: allocator.floats(scored * width),
    final: allocator.floats(scored * width),
    residual: allocator.floats(rows * width),
    branch: allocator.floats(rows * width),
    attended: allocator.floats(rows * queryWidth),
    qkv: allocator.floats(rows * packedWidth),
    activated: allocator.floats(rows * hidden),
    expanded: allocator.floats(rows * expandedWidth),
  }
}

/**
 * The reverse of `forward.ts`, line by line from its last to its first, from the gradient of `activations.normalised`
 * that the heads have left in `buffers.normalised`. A residual connection passes its gradient on unchanged, so
 * `buffers.residual` is carried through and each branch adds to it.
 *
 * @param gradients accumulated into
 */
export function backward(
  model: TransformerModel,
  gradients: TransformerParameters,
  batch: InputBatch,
  activations: Activations,
  buffers: BackwardBuffers,
): void {
  const { device, parameters } = model
  const { width, hidden, heads, keyValueHeads, headSize, queryWidth, packedWidth, expandedWidth } = model.architecture
  const { size, length } = batch
  const rows = size * length
  const scored = batch.scoredRows.length
  const { residual, branch, final, normalised } = buffers
  const { tokens, positions, scoredRows } = activations

  device.fill(final, 0)
  const { finalNorm } = parameters
  const { finalStatistics } = activations
  normaliseBackward(
    model,
    scored,
    finalNorm,
    gradients.finalNorm,
    activations.final,
    finalStatistics,
    normalised,
    final,
  )
  device.fill(residual, 0)
  device.scatterAddRows({ rows: scored, columns: width, source: final, indices: scoredRows, out: residual })

  for (let l = model.architecture.layers - 1; l >= 0; l--) {
    const p = parameters.layers[l]!
    const g = gradients.layers[l]!
    const a = activations.layers[l]!

    const output = { rows, inputs: hidden, outputs: width }
    linearBackward(device, output, p.output, g.output, a.activated, residual, buffers.activated)
    activateBackward(model, rows, a.expanded, buffers.activated, buffers.expanded)
    const expand = { rows, inputs: width, outputs: expandedWidth }
    linearBackward(device, expand, p.expand, g.expand, a.norm2, buffers.expanded, branch)
    normaliseBackward(model, rows, p.norm2, g.norm2, a.middle, a.statistics2, branch, residual)

    const projection = { rows, inputs: queryWidth, outputs: width }
    linearBackward(device, projection, p.projection, g.projection, a.attended, residual, buffers.attended)
    const attention = { qkv: a.qkv, probabilities: a.probabilities, gradOut: buffers.attended, gradQkv: buffers.qkv }
    device.attentionBackward({ batch: size, length, heads, keyValueHeads, headSize, ...attention })
    applyRotary(model, rows, buffers.qkv, positions, true)
    const project = { rows, inputs: width, outputs: packedWidth }
    linearBackward(device, project, p.qkv, g.qkv, a.norm1, buffers.qkv, branch)
    normaliseBackward(model, rows, p.norm1, g.norm1, activations.residual[l]!, a.statistics1, branch, residual)
  }

  const { tokenTable: gradTokenTable, positionTable: gradPositionTable } = gradients
  const learned = gradPositionTable ? { positions, gradPositionTable } : {}
  device.embeddingBackward({ rows, columns: width, tokens, gradOut: residual, gradTokenTable, ...learned })
}
