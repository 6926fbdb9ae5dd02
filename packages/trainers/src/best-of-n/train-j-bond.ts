import {
  createStream,
  invalidArgument,
  letEventsRun,
  requireFinite,
  requireInteger,
  throwIfAborted,
  type CallOptions,
  type LossConstants,
  type RewardFunction,
  type Sample,
  type Task,
  type TokenSequence,
  type TrainablePolicy,
} from '@posttrain/core'
import { policyGradientLoss } from '../losses/policy-gradient.js'
import { itemsOfStep } from '../online/prompt-order.js'
import { optimizerAt, type OptimizerSettings } from '../schedule.js'
import { averageWeights } from './average-weights.js'
import { jBondAdvantages, type JeffreysOptions } from './bond.js'

/** Settings of J-BOND. */
export interface TrainJBondOptions extends JeffreysOptions, CallOptions {
  readonly policy: TrainablePolicy
  /** Another policy of the same architecture, with the weights training starts from: it follows the policy. */
  readonly anchor: TrainablePolicy
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  /** η: how far the anchor moves towards the policy at each step (default 0.02); 0 keeps it. */
  readonly anchorRate?: number
  readonly steps: number
  /** First step, when a run is resumed (default 0). */
  readonly startStep?: number
  /** Default 32, or all tasks if there are fewer. */
  readonly promptsPerStep?: number
  readonly maxTokens?: number
  readonly optimizer: OptimizerSettings
  readonly seed?: number
}

/** One step of J-BOND. */
export interface JBondStep {
  readonly step: number
  /** Mean reward of the policy's samples. */
  readonly reward: number
  /** Mean reward of the better of two samples of the anchor. */
  readonly bestOfTwo: number
  /** Mean of log π/π_anchor over the policy's samples: the estimate k1 of the KL to the anchor, in nats. */
  readonly anchorKl: number
  /** Prompts left out because a sample had no score. */
  readonly unscored: number
  readonly gradientNorm: number
}

/**
 * J-BOND (Sessa et al. 2024, https://arxiv.org/abs/2407.14622): distils best-of-2 of an anchor that follows the policy, so that
 * best-of-n for ever larger n is reached a little at a time, with one sample of the policy and two of the anchor per prompt. The
 * update is that of `jBondAdvantages`; the anchor's weights are a moving average of the policy's.
 *
 * A run is resumed from the saved weights of both policies and the optimizer's state.
 *
 * @throws PosttrainError `invalid-argument` for settings out of range or an anchor that is the policy; `aborted` between steps
 * @example
 * ```ts
 * import { TabularPolicy } from '@posttrain/models'
 *
 * const [policy, anchor] = [0, 1].map(() => new TabularPolicy({ prompts: ['coin'], words: ['heads', 'tails'] }))
 * const reward: RewardFunction = {
 *   name: 'heads',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text === 'heads' ? 1 : 0 })),
 * }
 * const tasks = ['a', 'b'].map((id) => ({ id, prompt: 'coin' }))
 * const settings = { policy: policy!, anchor: anchor!, tasks, reward, steps: 50, optimizer: { learningRate: 0.1 } }
 * for await (const step of trainJBond(settings)) step.reward
 * const [heads] = await policy!.completions('coin')
 * heads!.probability > 0.75 // => true
 * ```
 */
export async function* trainJBond(options: TrainJBondOptions): AsyncGenerator<JBondStep> {
  const { policy, anchor, tasks, anchorRate = 0.02, steps, startStep = 0, seed = 0, signal } = options
  const promptsPerStep = requireInteger('promptsPerStep', options.promptsPerStep ?? Math.min(32, tasks.length), {
    min: 1,
  })
  if (tasks.length === 0) throw invalidArgument('tasks is empty')
  if (policy === anchor) throw invalidArgument('anchor is the policy itself', 'load its weights into another one')
  requireFinite('anchorRate', anchorRate, { min: 0, max: 1 })
  requireInteger('steps', steps, { min: 0 })
  requireInteger('startStep', startStep, { min: 0 })
  for (let step = startStep; step < steps; step++) {
    await letEventsRun()
    throwIfAborted(signal)
    const chosen = itemsOfStep(tasks, promptsPerStep, step, seed)
    const rollout = await rollOut(options, chosen, createStream(seed, 'samples of step', step).integer(2 ** 31))
    if (rollout.length === 0) throw invalidArgument(`no prompt of step ${step} has three scored samples`)
    const report = await update(options, rollout, step)
    if (anchorRate > 0) await anchor.load(averageWeights(await anchor.save(), await policy.save(), anchorRate))
    yield { step, ...report, unscored: chosen.length - rollout.length }
  }
}

/** A prompt with a sample of the policy, two of the anchor, and their rewards. */
interface Triple {
  readonly prompt: string
  readonly samples: readonly [Sample, Sample, Sample]
  readonly rewards: readonly [number, number, number]
}

async function rollOut(options: TrainJBondOptions, tasks: readonly Task[], seed: number): Promise<Triple[]> {
  const { policy, anchor, reward, maxTokens, signal } = options
  const call = signal ? { signal } : {}
  // A prompt may come twice in a step, at the seam of two epochs: its place keeps its samples apart.
  const draw = async (from: TrainablePolicy, who: string, count: number): Promise<Sample[][]> => {
    const requests = tasks.map((task, place) => ({
      task: { ...task, id: `${who} ${place}/${task.id}` },
      count,
      seed,
      ...(maxTokens === undefined ? {} : { maxTokens }),
    }))
    const drawn = new Map(requests.map((request) => [request.task.id, [] as Sample[]]))
    for await (const sample of from.sample(requests, call)) drawn.get(sample.taskId)![sample.index] = sample
    return requests.map(({ task }, place) => drawn.get(task.id)!.map((s) => ({ ...s, taskId: tasks[place]!.id })))
  }
  const [own, others] = [await draw(policy, 'policy', 1), await draw(anchor, 'anchor', 2)]
  const triples = await Promise.all(
    tasks.map(async (task, place): Promise<Triple | undefined> => {
      const [y, a, b] = [...own[place]!, ...others[place]!]
      if (!y || !a || !b) throw invalidArgument(`a sampler left out a sample of task ${task.id}`)
      const outcomes = await reward.score(task, [y, a, b], call)
      const rewards = outcomes.flatMap((outcome) => (outcome.kind === 'scored' ? [outcome.reward] : []))
      const [r, first, second] = rewards
      if (r === undefined || first === undefined || second === undefined) return undefined
      return { prompt: task.prompt, samples: [y, a, b], rewards: [r, first, second] }
    }),
  )
  return triples.filter((triple) => triple !== undefined)
}

async function update(
  { policy, anchor, optimizer, ...jeffreys }: TrainJBondOptions,
  triples: readonly Triple[],
  step: number,
): Promise<Omit<JBondStep, 'step' | 'unscored'>> {
  const own = triples.map(({ prompt, samples: [y] }) => sequence(prompt, y))
  const [current, anchored] = [await policy.score(own), await anchor.score(own)]
  const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0)
  const prompts = triples.map(({ rewards: [reward, ...anchors] }, i) => ({
    reward,
    anchors,
    logRatio: total(current[i]!.logprob) - total(anchored[i]!.logprob),
  }))
  const advantages = jBondAdvantages(prompts, jeffreys)
  const best = triples.map(({ prompt, samples }, i) => sequence(prompt, samples[1 + advantages[i]!.bestIndex]!))
  const weight = 1 / triples.length
  const constants: LossConstants[] = [
    ...advantages.map((entry) => ({ advantage: entry.policy, weight })),
    ...advantages.map((entry) => ({ advantage: entry.best, weight })),
  ]
  const pass = await policy.forward([...own, ...best])
  await pass.backward(policyGradientLoss().evaluate(pass.scores, constants).cotangents)
  const { gradientNorm } = await policy.step(optimizerAt(optimizer, step))
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
  return {
    reward: mean(prompts.map(({ reward }) => reward)),
    bestOfTwo: mean(prompts.map(({ anchors }) => Math.max(...anchors))),
    anchorKl: mean(prompts.map(({ logRatio }) => logRatio)),
    gradientNorm,
  }
}

function sequence(prompt: string, { taskId, tokens }: Sample): TokenSequence {
  if (tokens) return { prompt, tokens }
  throw invalidArgument(`a sample of task ${taskId} has no tokens to train on`)
}
