import type { DeviceBuffer } from '@posttrain/compute'
import {
  requireLength,
  unsupported,
  type ScoreName,
  type ScoreRequest,
  type TokenCotangents,
  type TokenScores,
} from '@posttrain/core'
import { joinCotangents, splitBySequence } from '../per-sequence.js'
import { carveActivations } from './activations.js'
import { backward, carveBackwardBuffers } from './backward.js'
import { layOutBatch, type TokenizedSequence } from './batch.js'
import { forward } from './forward.js'
import { tokenHead, tokenHeadBackward, valueHead, valueHeadBackward } from './heads.js'
import type { TransformerModel } from './model.js'
import type { TransformerParameters } from './parameters.js'
import type { Workspace } from '../workspace.js'

/** Scores of a batch; its activations stay in the workspace for the backward pass. */
export interface ScoringPass {
  readonly scores: readonly TokenScores[]
  /** Accumulates gradients from ∂loss/∂score. Needs `forBackward`. */
  backward(cotangents: readonly TokenCotangents[], gradients: TransformerParameters): void
}

/**
 * Forward pass from sequences to token scores.
 *
 * @param reference a frozen model's weights, if `referenceKl` is wanted
 * @param forBackward also carves what the backward pass needs
 */
export async function runScoringPass(
  model: TransformerModel,
  reference: TransformerParameters | undefined,
  workspace: Workspace,
  sequences: readonly TokenizedSequence[],
  request: Pick<ScoreRequest, 'entropy' | 'value'>,
  forBackward: boolean,
): Promise<ScoringPass> {
  const { device, architecture } = model
  const { vocabulary } = architecture
  const batch = layOutBatch(sequences, architecture)
  const rows = batch.targets.length
  const lengths = sequences.map(({ completion }) => completion.length)
  const wanted: readonly ScoreName[] = [
    'logprob',
    ...(request.entropy ? (['entropy'] as const) : []),
    ...(reference ? (['referenceKl'] as const) : []),
    ...(request.value ? (['value'] as const) : []),
  ]
  const buffers = workspace.carve((carver) => ({
    activations: carveActivations(carver, architecture, batch),
    targets: carver.integers(rows),
    logits: carver.floats(rows * vocabulary),
    referenceLogits: carver.floats(reference ? rows * vocabulary : 0),
    scores: {
      logprob: carver.floats(rows),
      entropy: carver.floats(rows),
      referenceKl: carver.floats(rows),
      value: carver.floats(rows),
    } satisfies Record<ScoreName, DeviceBuffer>,
    backward: forBackward ? carveBackwardBuffers(carver, architecture, batch) : undefined,
  }))
  const { activations, targets, logits, referenceLogits } = buffers
  const { logprob, entropy, referenceKl, value } = buffers.scores
  const { normalised } = activations
  device.write(targets, batch.targets)
  if (reference) {
    const frozen = { ...model, parameters: reference }
    forward(frozen, batch, activations)
    tokenHead(frozen, rows, normalised, referenceLogits)
  }
  forward(model, batch, activations)
  tokenHead(model, rows, normalised, logits)
  const shape = { rows, vocabulary, logits, targets }
  device.tokenScores({
    ...shape,
    logprob,
    ...(request.entropy ? { entropy } : {}),
    ...(reference ? { referenceLogits, referenceKl } : {}),
  })
  if (request.value) valueHead(model, rows, normalised, value)

  const perSequence = async (name: ScoreName): Promise<Float64Array[]> =>
    splitBySequence(await device.read(buffers.scores[name]), lengths)
  const logprobs = await perSequence('logprob')
  const others = await Promise.all(wanted.slice(1).map(async (name) => [name, await perSequence(name)] as const))
  const scores = logprobs.map((values, i) => ({
    logprob: values,
    ...Object.fromEntries(others.map(([name, columns]) => [name, columns[i]!])),
  }))

  return {
    scores,
    backward: (cotangents, gradients) => {
      requireLength('cotangents', cotangents, sequences.length)
      requireScored(cotangents, wanted)
      // The scores have been read: their buffers and the logits now take the gradients that correspond to them.
      for (const name of wanted) device.write(buffers.scores[name], joinCotangents(cotangents, name, lengths))
      device.tokenScoresBackward({
        ...shape,
        gradLogprob: logprob,
        ...(request.entropy ? { gradEntropy: entropy } : {}),
        ...(reference ? { referenceLogits, gradReferenceKl: referenceKl } : {}),
        gradLogits: logits,
      })
      const gradNormalised = buffers.backward!.normalised
      device.fill(gradNormalised, 0)
      tokenHeadBackward(model, gradients, rows, normalised, logits, gradNormalised)
      if (request.value) valueHeadBackward(model, gradients, rows, normalised, value, gradNormalised)
      backward(model, gradients, batch, activations, buffers.backward!)
    },
  }
}

/** @throws PosttrainError `unsupported` for the cotangent of a score that the pass did not compute */
function requireScored(cotangents: readonly TokenCotangents[], wanted: readonly ScoreName[]): void {
  for (const name of ['logprob', 'entropy', 'referenceKl', 'value'] as const) {
    if (wanted.includes(name)) continue
    const given = cotangents.findIndex((cotangent) => cotangent[name] !== undefined)
    if (given < 0) continue
    throw unsupported(
      `cotangents[${given}] has ${name}, which this pass did not compute`,
      `ask for ${name} when calling forward`,
    )
  }
}
