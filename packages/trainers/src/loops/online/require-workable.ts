import { invalidArgument, requireEnoughSamples, requireInteger } from '@posttrain/core'
import { shapingOf, unsupported, type ConstantName, type Loss } from '@posttrain/core'
import { requireParts } from '@posttrain/sampling'
import type { Algorithm } from '../../algorithms/algorithm.js'
import { penalisedLoss } from './penalised-loss.js'
import type { CheckedSettings, TrainOnlineOptions } from './settings.js'

/**
 * Refuses, before a sample is drawn, what cannot work: an algorithm that the policy, the reward or the group size
 * cannot serve.
 */
export function requireWorkable(
  algorithm: Algorithm,
  options: TrainOnlineOptions,
  { samplesPerPrompt, unscored }: CheckedSettings,
): void {
  const { name, advantages, objective, flow = {}, reading, lacks } = algorithm
  const { policy, reward } = options
  if (lacks !== undefined) {
    throw invalidArgument(`${name} was made without ${lacks}`, 'collect them with collectReferenceRewards')
  }
  const left = unscored === 'exclude' ? ' with unscored samples left out' : ''
  requireEnoughSamples(`the algorithm ${name}${left}`, advantages.minimumSamples, samplesPerPrompt)
  requireEnoughSamples(`the objective ${objective.name}`, objective.k, samplesPerPrompt)
  requireParts(objective, reward, reading)
  const loss = penalisedLoss(algorithm)
  if (loss.pairs)
    throw unsupported(`the loss ${loss.name} compares pairs of completions`, 'train on pairs with trainOffline')
  requireDifferentiable(loss, policy.differentiable, name)
  if (advantages.needs.includes('values') && !policy.differentiable.has('value')) {
    throw unsupported(`${name} needs a value head, which this policy lacks`)
  }
  const { minibatches = 1, epochs = 1, dynamicSampling = 0 } = flow
  requireInteger('minibatches', minibatches, { min: 1 })
  requireInteger('dynamicSampling', dynamicSampling, { min: 0 })
  const updates = requireInteger('epochs', epochs, { min: 1 }) * minibatches
  if (updates > 1 && loss.onPolicy) {
    throw unsupported(
      `the loss ${loss.name} is right for one update per batch of samples, but ${name} takes ${updates}`,
      'use a loss with an importance ratio, for instance ppoClipLoss()',
    )
  }
  requireConstants(loss, algorithm)
  requireUncut(options)
}

/** @throws PosttrainError `unsupported` for a loss of a score that the model cannot differentiate */
export function requireDifferentiable(loss: Loss, differentiable: ReadonlySet<string>, name: string): void {
  const missing = loss.differentiates.find((score) => !differentiable.has(score))
  if (missing === undefined) return
  throw unsupported(
    `${name} differentiates ${missing}, which this policy cannot`,
    `this policy differentiates ${[...differentiable].join(', ')}`,
  )
}

function requireConstants(loss: Loss, { advantages, name }: Algorithm): void {
  // The reference is there or is made of the policy; old log-probs are recorded or scored anew; recorded ones are
  // another's matter.
  const there = new Set<ConstantName>(['advantage', 'oldLogprob', 'referenceLogprob', 'rolloutLogprob'])
  if (advantages.needs.includes('values')) there.add('valueTarget').add('oldValue')
  const missing = loss.reads.find((constant) => !there.has(constant))
  if (missing === undefined) return
  throw invalidArgument(
    `${name} reads ${missing}, which this run does not have`,
    'take advantages that give it, or another loss',
  )
}

function requireUncut({ sampling = {} }: TrainOnlineOptions): void {
  const { temperature, topK, topP, minP } = sampling
  if (temperature === 0) {
    throw unsupported('samples at temperature 0 have no log-probs to learn from', 'sample at a temperature above 0')
  }
  const cut = shapingOf({ topK, topP, minP })
  if (!cut) return
  throw unsupported(
    `samples cut by ${Object.keys(cut).join(' and ')} are not the policy's own, and their log-probs cannot be scored`,
    'train on uncut samples; cut when the policy is deployed',
  )
}
