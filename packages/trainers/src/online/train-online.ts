import { letEventsRun, PosttrainError, throwIfAborted, type PolicySnapshot } from '@posttrain/core'
import { startDrawing } from './draw.js'
import type { TrainingEvent, TrainingStep } from './events.js'
import { rollOut } from './rollout.js'
import {
  checkedSettings,
  needsReference,
  requireWorkable,
  type TrainOnlineOptions,
  type TrainOnlineSettings,
} from './settings.js'
import { summarise } from './summary.js'
import { update } from './update.js'

/**
 * Online training: draw groups of samples, judge them, turn rewards into advantages, and step down the loss. Yields an event
 * after each step; everything random is a function of (seed, step), so that a run continued from saved weights and optimizer
 * state is the uninterrupted run.
 *
 * Given an objective, the expected update direction is the exact gradient of the objective's mean over tasks
 * (arXiv 2503.19595 for k-sample objectives). Given an algorithm, it is what that row states.
 *
 * A step that would not be finite is not taken: the last event, `stopped`, holds the state before it. A run aborted while it
 * draws yields `interrupted` with the samples so far, then throws.
 *
 * @throws PosttrainError before the first sample for a score the policy cannot differentiate, too few samples per
 *   prompt or an empty task list; `unscored` for a sample without a score unless they are excluded; `aborted` when the signal
 *   fires
 */
export async function* trainOnline(options: TrainOnlineOptions): AsyncGenerator<TrainingEvent> {
  const settings = checkedSettings(options)
  const { policy, startStep, steps, call } = settings
  let { reference } = settings
  for (let step = startStep; step < steps; step++) {
    await letEventsRun()
    throwIfAborted(call.signal)
    const algorithm = settings.algorithmAt(step)
    requireWorkable(algorithm, settings)
    if (needsReference(algorithm)) reference ??= await presentWeights(settings, step)
    const drawing = startDrawing(settings, step, step === startStep ? settings.drawn : [])
    const started = settings.clock?.()
    try {
      const rollout = await rollOut(
        settings,
        algorithm,
        needsReference(algorithm) ? reference : undefined,
        step,
        drawing,
      )
      const assigned = algorithm.advantages.assign(rollout.groups)
      const groups = rollout.groups.map((group, g) => ({ ...group, advantages: assigned[g]!.advantages }))
      const drawn = settings.clock?.()
      const { gradientNorm, metrics } = await update(settings, algorithm, reference, groups, assigned, step)
      const { unscored, constantGroups } = rollout
      yield {
        kind: 'step',
        step,
        algorithm: algorithm.name,
        ...summarise(groups, algorithm.objective),
        constantGroups,
        unscored,
        gradientNorm,
        metrics,
        groups,
        ...(settings.clock ? { timings: { rollout: drawn! - started!, update: settings.clock() - drawn! } } : {}),
      }
    } catch (error) {
      if (!(error instanceof PosttrainError)) throw error
      if (error.code === 'exploded') {
        yield { kind: 'stopped', step, reason: error, checkpoint: await policy.save({ optimizer: true }) }
        return
      }
      if (error.code === 'aborted') yield { kind: 'interrupted', step, samples: drawing.samples }
      throw error
    }
  }
}

/** The default reference. @throws PosttrainError `unsupported` where the weights are no longer those of the start */
async function presentWeights({ policy }: TrainOnlineSettings, step: number): Promise<PolicySnapshot> {
  if (step === 0) return policy.snapshot()
  throw new PosttrainError(
    'invalid-argument',
    `a run that starts at step ${step} with a KL penalty needs its reference`,
    'give the snapshot of the weights that training began with as reference',
  )
}

/**
 * `trainOnline` run to its end.
 *
 * @returns every step
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
export async function train(options: TrainOnlineOptions): Promise<TrainingStep[]> {
  const steps: TrainingStep[] = []
  for await (const event of trainOnline(options)) {
    if (event.kind === 'stopped') throw event.reason
    if (event.kind === 'step') steps.push(event)
  }
  return steps
}
