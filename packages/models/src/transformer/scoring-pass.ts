import type { Device, DeviceBuffer } from '@posttrain/compute'
import { requireLength, type ScoreRequest, type TokenCotangents, type TokenScores } from '@posttrain/core'
import { joinCotangents, splitBySequence } from '../per-sequence.js'
import { carveActivations } from './activations.js'
import { backward, carveBackwardBuffers } from './backward.js'
import { layOutBatch, type TokenizedSequence } from './batch.js'
import type { TransformerConfig } from './config.js'
import { forward } from './forward.js'
import type { TransformerParameters } from './parameters.js'
import type { Workspace } from '../workspace.js'

/** The model that a pass runs, and the frozen one it may be compared with. */
export interface ScoredModel {
  readonly device: Device
  readonly config: TransformerConfig
  readonly parameters: TransformerParameters
  readonly reference: TransformerParameters | undefined
}

/** Scores of a batch; its activations stay in the workspace for the backward pass. */
export interface ScoringPass {
  readonly scores: readonly TokenScores[]
  /** Accumulates gradients from ∂loss/∂score. Needs `forBackward`. */
  backward(cotangents: readonly TokenCotangents[], gradients: TransformerParameters): void
}

/**
 * Forward pass from sequences to token scores.
 *
 * @param forBackward also carves what the backward pass needs
 */
export async function runScoringPass(
  { device, config, parameters, reference }: ScoredModel,
  workspace: Workspace,
  sequences: readonly TokenizedSequence[],
  request: Pick<ScoreRequest, 'entropy'>,
  forBackward: boolean,
): Promise<ScoringPass> {
  const batch = layOutBatch(sequences, config)
  const rows = batch.targets.length
  const lengths = sequences.map(({ completion }) => completion.length)
  const { vocabulary } = config
  const buffers = workspace.carve((carver) => ({
    activations: carveActivations(carver, config, batch),
    logprob: carver.floats(rows),
    entropy: carver.floats(rows),
    referenceKl: carver.floats(rows),
    referenceLogits: carver.floats(reference ? rows * vocabulary : 0),
    backward: forBackward ? carveBackwardBuffers(carver, config, batch) : undefined,
  }))
  const { activations, logprob, entropy, referenceKl, referenceLogits } = buffers
  const { logits, targets } = activations
  if (reference) {
    forward(device, config, reference, batch, activations)
    device.copy(logits, referenceLogits)
  }
  forward(device, config, parameters, batch, activations)
  device.tokenScores({
    rows,
    vocabulary,
    logits,
    targets,
    logprob,
    ...(request.entropy ? { entropy } : {}),
    ...(reference ? { referenceLogits, referenceKl } : {}),
  })

  const perSequence = async (buffer: DeviceBuffer): Promise<Float64Array[]> =>
    splitBySequence(await device.read(buffer), lengths)
  const logprobs = await perSequence(logprob)
  const entropies = request.entropy ? await perSequence(entropy) : undefined
  const kls = reference ? await perSequence(referenceKl) : undefined
  const scores = logprobs.map((values, i) => ({
    logprob: values,
    ...(entropies ? { entropy: entropies[i]! } : {}),
    ...(kls ? { referenceKl: kls[i]! } : {}),
  }))

  return {
    scores,
    backward: (cotangents, gradients) => {
      requireLength('cotangents', cotangents, sequences.length)
      const write = (buffer: DeviceBuffer, name: 'logprob' | 'entropy' | 'referenceKl'): DeviceBuffer => {
        device.write(buffer, joinCotangents(cotangents, name, lengths))
        return buffer
      }
      // The scores have been read: their buffers and the logits now take the gradients that correspond to them.
      device.tokenScoresBackward({
        rows,
        vocabulary,
        logits,
        targets,
        gradLogprob: write(logprob, 'logprob'),
        ...(request.entropy ? { gradEntropy: write(entropy, 'entropy') } : {}),
        ...(reference ? { referenceLogits, gradReferenceKl: write(referenceKl, 'referenceKl') } : {}),
        gradLogits: logits,
      })
      backward(device, config, parameters, gradients, batch, activations, logits, buffers.backward!)
    },
  }
}
