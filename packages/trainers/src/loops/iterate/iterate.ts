import { letEventsRun, throwIfAborted, type Sample } from '@posttrain/core'
import type { OfflineEvent } from '../offline/train-offline.js'
import { collectRound } from './collect-round.js'
import type { Collection } from './collection.js'
import { requireIterable, type IterateOptions } from './settings.js'

/**
 * What `iterate` yields: the steps of training; a round that was collected and trained on; and as the last event the
 * update that would not have been finite, or before an error that ends a run, `interrupted`. Give its `samples` as
 * `known` to the run that continues at `round`, with the weights that the round began with.
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
  | { readonly kind: 'interrupted'; readonly round: number; readonly samples: readonly Sample[] }

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
    const known = round === startRound ? options.known : undefined
    const samples: Sample[] = [...(known ?? [])]
    const onSample = (sample: Sample): void => {
      samples.push(sample)
      options.onSample?.(sample)
    }
    try {
      const data = await collectRound(options, round, { known, onSample })
      let steps = 0
      if (data.items.length > 0) {
        if (base) await policy.load(base, { signal })
        for await (const event of options.train(data, round)) {
          yield { ...event, round }
          if (event.kind === 'stopped') return
          steps++
        }
      }
      yield { kind: 'round', round, algorithm: algorithm.name, ...data, steps }
    } catch (error) {
      if (samples.length > 0) yield { kind: 'interrupted', round, samples }
      throw error
    }
  }
}
