import { callCallerNow, described, invalidData, letEventsRun, PosttrainError, reasonOf } from '@posttrain/core'
import { throwIfAborted, type Group, type Sample } from '@posttrain/core'
import { DrawnSoFar } from '../drawn-so-far.js'
import type { OfflineEvent } from '../offline/train-offline.js'
import { collectRound } from './collect-round.js'
import type { Collection } from './collection.js'
import { requireIterable, type IterateOptions } from './settings.js'

/**
 * What `iterate` yields: the steps of training; a round that was collected and trained on; and as the last event the
 * update that would not have been finite, or before an error that ends a run, `interrupted`. Give its `samples` as
 * `known` and its `groups` as `knownGroups` to the run that continues at `round`, with the weights that the round began
 * with.
 */
export type IterationEvent =
  | (OfflineEvent & { readonly round: number })
  | (Collection & {
      readonly kind: 'round'
      readonly round: number
      readonly algorithm: string
      /** Steps of training. */
      readonly steps: number
    })
  | {
      readonly kind: 'interrupted'
      readonly round: number
      readonly samples: readonly Sample[]
      /** Groups that were judged. */
      readonly groups: readonly Group[]
    }

/**
 * Self-improvement in rounds: draw samples of the present policy, keep some, train on them, again. Yields the steps of
 * training and, after each round, what was kept and dropped; checkpoints are the caller's. Samples are functions of
 * (seed, round), so that a run continued at `startRound` from weights (and optimizer state) saved after a round is the
 * uninterrupted run.
 *
 * With `keepAllCorrect`, one step on all that was kept, each sequence with weight 1/drawn, is on average the gradient
 * of the mean reward. A mean over what was kept, as in `trainOffline`, is that divided by the share kept. Further steps
 * on the same data go towards the policy given that it is correct.
 *
 * @throws PosttrainError `invalid-argument` before the first sample for no tasks, a missing hint or a missing base;
 *   `unscored` for a sample without a score under that policy; `aborted` when the signal fires
 * @example
 * ```ts
 * import { supervisedLoss } from '@posttrain/losses'
 * import { TabularPolicy } from '@posttrain/models'
 *
 * const policy = new TabularPolicy({ prompts: ['coin'], words: ['heads', 'tails'] })
 * const reward = {
 *   name: 'heads',
 *   score: async (_: Task, samples: readonly Sample[]) =>
 *     samples.map(({ text }) => ({ kind: 'scored' as const, reward: text === 'heads' ? 1 : 0 })),
 * }
 * const rounds = iterate({
 *   policy,
 *   tasks: [{ id: 'coin', prompt: 'coin' }],
 *   reward,
 *   algorithm: selfImprovement['rest-em'],
 *   rounds: 2,
 *   samplesPerTask: 8,
 *   train: ({ items }, round) => {
 *     const batch = shuffledBatches(items, 4, round)
 *     return trainOffline({ model: policy, loss: supervisedLoss(), batch, steps: 50, optimizer: { learningRate: 0.1 }
 *   }) },
 * })
 * for await (const event of rounds) if (event.kind === 'stopped') throw event.reason
 * const [heads] = await policy.completions('coin')
 * heads!.probability > 0.95 // => true
 * ```
 */
export async function* iterate(options: IterateOptions): AsyncGenerator<IterationEvent> {
  requireIterable(options)
  const { policy, algorithm, startRound = 0, signal } = options
  const base = algorithm.from === 'base' ? (options.base ?? (await policy.save({}, { signal }))) : undefined
  for (let round = startRound; round < options.rounds; round++) {
    await letEventsRun()
    throwIfAborted(signal)
    const drawn = new DrawnSoFar(options, round === startRound)
    try {
      const data = await collectRound(options, round, drawn.observers)
      let steps = 0
      if (data.items.length > 0) {
        if (base) await policy.load(base, { signal })
        for await (const event of eventsOf(options, data, round)) {
          yield { ...event, round }
          if (event.kind === 'stopped') return
          steps++
        }
      }
      yield { kind: 'round', round, algorithm: algorithm.name, ...data, steps }
    } catch (error) {
      const { samples, groups } = drawn
      if (samples.length > 0 || groups.length > 0) yield { kind: 'interrupted', round, samples, groups }
      throw error
    }
  }
}

/** The events of a round's training, as long as they are such. */
async function* eventsOf(options: IterateOptions, data: Collection, round: number): AsyncGenerator<OfflineEvent> {
  const where = `in round ${round}`
  const events: unknown = callCallerNow('train', where, () => options.train(data, round))
  if (typeof events !== 'object' || events === null || !(Symbol.asyncIterator in events)) {
    throw invalidData(`train gave ${described(events)} ${where}, not a stream of events`, 'return trainOffline({ … })')
  }
  try {
    for await (const event of events as AsyncIterable<unknown>) {
      const { kind } = (event ?? {}) as Partial<OfflineEvent>
      if (kind !== 'step' && kind !== 'stopped') {
        throw invalidData(`train gave ${described(event)} ${where}, not an event`, 'return trainOffline({ … })')
      }
      yield event as OfflineEvent
    }
  } catch (error) {
    if (error instanceof PosttrainError) throw error
    throw invalidData(`train failed ${where}: ${reasonOf(error)}`, undefined, error)
  }
}
