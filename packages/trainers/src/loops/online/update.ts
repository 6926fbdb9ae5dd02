import { letEventsRun, throwIfAborted } from '@posttrain/core'
import type { Checkpoint, Loss, LossConstants, PolicySnapshot, TokenSequence } from '@posttrain/core'
import { requireGroup } from '@posttrain/sampling'
import type { Algorithm } from '../../algorithms/algorithm.js'
import type { GroupAdvantages } from '../../advantages/advantage-estimator.js'
import { askLoss } from '../ask-loss.js'
import { askForward, askStep } from '../ask-policy.js'
import { optimizerAt } from '../schedule.js'
import { askAdvantages, askWeights } from './ask-advantages.js'
import type { Rollout, TrainingGroup, UpdateReport } from './events.js'
import { controlOf, nextControl } from './kl-control.js'
import { penaltyRewards, withPenalty } from './kl-penalty.js'
import { knownLogprobs, needsReference, requireReference, type KnownLogprobs } from './known-logprobs.js'
import { chosenTokens } from '../chosen-tokens.js'
import { minibatchesOf } from './minibatches.js'
import { penalisedLoss } from './penalised-loss.js'
import { recordedBy, requireComparable } from './require-comparable.js'
import { requireWorkable } from './require-workable.js'
import { checkedSettings, type CheckedSettings, type TrainOnlineOptions } from './settings.js'
import { isZero, stalenessOf, summarise } from './summary.js'
import { usableGroups } from './usable-groups.js'

/**
 * Learns from a rollout: scores it, turns rewards into advantages, and steps down the loss, epoch by epoch and
 * minibatch by minibatch. It touches no sampler. If it throws, the policy is as it was before.
 *
 * @param options as for `trainOnline`; an algorithm that compares with a reference needs `reference` here
 * @throws PosttrainError `exploded` for a loss or gradient that is not finite; `unscored` if too few samples have a
 *   score; before the first forward pass for what cannot work, as `trainOnline`
 */
export async function update(options: TrainOnlineOptions, rollout: Rollout): Promise<UpdateReport> {
  const { step } = rollout
  for (const { greedy, ...group } of rollout.groups) [group, ...(greedy ? [greedy] : [])].forEach(requireGroup)
  const { policy } = options
  const settings = checkedSettings(options)
  const algorithm = settings.algorithmAt(step)
  requireWorkable(algorithm, options, settings)
  requireComparable(algorithm, options, recordedBy(rollout.groups))
  requireReference(algorithm, options.reference)
  const reference = needsReference(algorithm) ? options.reference : undefined
  const { groups: usable, ...counts } = usableGroups(rollout, algorithm, settings.unscored, settings.promptsPerStep)
  const control = controlOf(settings.algorithmAt, step, options.klControl)
  const known = await knownLogprobs(options, algorithm, reference, usable)
  const penalties = penaltyRewards(
    algorithm,
    control?.coefficient,
    known,
    usable.map(({ task }) => task),
  )
  const byToken = algorithm.advantages.needs.includes('token-rewards')
  const inputs = usable.map((group, g) => ({
    ...group,
    ...(known.values && { values: known.values[g] }),
    ...(penalties && byToken && { tokenRewards: penalties[g] }),
  }))
  const ofObjective = askAdvantages(algorithm.advantages, inputs, lengthsOf(known))
  const assigned = penalties && !byToken ? withPenalty(ofObjective, penalties) : ofObjective
  const groups = inputs.map((group, g): TrainingGroup => ({ ...group, advantages: assigned[g]!.advantages }))
  const measured = summarise(groups, algorithm.objective, known)
  const drawn = usable.flatMap(({ samples }) => samples)
  const staleness = stalenessOf(drawn, policy.provenance)

  const loss = penalisedLoss(algorithm, control?.coefficient)
  const examples = examplesOf(algorithm, loss, groups, assigned, known)
  const taken = await takeUpdates(options, settings, { step, algorithm, loss, reference }, examples)
  return {
    step,
    algorithm: algorithm.name,
    ...measured,
    ...counts,
    ...taken,
    staleness,
    klControl: nextControl(algorithm.kl, control, measured.kl),
    tokens: tokensOf(rollout),
    groups,
  }
}

/** A sequence to learn from. */
interface Example {
  readonly sequence: TokenSequence
  readonly constants: LossConstants
}

/** The sequences of a batch, without those that cannot contribute. */
function examplesOf(
  { aggregation }: Algorithm,
  loss: Loss,
  groups: readonly TrainingGroup[],
  assigned: readonly GroupAdvantages[],
  { sequences, old, reference, values }: KnownLogprobs,
): Example[] {
  const weights = askWeights(aggregation, lengthsOf({ sequences }))
  return groups.flatMap(({ samples }, g) =>
    samples.flatMap((sample, i): Example[] => {
      const { advantages, returns } = assigned[g]!
      const advantage = advantages[i]!
      if (loss.vanishesAtZeroAdvantage && isZero(advantage)) return []
      const constants: LossConstants = {
        weight: weights[g]![i]!,
        advantage,
        rolloutLogprob: sample.logprobs?.values,
        oldLogprob: old?.[g]?.[i],
        referenceLogprob: reference?.[g]?.[i],
        oldValue: values?.[g]?.[i],
        valueTarget: returns?.[i],
      }
      return [{ sequence: sequences[g]![i]!, constants }]
    }),
  )
}

const lengthsOf = ({ sequences }: Pick<KnownLogprobs, 'sequences'>): readonly (readonly number[])[] =>
  sequences.map((group) => group.map(chosenTokens))

/** What the updates of a step have in common. */
interface Update {
  readonly step: number
  readonly algorithm: Algorithm
  readonly loss: Loss
  readonly reference: PolicySnapshot | undefined
}

async function takeUpdates(
  { policy, signal }: TrainOnlineOptions,
  settings: CheckedSettings,
  { step, algorithm, loss, reference }: Update,
  examples: readonly Example[],
): Promise<Pick<UpdateReport, 'gradientNorm' | 'metrics'>> {
  const { epochs = 1, minibatches = 1 } = algorithm.flow ?? {}
  if (examples.length === 0) return { gradientNorm: 0, metrics: {} }
  const request = {
    scores: loss.differentiates,
    temperature: settings.sampling.temperature,
    reference: loss.differentiates.includes('klToReference') ? reference : undefined,
  }
  const optimizer = optimizerAt(settings.optimizer, step)
  const norms: (number | undefined)[] = []
  const metrics: Readonly<Record<string, number>>[] = []
  // A single update that fails has changed nothing; of several, those before it have to be taken back.
  const before = epochs * minibatches > 1 ? await policy.save({ optimizer: true }, { signal }) : undefined
  try {
    for (let epoch = 0; epoch < epochs; epoch++) {
      for (const batch of minibatchesOf(examples, minibatches, [settings.seed, step, epoch])) {
        await letEventsRun()
        throwIfAborted(signal)
        const sequences = batch.map(({ sequence }) => sequence)
        const pass = await askForward('the policy', policy, sequences, request, { signal })
        try {
          const constants = batch.map((example) => example.constants)
          const { cotangents, metrics: diagnostics } = askLoss(loss, step, pass.scores, constants)
          norms.push(await askStep('the policy', policy, pass, cotangents, optimizer))
          metrics.push(diagnostics)
        } finally {
          pass.dispose()
        }
      }
    }
  } catch (error) {
    if (before) await takeBack(policy, before)
    throw error
  }
  return { gradientNorm: norms[0], metrics: meanOf(metrics) }
}

/** Restores the state before a step; the error that led here is the one to report. */
async function takeBack(policy: TrainOnlineOptions['policy'], before: Checkpoint): Promise<void> {
  try {
    await policy.load(before)
  } catch {
    // A policy that cannot be restored refuses every call but load from now on, and says why.
  }
}

const tokensOf = ({ groups }: Rollout): number =>
  groups
    .flatMap(({ samples, greedy }) => [...samples, ...(greedy?.samples ?? [])])
    .reduce((count, { usage }) => count + usage.promptTokens + usage.completionTokens, 0)

function meanOf(records: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = new Set(records.flatMap((record) => Object.keys(record)))
  return Object.fromEntries(
    [...names].map((name) => [name, records.reduce((total, record) => total + record[name]!, 0) / records.length]),
  )
}
