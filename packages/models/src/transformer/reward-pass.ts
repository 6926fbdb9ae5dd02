import { carveActivations } from './activations.js'
import { backward, carveBackwardBuffers } from './backward.js'
import { layOutWholeSequences, type TokenizedSequence } from './batch.js'
import { forward } from './forward.js'
import { valueHead, valueHeadBackward } from './heads.js'
import type { TransformerModel } from './model.js'
import type { TransformerParameters } from './parameters.js'
import type { Workspace } from '../workspace.js'

/** Rewards of a batch; its activations stay in the workspace for the backward pass. */
export interface RewardPass {
  readonly rewards: Float64Array
  /** Accumulates gradients from ∂loss/∂reward. */
  backward(cotangents: ArrayLike<number>, gradients: TransformerParameters): void
}

/** Forward pass from whole sequences to what the value head says at their last token. */
export async function runRewardPass(
  model: TransformerModel,
  workspace: Workspace,
  sequences: readonly TokenizedSequence[],
): Promise<RewardPass> {
  const { device, architecture } = model
  const batch = layOutWholeSequences(sequences, architecture)
  const rows = sequences.length
  const buffers = workspace.carve((carver) => ({
    activations: carveActivations(carver, architecture, batch),
    reward: carver.floats(rows),
    backward: carveBackwardBuffers(carver, architecture, batch),
  }))
  const { activations, reward } = buffers
  forward(model, batch, activations)
  valueHead(model, rows, activations.normalised, reward)
  return {
    rewards: await device.read(reward),
    backward: (cotangents, gradients) => {
      device.write(reward, cotangents)
      const gradNormalised = buffers.backward.normalised
      device.fill(gradNormalised, 0)
      valueHeadBackward(model, gradients, rows, activations.normalised, reward, gradNormalised)
      backward(model, gradients, batch, activations, buffers.backward)
    },
  }
}
