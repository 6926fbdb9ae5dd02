import { requireTask, scoredGroup, throwIfAborted } from '@posttrain/core'
import type {
  AbortSignalLike,
  BudgetRules,
  CallOptions,
  Procedure,
  RewardFunction,
  Sampler,
  SamplingOptions,
} from '@posttrain/core'
import type { Task, UnscoredPolicy } from '@posttrain/core'
import { confidenceSequence } from '@posttrain/estimators'
import { requireProcedure, requireReward, requireSampler } from '../checks/require-functions.js'
import { inOrder } from '../in-order.js'
import { platform } from '../internal/platform.js'
import { judge } from '../judge.js'
import { runProcedure, type TimedDecision } from '../run-procedure.js'
import { Arm, canaryVerdict, requireMargin, type CanaryState } from './canary-state.js'

/** One side of a canary: a procedure and what it draws from. */
export interface CanarySide {
  readonly procedure: Procedure
  readonly sampler: Sampler
  readonly sampling?: SamplingOptions | undefined
}

/** What is deployed, what may replace it, and on what they are tried. */
export interface ReplayCanaryOptions extends CallOptions {
  /** What is deployed. */
  readonly a: CanarySide
  /** What may replace it. */
  readonly b: CanarySide
  /** Tasks of the traffic, in an order of chance, as `shuffled` makes it. */
  readonly tasks: Iterable<Task> | AsyncIterable<Task>
  /** The reward that counts. */
  readonly reward: RewardFunction
  /** The least and the greatest reward (default 0 and 1). */
  readonly rewards?: { readonly min: number; readonly max: number } | undefined
  /** Default 0.95. */
  readonly level?: number | undefined
  /** A loss below it is none: with it the canary also ends where b is shown not to be worse. */
  readonly margin?: number | undefined
  /** What unscored answers count as (default `count-as-failure`). */
  readonly unscored?: UnscoredPolicy | undefined
  readonly rules?: BudgetRules | undefined
  /** Root of all randomness (default 0). */
  readonly seed?: number | undefined
  /** Tasks that are worked on at the same time (default 8). */
  readonly tasksInFlight?: number | undefined
}

/**
 * Runs two procedures, or one on two models, on the same tasks until a sequential test says which is better: the
 * confidence sequence of the mean difference of their rewards, which stays valid however often one looks. Tasks enter
 * in their own order, whichever is done first. An abstention is a scored 0, and a task is left out where either side
 * has no score under `exclude`.
 *
 * @returns a state after each task; it ends with the first verdict, or when there are no more tasks
 * @throws PosttrainError `invalid-argument` for bounds, margin or numbers out of range, or a reward out of its bounds;
 *   `aborted` at the signal; otherwise as `runProcedure` and `judge`
 * @example
 * ```ts
 * const usage = { promptTokens: 1, completionTokens: 1 }
 * const says = (text: string): Sampler => ({
 *   async *sample([{ task, seed, id = task.id }]) {
 *     yield { id, taskId: task.id, index: 0, seed, text, finish: 'stop', usage }
 *   },
 * })
 * const reward: RewardFunction = {
 *   name: 'yes',
 *   score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text === 'yes' ? 1 : 0 })),
 * }
 * const procedure = singleSample()
 * const [a, b] = ['no', 'yes'].map((text) => ({ procedure, sampler: says(text) }))
 * const tasks = Array.from({ length: 100 }, (_, i) => ({ id: `${i}`, prompt: '?' }))
 * const states: CanaryState[] = []
 * for await (const state of replayCanary({ a, b, tasks, reward })) states.push(state)
 * states.at(-1)?.verdict // => 'better'
 * states.length < 20 // => true
 * ```
 */
export async function* replayCanary(options: ReplayCanaryOptions): AsyncGenerator<CanaryState> {
  const { a, b, tasks, reward, rewards = { min: 0, max: 1 }, level, margin, signal, tasksInFlight = 8 } = options
  for (const [name, { procedure, sampler }] of Object.entries({ a, b })) {
    requireProcedure(`${name}.procedure`, procedure)
    requireSampler(`${name}.sampler`, sampler)
  }
  requireReward('reward', reward)
  requireMargin(margin)
  const reach = rewards.max - rewards.min
  const sequence = confidenceSequence({ min: -reach, max: reach, level })
  const arms = { a: new Arm(), b: new Arm() }
  const stopping = new platform.AbortController()
  const stop = (): void => stopping.abort()
  signal?.addEventListener('abort', stop)
  try {
    const work = (task: Task) => decideBoth(requireTask(task), options, stopping.signal)
    for await (const pair of inOrder(tasks, tasksInFlight, work)) {
      throwIfAborted(signal)
      const counts = pair.a.reward !== undefined && pair.b.reward !== undefined
      for (const side of ['a', 'b'] as const) {
        const { decision, isScored, reward: worth } = pair[side]
        arms[side].add(decision, isScored, counts ? worth : undefined)
      }
      if (counts) sequence.add(pair.b.reward - pair.a.reward)
      const interval = sequence.interval()
      const verdict = canaryVerdict(interval, margin)
      yield { a: arms.a.totals, b: arms.b.totals, difference: sequence.mean, interval, verdict }
      if (verdict !== 'undecided') return
    }
  } finally {
    stop()
    signal?.removeEventListener('abort', stop)
  }
}

/** A decision and what it is worth; undefined where it is left out. */
interface Judged {
  readonly decision: TimedDecision
  readonly isScored: boolean
  readonly reward: number | undefined
}

async function decideBoth(
  task: Task,
  { a, b, seed = 0, rules, reward, unscored = 'count-as-failure' }: ReplayCanaryOptions,
  signal: AbortSignalLike,
): Promise<{ readonly a: Judged; readonly b: Judged }> {
  const decide = async ({ procedure, sampler, sampling }: CanarySide): Promise<Judged> => {
    const decision = await runProcedure(procedure, sampler, task, { seed, sampling, rules, signal })
    if (!decision.sample) return { decision, isScored: true, reward: 0 }
    const group = await judge(task, [decision.sample], reward, {}, { signal })
    const isScored = group.outcomes[0]!.kind === 'scored'
    return { decision, isScored, reward: scoredGroup(group, unscored).outcomes[0]?.reward }
  }
  const [ofA, ofB] = await Promise.all([decide(a), decide(b)])
  return { a: ofA, b: ofB }
}
