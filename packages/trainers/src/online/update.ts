import {
  invalidData,
  PosttrainError,
  requireSameProvenance,
  type Loss,
  type LossConstants,
  type PolicySnapshot,
  type TokenSequence,
} from '@posttrain/core'
import type { Advantage, GroupAdvantages, JudgedGroup } from '../advantages/advantage-rule.js'
import type { Algorithm } from '../algorithms/algorithm.js'
import { optimizerAt } from '../schedule.js'
import { completionTokens } from './completion-tokens.js'
import { minibatchesOf } from './minibatches.js'
import { penalisedLoss } from './penalised-loss.js'
import type { TrainOnlineSettings } from './settings.js'

/** What an update did. */
export interface UpdateReport {
  /** Of the first update of the batch; 0 if no sample carried a gradient and nothing was done. */
  readonly gradientNorm: number
  /** Mean of each of the loss's diagnostics over the updates. */
  readonly metrics: Readonly<Record<string, number>>
}

/** A sequence to learn from. */
interface Example {
  readonly sequence: TokenSequence
  readonly constants: LossConstants
}

/**
 * Updates the policy from a step's groups, epoch by epoch and minibatch by minibatch.
 *
 * @throws PosttrainError `exploded` for a loss or gradient that is not finite, before the policy has changed by it
 */
export async function update(
  settings: TrainOnlineSettings,
  algorithm: Algorithm,
  reference: PolicySnapshot | undefined,
  groups: readonly JudgedGroup[],
  assigned: readonly GroupAdvantages[],
  step: number,
): Promise<UpdateReport> {
  const { policy, optimizer, call } = settings
  const { epochs = 1, minibatches = 1 } = algorithm.flow ?? {}
  const loss = penalisedLoss(algorithm)
  let examples = examplesOf(settings, algorithm, loss, groups, assigned)
  if (examples.length === 0) return { gradientNorm: 0, metrics: {} }
  if (loss.needsStartLogprob) {
    const start = await policy.score(
      examples.map(({ sequence }) => sequence),
      {},
      call,
    )
    examples = examples.map(({ sequence, constants }, i) => ({
      sequence,
      constants: { ...constants, startLogprob: start[i]!.logprob },
    }))
  }

  const request = {
    entropy: loss.needs.includes('entropy'),
    value: loss.needs.includes('value'),
    ...(loss.needs.includes('referenceKl') && reference ? { reference } : {}),
  }
  const norms: number[] = []
  const metrics: Record<string, number>[] = []
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const batch of minibatchesOf(examples, minibatches, [settings.seed, step, epoch])) {
      const pass = await policy.forward(
        batch.map(({ sequence }) => sequence),
        request,
      )
      const constants = batch.map((example) => example.constants)
      const { value, cotangents, metrics: diagnostics } = loss.evaluate(pass.scores, constants)
      if (!Number.isFinite(value)) {
        pass.dispose()
        throw new PosttrainError('exploded', `the loss ${loss.name} of step ${step} is ${value}`)
      }
      await pass.backward(cotangents)
      norms.push((await policy.step(optimizerAt(optimizer, step))).gradientNorm)
      metrics.push(diagnostics)
    }
  }
  return { gradientNorm: norms[0]!, metrics: meanOf(metrics) }
}

/** The sequences of a batch, without those that cannot contribute. */
function examplesOf(
  { policy }: TrainOnlineSettings,
  { aggregation }: Algorithm,
  loss: Loss,
  groups: readonly JudgedGroup[],
  assigned: readonly GroupAdvantages[],
): Example[] {
  const weights = aggregation.weights(
    groups.map(({ task, samples }) => samples.map((sample) => completionTokens(task, sample).length)),
  )
  return groups.flatMap(({ task, samples, referenceLogprobs, values }, g) =>
    samples.flatMap((sample, i): Example[] => {
      const { advantages, returns } = assigned[g]!
      const advantage = advantages[i]!
      requireFiniteAdvantage(advantage, task.id)
      if (loss.vanishesAtZeroAdvantage && isZero(advantage)) return []
      const { logprobs } = sample
      if (logprobs && !loss.needsStartLogprob) requireSameProvenance(logprobs.provenance, policy.provenance)
      // Advantages come with their group's 1/n inside. A loss may have terms without them, a value loss for instance, which
      // want it in the weight.
      const n = samples.length
      const constants: LossConstants = {
        advantage: typeof advantage === 'number' ? n * advantage : advantage.map((value) => n * value),
        weight: weights[g]![i]! / n,
        ...(logprobs ? { samplingLogprob: logprobs.values } : {}),
        ...(referenceLogprobs ? { referenceLogprob: referenceLogprobs[i]! } : {}),
        ...(values ? { samplingValue: values[i]! } : {}),
        ...(returns ? { returns: returns[i]! } : {}),
      }
      return [{ sequence: { prompt: task.prompt, tokens: completionTokens(task, sample) }, constants }]
    }),
  )
}

const isZero = (advantage: Advantage): boolean =>
  typeof advantage === 'number' ? advantage === 0 : advantage.every((value) => value === 0)

function requireFiniteAdvantage(advantage: Advantage, taskId: string): void {
  const finite = typeof advantage === 'number' ? Number.isFinite(advantage) : advantage.every(Number.isFinite)
  if (!finite) throw invalidData(`an advantage of task ${taskId} is not finite`, 'look at its rewards')
}

function meanOf(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = new Set(records.flatMap((record) => Object.keys(record)))
  return Object.fromEntries(
    [...names].map((name) => [name, records.reduce((total, record) => total + record[name]!, 0) / records.length]),
  )
}
