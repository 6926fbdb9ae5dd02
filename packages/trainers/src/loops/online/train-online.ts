import {
  callCaller,
  described,
  invalidArgument,
  invalidData,
  letEventsRun,
  PosttrainError,
  throwIfAborted,
} from '@posttrain/core'
import type { PolicySnapshot, Sampler } from '@posttrain/core'
import type { Algorithm } from '../../algorithms/algorithm.js'
import { DrawnSoFar } from '../drawn-so-far.js'
import type { Rollout, TrainingEvent } from './events.js'
import { needsReference } from './known-logprobs.js'
import { requireComparable } from './require-comparable.js'
import { requireWorkable } from './require-workable.js'
import { rollOut } from './rollout.js'
import { checkedSettings, type CheckedSettings, type TrainOnlineOptions } from './settings.js'
import { update } from './update.js'

/**
 * Online training: draw groups of samples, judge them, turn rewards into advantages, and step down the loss. Yields an
 * event after each step; everything random is a function of (seed, step), so that a run continued from saved weights
 * and optimizer state is the uninterrupted run. It is `rollOut` and `update` in turn.
 *
 * Given a procedure or an objective, the expected update direction is the exact gradient of the objective's mean over
 * tasks (arXiv 2503.19595 for k-sample objectives). Given an algorithm, it is what that row states.
 *
 * A step that would not be finite is not taken: the last event, `stopped`, holds the state before it. A run that is
 * aborted, or fails, yields `interrupted` with what was drawn and judged of the step so far, then throws.
 *
 * @throws PosttrainError before the first sample for what cannot work: a score that the policy cannot differentiate, a
 *   constant or a part that nothing gives, too few samples per prompt, an engine that does not compare; `unscored` for
 *   a sample without a score under that policy, or if too few have one; `aborted` when the signal fires
 * @example
 * ```ts
 * import { TabularPolicy } from '@posttrain/models'
 * import { majorityVote } from '@posttrain/sampling'
 *
 * const policy = new TabularPolicy({ prompts: ['coin'], words: ['heads', 'tails'] })
 * const reward = {
 *   name: 'heads',
 *   score: async (_: Task, samples: readonly Sample[]) =>
 *     samples.map(({ text }) => ({ kind: 'scored' as const, reward: text === 'heads' ? 1 : 0 })),
 * }
 * const settings = { policy, tasks: [{ id: 'coin', prompt: 'coin' }], reward, optimizer: { learningRate: 0.1 }, steps:
 * 50 } const estimates: number[] = []
 * for await (const event of trainOnline({ ...settings, procedure: majorityVote({ k: 3 }) })) {
 *   if (event.kind === 'step') estimates.push(event.objective)
 * }
 * estimates.at(-1)! > 0.95 // => true
 * ```
 */
export async function* trainOnline(options: TrainOnlineOptions): AsyncGenerator<TrainingEvent> {
  const settings = checkedSettings(options)
  const { policy, clock, signal } = options
  const { startStep, steps } = settings
  const upcoming = upcomingAlgorithms(settings)
  for (const algorithm of upcoming) requireWorkable(algorithm, options, settings)
  const own = !options.reference && upcoming.some(needsReference) ? await presentWeights(options) : undefined
  const reference = options.reference ?? own
  let klControl = options.klControl
  try {
    for (let step = startStep; step < steps; step++) {
      await letEventsRun()
      throwIfAborted(signal)
      const sampler = await samplerOf(options, step)
      const { provenance } = sampler
      requireComparable(settings.algorithmAt(step), options, [provenance && { provenance }])
      const drawn = new DrawnSoFar(options, step === startStep)
      const inputs = { ...options, ...drawn.observers, reference, klControl }
      let rollout: Rollout | undefined
      try {
        const started = clock?.()
        rollout = await rollOut(inputs, step, sampler)
        const judged = clock?.()
        const report = await update(inputs, rollout)
        const timings = clock && { rollout: judged! - started!, update: clock() - judged! }
        klControl = report.klControl
        yield { kind: 'step', ...report, timings }
        if (klControl?.stop) return
      } catch (error) {
        if (rollout && error instanceof PosttrainError && error.code === 'exploded') {
          yield { kind: 'stopped', step, reason: error, checkpoint: await policy.save({ optimizer: true }) }
          return
        }
        const { samples, groups } = drawn
        if (samples.length > 0 || groups.length > 0) yield { kind: 'interrupted', step, samples, groups }
        throw error
      }
    }
  } finally {
    await own?.dispose()
  }
}

/** The sampler of a step: the policy, or what `samplerAt` gives. */
async function samplerOf({ policy, samplerAt, signal }: TrainOnlineOptions, step: number): Promise<Sampler> {
  if (!samplerAt) return policy
  const sampler: unknown = await callCaller('samplerAt', `at step ${step}`, () => samplerAt(step), { signal })
  const { sample } = (sampler ?? {}) as Partial<Sampler>
  if (typeof sample === 'function') return sampler as Sampler
  throw invalidData(`samplerAt(${step}) is ${described(sampler)}, not a sampler`, 'give an object with a method sample')
}

/** The algorithms of all steps to come, each once. */
const upcomingAlgorithms = ({ algorithmAt, startStep, steps }: CheckedSettings): Algorithm[] => [
  ...new Set(Array.from({ length: Math.max(0, steps - startStep) }, (_, i) => algorithmAt(startStep + i))),
]

/**
 * The default reference. @throws PosttrainError `invalid-argument` where the weights are no longer those of the start
 */
async function presentWeights({ policy, startStep = 0, signal }: TrainOnlineOptions): Promise<PolicySnapshot> {
  if (startStep === 0) return policy.snapshot({ signal })
  throw invalidArgument(
    `a run that starts at step ${startStep} and compares with a reference needs it`,
    'give the snapshot of the weights that training began with as reference',
  )
}

/**
 * `trainOnline` run to its end.
 *
 * @returns every step, without its groups
 * @throws PosttrainError as `trainOnline`, and `exploded` where it stops
 * @example
 * ```ts
 * import { meanObjective } from '@posttrain/estimators'
 * import { TabularPolicy } from '@posttrain/models'
 *
 * const policy = new TabularPolicy({ prompts: ['coin'], words: ['heads', 'tails'] })
 * const reward = {
 *   name: 'heads',
 *   score: async (_: Task, samples: readonly Sample[]) =>
 *     samples.map(({ text }) => ({ kind: 'scored' as const, reward: text === 'heads' ? 1 : 0 })),
 * }
 * const tasks = [{ id: 'coin', prompt: 'coin' }]
 * const optimizer = { learningRate: 0.1 }
 * await train({ policy, tasks, reward, objective: meanObjective(), optimizer, steps: 100 })
 * const [heads] = await policy.completions('coin')
 * heads!.probability > 0.95 // => true
 * ```
 */
export async function train(
  options: TrainOnlineOptions,
): Promise<Omit<Extract<TrainingEvent, { kind: 'step' }>, 'groups'>[]> {
  const steps: Omit<Extract<TrainingEvent, { kind: 'step' }>, 'groups'>[] = []
  for await (const event of trainOnline(options)) {
    if (event.kind === 'stopped') throw event.reason
    if (event.kind !== 'step') continue
    const { groups: _, ...step } = event
    steps.push(step)
  }
  return steps
}
