import type { Device, DeviceBuffer } from '@posttrain/compute'
import type { TokenCotangents, TokenScores } from '@posttrain/core'
import { joinCotangents, splitBySequence } from './per-sequence.js'
import { isKernelScore, type KernelScore, type ScorePlan } from './score-plan.js'
import { readSelfCertainty } from './self-certainty.js'
import type { Allocator } from './workspace.js'

/** From logits to scores; a row is a chosen token. What a plan does not need is empty. */
export interface ScoreBuffers {
  readonly rows: number
  readonly vocabulary: number
  /** i32 (rows): the chosen tokens. */
  readonly targets: DeviceBuffer
  /** (rows, vocabulary); the backward pass leaves their gradient in it. */
  readonly logits: DeviceBuffer
  /** (rows, vocabulary). */
  readonly referenceLogits: DeviceBuffer
  /** Both divided by the temperature; the same buffers at temperature 1. */
  readonly scaled: DeviceBuffer
  readonly scaledReference: DeviceBuffer
  /** Each (rows); the backward pass leaves the gradient of `value` in it. */
  readonly scores: Readonly<Record<KernelScore, DeviceBuffer>>
}

/** Allocates the buffers of a plan. */
export function allocateScoreBuffers(
  allocator: Allocator,
  rows: number,
  vocabulary: number,
  { temperature, readsLogits, readsReference }: ScorePlan,
): ScoreBuffers {
  const matrix = (isRead: boolean): DeviceBuffer => allocator.floats(isRead ? rows * vocabulary : 0)
  const logits = matrix(readsLogits)
  const referenceLogits = matrix(readsReference)
  return {
    rows,
    vocabulary,
    targets: allocator.integers(rows),
    logits,
    referenceLogits,
    scaled: temperature === 1 ? logits : matrix(readsLogits),
    scaledReference: temperature === 1 ? referenceLogits : matrix(readsReference),
    scores: {
      logprob: allocator.floats(rows),
      entropy: allocator.floats(rows),
      klToReference: allocator.floats(rows),
      value: allocator.floats(rows),
    },
  }
}

/** Scores of logits, sequence after sequence; values are there already. */
export async function readScores(
  device: Device,
  plan: ScorePlan,
  buffers: ScoreBuffers,
  lengths: readonly number[],
): Promise<TokenScores[]> {
  const { rows, vocabulary, targets, scores } = buffers
  if (plan.readsLogits) {
    divide(device, plan, buffers.logits, buffers.scaled)
    if (plan.readsReference) divide(device, plan, buffers.referenceLogits, buffers.scaledReference)
    device.tokenScores({
      rows,
      vocabulary,
      logits: buffers.scaled,
      targets,
      logprob: scores.logprob,
      entropy: ifTrue(plan.names.includes('entropy'), scores.entropy),
      referenceLogits: ifTrue(plan.readsReference, buffers.scaledReference),
      klToReference: ifTrue(plan.readsReference, scores.klToReference),
    })
  }
  const columns = await Promise.all(
    plan.names.map(async (name) => {
      const values = isKernelScore(name)
        ? await device.read(scores[name])
        : await readSelfCertainty(device, buffers.scaled, vocabulary)
      return [name, splitBySequence(values, lengths)] as const
    }),
  )
  return lengths.map((_, i) => Object.fromEntries(columns.map(([name, perSequence]) => [name, perSequence[i]!])))
}

/**
 * The reverse of `readScores`, from ∂loss/∂score to ∂loss/∂logits in `buffers.logits` and ∂loss/∂value in
 * `buffers.scores.value`. The scores have been read: their buffers take what corresponds to them.
 */
export function writeCotangents(
  device: Device,
  plan: ScorePlan,
  buffers: ScoreBuffers,
  lengths: readonly number[],
  cotangents: readonly TokenCotangents[],
): void {
  const { rows, vocabulary, targets, scores, scaled, logits } = buffers
  for (const name of plan.names.filter(isKernelScore))
    device.write(scores[name], joinCotangents(cotangents, name, lengths))
  if (!plan.readsLogits) return
  if (!plan.names.includes('logprob')) device.fill(scores.logprob, 0)
  device.tokenScoresBackward({
    rows,
    vocabulary,
    logits: scaled,
    targets,
    gradLogprob: scores.logprob,
    gradEntropy: ifTrue(plan.names.includes('entropy'), scores.entropy),
    referenceLogits: ifTrue(plan.readsReference, buffers.scaledReference),
    gradKlToReference: ifTrue(plan.readsReference, scores.klToReference),
    gradLogits: scaled,
  })
  divide(device, plan, scaled, logits)
}

const ifTrue = (wanted: boolean, buffer: DeviceBuffer): DeviceBuffer | undefined => (wanted ? buffer : undefined)

/** out = x / temperature; nothing at temperature 1, where both are one buffer. */
function divide(device: Device, { temperature }: ScorePlan, x: DeviceBuffer, out: DeviceBuffer): void {
  if (temperature === 1) return
  device.fill(out, 0)
  device.add({ length: x.length, x, out, scale: 1 / temperature })
}
