import {
  invalidData,
  PosttrainError,
  requireSameProvenance,
  unsupported,
  type LossConstants,
  type PolicySnapshot,
  type TokenCotangents,
  type TokenSequence,
} from '@posttrain/core'
import type { Advantage, GroupAdvantages, JudgedGroup } from '../advantages/advantage-rule.js'
import type { Algorithm } from '../algorithms/algorithm.js'
import { optimizerAt } from '../schedule.js'
import { completionTokens } from './completion-tokens.js'
import { minibatchesOf } from './minibatches.js'
import { scoresOf, type TrainOnlineSettings } from './settings.js'

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
  let examples = examplesOf(settings, algorithm, groups, assigned)
  if (examples.length === 0) return { gradientNorm: 0, metrics: {} }
  if (algorithm.loss.needsStartLogprob) {
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

  const scores = scoresOf(algorithm)
  const request = {
    entropy: scores.has('entropy'),
    value: scores.has('value'),
    ...(scores.has('referenceKl') && reference ? { reference } : {}),
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
      const { value, cotangents, metrics: diagnostics } = algorithm.loss.evaluate(pass.scores, constants)
      if (!Number.isFinite(value)) {
        pass.dispose()
        throw new PosttrainError('exploded', `the loss ${algorithm.loss.name} of step ${step} is ${value}`)
      }
      const penalty = penaltyOf(algorithm, pass.scores, constants)
      await pass.backward(cotangents.map((cotangent, i) => (penalty ? sum(cotangent, penalty[i]!) : cotangent)))
      norms.push((await policy.step(optimizerAt(optimizer, step))).gradientNorm)
      metrics.push(diagnostics)
    }
  }
  return { gradientNorm: norms[0]!, metrics: meanOf(metrics) }
}

/** The sequences of a batch, without those that cannot contribute. */
function examplesOf(
  { policy }: TrainOnlineSettings,
  { loss, kl, aggregation }: Algorithm,
  groups: readonly JudgedGroup[],
  assigned: readonly GroupAdvantages[],
): Example[] {
  const dropsZeros = loss.vanishesAtZeroAdvantage && kl?.credit !== 'loss'
  const weights = aggregation.weights(
    groups.map(({ task, samples }) => samples.map((sample) => completionTokens(task, sample).length)),
  )
  return groups.flatMap(({ task, samples, referenceLogprobs, values }, g) =>
    samples.flatMap((sample, i): Example[] => {
      const { advantages, returns } = assigned[g]!
      const advantage = advantages[i]!
      requireFiniteAdvantage(advantage, task.id)
      if (dropsZeros && isZero(advantage)) return []
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

/** What the KL penalty adds to the cotangents. */
function penaltyOf(
  { kl }: Algorithm,
  scores: Parameters<Algorithm['loss']['evaluate']>[0],
  constants: readonly LossConstants[],
): TokenCotangents[] | undefined {
  if (!kl) return undefined
  return scores.map((score, i) => {
    const { referenceLogprob, samplingLogprob, weight } = constants[i]!
    if (!referenceLogprob) throw unsupported('a KL penalty needs a reference')
    const known = { referenceLogprob, ...(samplingLogprob ? { samplingLogprob } : {}) }
    const term = kl.placement.contribution(score, known, kl.coefficient)
    return scaled(kl.credit === 'loss' ? term.cotangents : term.lossCotangents, weight)
  })
}

const NAMES = ['logprob', 'entropy', 'referenceKl', 'value'] as const

const scaled = (cotangents: TokenCotangents, factor: number): TokenCotangents =>
  Object.fromEntries(
    NAMES.flatMap((name) => (cotangents[name] ? [[name, cotangents[name].map((x) => factor * x)]] : [])),
  )

const sum = (a: TokenCotangents, b: TokenCotangents): TokenCotangents =>
  Object.fromEntries(
    NAMES.flatMap((name) => {
      const [x, y] = [a[name], b[name]]
      if (x && y) return [[name, x.map((value, t) => value + y[t]!)]]
      return (x ?? y) ? [[name, (x ?? y)!]] : []
    }),
  )

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
