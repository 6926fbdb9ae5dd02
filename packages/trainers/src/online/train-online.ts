import { letEventsRun, throwIfAborted, type Objective } from '@posttrain/core'
import { drawGroups, type TrainingGroup } from './groups.js'
import { checkedSettings, type TrainOnlineOptions } from './settings.js'
import { update } from './update.js'

/** One step of online training. */
export interface TrainingStep {
  readonly step: number
  /** Mean reward of the step's samples. */
  readonly reward: number
  /** Mean over prompts of the objective's estimate. */
  readonly objective: number
  /** Share of prompts with at least one sample of positive reward. */
  readonly solved: number
  /** Entropy per token in nats, estimated without bias by the mean of −log π over the sampled tokens. */
  readonly entropy: number
  /** Share of samples with an advantage other than 0: the rest carries no gradient. */
  readonly informative: number
  /** Samples left out because they had no score. */
  readonly unscored: number
  readonly gradientNorm: number
  /** Prompt and completion tokens that were sampled. */
  readonly tokens: number
  readonly groups: readonly TrainingGroup[]
}

/**
 * Online training: draw groups of samples, judge them, ask the objective for advantages, and step along
 * Σ advantage · ∇log π, averaged over prompts. Yields after each step; everything random is a function of
 * (seed, step), so that a run continued from saved weights and optimizer state is the uninterrupted run.
 *
 * With the default loss the expected update direction is the exact gradient of the objective's mean over tasks
 * (arXiv 2503.19595 for k-sample objectives).
 *
 * @throws PosttrainError before the first sample for a loss the policy cannot differentiate, too few samples per
 *   prompt or an empty task list; `unscored` for a sample without a score unless they are excluded; `aborted` between
 *   steps when the signal fires
 */
export async function* trainOnline(options: TrainOnlineOptions): AsyncGenerator<TrainingStep> {
  const settings = checkedSettings(options)
  for (let step = settings.startStep; step < settings.steps; step++) {
    await letEventsRun()
    throwIfAborted(settings.signal)
    const { groups, unscored } = await drawGroups(settings, step)
    const gradientNorm = await update(settings, groups, step)
    yield { step, ...summarise(groups, settings.objective), unscored, gradientNorm, groups }
  }
}

/**
 * `trainOnline` run to its end.
 *
 * @returns every step
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
  for await (const step of trainOnline(options)) steps.push(step)
  return steps
}

function summarise(
  groups: readonly TrainingGroup[],
  objective: Objective,
): Pick<TrainingStep, 'reward' | 'objective' | 'solved' | 'entropy' | 'informative' | 'tokens'> {
  const samples = groups.flatMap((group) => group.samples)
  const rewards = groups.flatMap((group) => group.outcomes.map((outcome) => outcome.reward))
  const logprobs = samples.flatMap((sample) => sample.logprobs?.values ?? [])
  return {
    reward: mean(rewards),
    objective: mean(groups.map((group) => objective.estimate(group.outcomes))),
    solved: mean(groups.map((group) => (group.outcomes.some((outcome) => outcome.reward > 0) ? 1 : 0))),
    entropy: -mean(logprobs),
    informative: mean(groups.flatMap((group) => group.advantages.map((advantage) => (advantage === 0 ? 0 : 1)))),
    tokens: samples.reduce((sum, { usage }) => sum + usage.promptTokens + usage.completionTokens, 0),
  }
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
