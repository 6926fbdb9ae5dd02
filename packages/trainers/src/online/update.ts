import { invalidArgument, requireSameProvenance, type LossConstants, type TokenSequence } from '@posttrain/core'
import { optimizerAt } from '../schedule.js'
import type { TrainingGroup } from './groups.js'
import type { TrainOnlineSettings } from './settings.js'

/**
 * Updates the policy from a step's groups: Σ over samples, averaged over prompts.
 *
 * @returns the gradient's norm in the first epoch; 0 if no sample carried a gradient and nothing was done
 */
export async function update(
  settings: TrainOnlineSettings,
  groups: readonly TrainingGroup[],
  step: number,
): Promise<number> {
  const { policy, loss, epochs, optimizer } = settings
  const sequences: TokenSequence[] = []
  const constants: LossConstants[] = []
  for (const { task, samples, advantages } of groups) {
    samples.forEach((sample, i) => {
      const advantage = advantages[i]!
      if (loss.vanishesAtZeroAdvantage && advantage === 0) return
      if (!sample.tokens) throw invalidArgument(`a sample of task ${task.id} has no tokens to train on`)
      sequences.push({ prompt: task.prompt, tokens: sample.tokens })
      if (sample.logprobs) requireSameProvenance(sample.logprobs.provenance, policy.provenance)
      const samplingLogprob = sample.logprobs?.values
      const weight = 1 / groups.length
      constants.push({ advantage, weight, ...(samplingLogprob ? { samplingLogprob } : {}) })
    })
  }
  if (sequences.length === 0) return 0

  let norm = 0
  for (let epoch = 0; epoch < epochs; epoch++) {
    const pass = await policy.forward(sequences, { entropy: loss.needs.includes('entropy') })
    await pass.backward(loss.evaluate(pass.scores, constants).cotangents)
    const { gradientNorm } = await policy.step(optimizerAt(optimizer, step))
    if (epoch === 0) norm = gradientNorm
  }
  return norm
}
