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
 * A step that would not be finite is not taken: the last event, `stopped`, holds the state before it. A run that is aborted, or fails,
 * while it draws and judges yields `interrupted` with the samples so far, then throws.
 *
 * @throws PosttrainError before the first sample for a score the policy cannot differentiate, too few samples per
 *   prompt or an empty task list; `unscored` for a sample without a score unless they are excluded, or if too few have one; `aborted` when the signal
 *   fires
 */
export async function* trainOnline(options: TrainOnlineOptions): AsyncGenerator<TrainingEvent> {
  const settings = checkedSettings(options)
  const { policy, startStep, steps, call, clock } = settings
  let own: PolicySnapshot | undefined
  try {
    for (let step = startStep; step < steps; step++) {
      await letEventsRun()
      throwIfAborted(call.signal)
      const algorithm = settings.algorithmAt(step)
      requireWorkable(algorithm, settings)
      const isCompared = needsReference(algorithm)
      if (isCompared && !settings.reference) own ??= await presentWeights(settings, step)
      const reference = isCompared ? (settings.reference ?? own) : undefined
      const drawing = startDrawing(settings, step, step === startStep ? settings.drawn : [])
      try {
        const started = clock?.()
        const { groups: judged, ...counts } = await rollOut(settings, algorithm, reference, step, drawing)
        const assigned = algorithm.advantages.assign(judged)
        const groups = judged.map((group, g) => ({ ...group, advantages: assigned[g]!.advantages }))
        const drawn = clock?.()
        const report = await update(settings, algorithm, reference, groups, assigned, step)
        const measured = { ...summarise(groups, algorithm.objective), ...counts, ...report }
        const timings = clock ? { timings: { rollout: drawn! - started!, update: clock() - drawn! } } : {}
        yield { kind: 'step', step, algorithm: algorithm.name, ...measured, groups, ...timings }
      } catch (error) {
        if (error instanceof PosttrainError && error.code === 'exploded') {
          yield { kind: 'stopped', step, reason: error, checkpoint: await policy.save({ optimizer: true }) }
          return
        }
        if (drawing.samples.length > 0) yield { kind: 'interrupted', step, samples: drawing.samples }
        throw error
      }
    }
  } finally {
    own?.dispose()
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
