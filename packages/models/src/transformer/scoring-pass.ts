import type { TokenCotangents, TokenScores } from '@posttrain/core'
import { allocateScoreBuffers, readScores, writeCotangents } from '../score-buffers.js'
import type { ScorePlan } from '../score-plan.js'
import type { Workspace } from '../workspace.js'
import { allocateActivations } from './activations.js'
import { allocateBackwardBuffers, backward } from './backward.js'
import type { Batch } from './batch.js'
import { forward } from './forward.js'
import { tokenHead, tokenHeadBackward, valueHead, valueHeadBackward } from './heads.js'
import type { TransformerModel } from './model.js'
import type { TransformerParameters } from './parameters.js'

/** Scores of a batch; its activations stay in the workspace for the backward pass. */
export interface ScoringPass {
  readonly scores: readonly TokenScores[]
  /** Accumulates gradients from ∂loss/∂score. Needs `forBackward`. */
  backward(cotangents: readonly TokenCotangents[], gradients: TransformerParameters): void
}

/**
 * Forward pass from a batch to token scores. The vocabulary projection is computed for chosen tokens alone, and only if
 * a score needs it.
 *
 * @param reference a frozen model's weights, if the plan reads a reference
 * @param lengths chosen tokens of each sequence
 * @param forBackward also allocates what the backward pass needs
 */
export async function runScoringPass(
  model: TransformerModel,
  reference: TransformerParameters | undefined,
  workspace: Workspace,
  batch: Batch,
  lengths: readonly number[],
  plan: ScorePlan,
  forBackward: boolean,
): Promise<ScoringPass> {
  const { device, architecture } = model
  const rows = batch.targets.length
  const { activations, head, reverse } = workspace.allocate((allocator) => ({
    activations: allocateActivations(allocator, architecture, batch),
    head: allocateScoreBuffers(allocator, rows, architecture.vocabulary, plan),
    reverse: forBackward ? allocateBackwardBuffers(allocator, architecture, batch) : undefined,
  }))
  const { normalised } = activations
  const readsValue = plan.names.includes('value')
  device.write(head.targets, batch.targets)
  if (plan.readsReference) {
    const frozen = { ...model, parameters: reference! }
    forward(frozen, batch, activations)
    tokenHead(frozen, rows, normalised, head.referenceLogits)
  }
  forward(model, batch, activations)
  if (plan.readsLogits) tokenHead(model, rows, normalised, head.logits)
  if (readsValue) valueHead(model, rows, normalised, head.scores.value)
  return {
    scores: await readScores(device, plan, head, lengths),
    backward: (cotangents, gradients) => {
      writeCotangents(device, plan, head, lengths, cotangents)
      const gradNormalised = reverse!.normalised
      device.fill(gradNormalised, 0)
      if (plan.readsLogits) tokenHeadBackward(model, gradients, rows, normalised, head.logits, gradNormalised)
      if (readsValue) valueHeadBackward(model, gradients, rows, normalised, head.scores.value, gradNormalised)
      backward(model, gradients, batch, activations, reverse!)
    },
  }
}
