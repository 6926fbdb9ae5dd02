import {
  callCallerNow,
  described,
  invalidArgument,
  invalidData,
  letEventsRun,
  mean,
  requestId,
  requireFinite,
  requireInteger,
  requireTasks,
  scoreOf,
  sequenceOf,
  sum,
  throwIfAborted,
} from '@posttrain/core'
import type {
  CallOptions,
  Checkpoint,
  Group,
  LossConstants,
  RewardFunction,
  Sampler,
  SamplingOptions,
  Task,
} from '@posttrain/core'
import type { TokenSequence, TrainablePolicy } from '@posttrain/core'
import { policyGradientLoss } from '@posttrain/losses'
import { drawGroups, type Remembered } from '@posttrain/sampling'
import { askLoss } from '../ask-loss.js'
import { askForward, askScores, askStep, isCheckpoint } from '../ask-policy.js'
import { itemsOfStep } from '../items-of-step.js'
import { optimizerAt, requireOptimizer, type OptimizerSettings } from '../schedule.js'
import { jBondAdvantages } from './j-bond-advantages.js'

/** Settings of J-BOND. */
export interface TrainJBondOptions extends CallOptions, Remembered {
  readonly policy: TrainablePolicy
  /** Another policy of the same architecture, with the weights training starts from: it follows the policy. */
  readonly anchor: TrainablePolicy
  /** Σᵢ weightᵢ·checkpointᵢ, for weights of sum 1: for instance `averageCheckpoints` of `@posttrain/models`. */
  average(checkpoints: readonly Checkpoint[], weights: readonly number[]): Checkpoint
  readonly tasks: readonly Task[]
  readonly reward: RewardFunction
  /** β: 0 is imitation of best-of-2 alone, 1 reinforcement alone (default 0.5). */
  readonly beta?: number | undefined
  /** γ: price of the KL to the anchor, beside what is in the divergence; at least 0 (default 0). */
  readonly klCoefficient?: number | undefined
  /** η: how far the anchor moves towards the policy at each step, from 0 to 1 (default 0.02); 0 keeps it. */
  readonly anchorRate?: number | undefined
  /** At least 0. */
  readonly steps: number
  /** First step, when a run is resumed (default 0). */
  readonly startStep?: number | undefined
  /** At least 1 (default 32, or all tasks if there are fewer). */
  readonly promptsPerStep?: number | undefined
  readonly sampling?: SamplingOptions | undefined
  readonly optimizer: OptimizerSettings
  /** Groups that are judged at the same time, at least 1 (default 32). */
  readonly concurrency?: number | undefined
  /** Root of all randomness (default 0). */
  readonly seed?: number | undefined
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
  readonly gradientNorm: number | undefined
}

/**
 * J-BOND (Sessa et al. 2024, https://arxiv.org/abs/2407.14622): distils best-of-2 of an anchor that follows the policy,
 * so that best-of-n for ever larger n is reached a little at a time, with one sample of the policy and two of the
 * anchor per prompt. The update is descent on J_β = (1−β)·KL(π_bo2‖π) + β·KL(π‖π_bo2); the anchor's weights are a
 * moving average of the policy's.
 *
 * A run is resumed from the saved weights of both policies and the optimizer's state.
 *
 * @throws PosttrainError `invalid-argument` for settings out of range or an anchor that is the policy; `aborted`
 *   between steps
 * @example
 * ```ts
 * import { averageCheckpoints, TabularPolicy } from '@posttrain/models'
 *
 * const [policy, anchor] = [0, 1].map(() => new TabularPolicy({ prompts: ['coin'], words: ['heads', 'tails'] }))
 * const reward: RewardFunction = {
 *   name: 'heads',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text === 'heads' ? 1 : 0 })),
 * }
 * const tasks = ['a', 'b'].map((id) => ({ id, prompt: 'coin' }))
 * const models = { policy: policy!, anchor: anchor!, average: averageCheckpoints }
 * for await (const step of trainJBond({ ...models, tasks, reward, steps: 50, optimizer: { learningRate: 0.1 } }))
 * step.reward const [heads] = await policy!.completions('coin')
 * heads!.probability > 0.75 // => true
 * ```
 */
export async function* trainJBond(options: TrainJBondOptions): AsyncGenerator<JBondStep> {
  const { policy, anchor, tasks, anchorRate = 0.02, steps, startStep = 0, seed = 0, signal } = options
  const { promptsPerStep = Math.min(32, requireTasks(tasks).length), beta, klCoefficient, concurrency } = options
  requireInteger('promptsPerStep', promptsPerStep, { min: 1 })
  requireInteger('seed', seed)
  if (beta !== undefined) requireFinite('beta', beta, { min: 0, max: 1 })
  if (klCoefficient !== undefined) requireFinite('klCoefficient', klCoefficient, { min: 0 })
  if (concurrency !== undefined) requireInteger('concurrency', concurrency, { min: 1 })
  requireOptimizer(options.optimizer)
  if (policy === anchor) throw invalidArgument('anchor is the policy itself', 'load its weights into another one')
  requireFinite('anchorRate', anchorRate, { min: 0, max: 1 })
  requireInteger('steps', steps, { min: 0 })
  requireInteger('startStep', startStep, { min: 0 })
  for (let step = startStep; step < steps; step++) {
    await letEventsRun()
    throwIfAborted(signal)
    const chosen = itemsOfStep(tasks, promptsPerStep, step, seed)
    const triples = await drawTriples(options, chosen, step)
    if (triples.length === 0) throw invalidArgument(`no prompt of step ${step} has three scored samples`)
    const report = await update(options, triples, step)
    if (anchorRate > 0) {
      const checkpoints = [await anchor.save({}, { signal }), await policy.save({}, { signal })]
      await anchor.load(averageOf(options, checkpoints, [1 - anchorRate, anchorRate], step), { signal })
    }
    yield { step, ...report, unscored: chosen.length - triples.length }
  }
}

/** What `average` gives, as long as it is a checkpoint. */
function averageOf(
  options: Pick<TrainJBondOptions, 'average'>,
  checkpoints: readonly Checkpoint[],
  weights: readonly number[],
  step: number,
): Checkpoint {
  const given = callCallerNow('average', `at step ${step}`, () => options.average(checkpoints, weights))
  if (isCheckpoint(given)) return given
  throw invalidData(`average gave ${described(given)} at step ${step}, not a checkpoint`)
}

/** A sampler whose first sample of a request is the policy's, and whose others are the anchor's. */
const policyThenAnchor = (policy: Sampler, anchor: Sampler): Sampler => ({
  async *sample(requests, options) {
    yield* policy.sample(
      requests.map((request) => ({ ...request, count: 1 })),
      options,
    )
    yield* anchor.sample(
      requests.map((request) => ({ ...request, firstIndex: 1, count: request.count - 1 })),
      options,
    )
  },
})

/** A prompt with a sample of the policy, two of the anchor, and their rewards. */
interface Triple {
  readonly group: Group
  readonly reward: number
  readonly anchors: readonly [number, number]
}

async function drawTriples(options: TrainJBondOptions, tasks: readonly Task[], step: number): Promise<Triple[]> {
  const {
    policy,
    anchor,
    reward,
    sampling,
    concurrency,
    seed = 0,
    signal,
    known,
    knownGroups,
    onSample,
    onGroup,
  } = options
  // A prompt may come twice in a step, at the seam of two epochs: its place keeps its samples apart.
  const ids = tasks.map(({ id }, place) => requestId(id, 'step', step, place))
  const requests = tasks.map((task, place) => ({ ...sampling, task, id: ids[place]!, count: 3, seed }))
  const remembered = { known, knownGroups, onSample, onGroup }
  const settings = { ...remembered, reward, concurrency, inFlight: 2 * requests.length, signal }
  const triples = new Map<string, Triple>()
  for await (const { request, ...group } of drawGroups(policyThenAnchor(policy, anchor), requests, settings)) {
    const [own, first, second] = group.outcomes.flatMap((o) => (o.kind === 'scored' ? [o.reward] : []))
    if (own === undefined || first === undefined || second === undefined) continue
    triples.set(request.id!, { group, reward: own, anchors: [first, second] })
  }
  return ids.flatMap((id) => triples.get(id) ?? [])
}

const sequenceIn = ({ group: { task, samples } }: Triple, index: number): TokenSequence =>
  sequenceOf(task, samples[index]!)

async function update(
  { policy, anchor, sampling, optimizer, signal, ...bond }: TrainJBondOptions,
  triples: readonly Triple[],
  step: number,
): Promise<Omit<JBondStep, 'step' | 'unscored'>> {
  const request = { temperature: sampling?.temperature }
  const own = triples.map((triple) => sequenceIn(triple, 0))
  const [current, anchored] = [
    await askScores('the policy', policy, own, request, { signal }),
    await askScores('the anchor', anchor, own, request, { signal }),
  ]
  const prompts = triples.map(({ reward, anchors }, i) => ({
    reward,
    anchors,
    logRatio: sum(scoreOf(current[i]!, 'logprob')) - sum(scoreOf(anchored[i]!, 'logprob')),
  }))
  const advantages = jBondAdvantages(prompts, bond)
  const best = triples.map((triple, i) => sequenceIn(triple, 1 + advantages[i]!.bestIndex))
  const weight = 1 / triples.length
  const constants: LossConstants[] = [
    ...advantages.map((entry) => ({ advantage: entry.policy, weight })),
    ...advantages.map((entry) => ({ advantage: entry.best, weight })),
  ]
  const settings = optimizerAt(optimizer, step)
  const pass = await askForward('the policy', policy, [...own, ...best], request, { signal })
  let gradientNorm: number | undefined
  try {
    const { cotangents } = askLoss(policyGradientLoss(), step, pass.scores, constants)
    gradientNorm = await askStep('the policy', policy, pass, cotangents, settings)
  } finally {
    pass.dispose()
  }
  return {
    reward: mean(prompts.map(({ reward }) => reward)),
    bestOfTwo: mean(prompts.map(({ anchors }) => Math.max(...anchors))),
    anchorKl: mean(prompts.map(({ logRatio }) => logRatio)),
    gradientNorm,
  }
}
