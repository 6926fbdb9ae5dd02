import { letEventsRun, throwIfAborted, type Sample } from '@posttrain/core'
import { startDrawing } from '../online/draw.js'
import type { OfflineStep } from '../offline/train-offline.js'
import type { TrainingStopped } from '../online/events.js'
import { collect, type Collection } from './collect.js'
import { requireIterable, type IterateOptions } from './settings.js'

/** A round that was collected and trained on. */
export interface IterationRound extends Collection {
  readonly kind: 'round'
  readonly round: number
  readonly algorithm: string
  /** Steps of training. */
  readonly steps: number
}

/** A step of training within a round. */
export interface IterationStep extends OfflineStep {
  readonly round: number
}

/** The last event of a run whose update would not have been finite. */
export interface IterationStopped extends TrainingStopped {
  readonly round: number
}

/**
 * The last event before an error that ends a run, for instance when it is aborted: give `samples` as `drawn` to the run that continues at `round`, with the weights
 * that the round began with.
 */
export interface IterationInterrupted {
  readonly kind: 'interrupted'
  readonly round: number
  readonly samples: readonly Sample[]
}

/** What `iterate` yields. */
export type IterationEvent = IterationStep | IterationRound | IterationStopped | IterationInterrupted

/**
 * Self-improvement in rounds: draw samples of the present policy, keep some, train on them, again. Yields the steps of training and,
 * after each round, what was kept and dropped; checkpoints are the caller's. Samples are functions of (seed, round), so that a run
 * continued at `startRound` from weights (and optimizer state) saved after a round is the uninterrupted run.
 *
 * With `keepAllCorrect`, one step on all that was kept, each sequence with weight 1/drawn, is on average the gradient of the mean
 * reward. A mean over what was kept, as in `trainOffline`, is that divided by the share kept. Further steps on the same data go
 * towards the policy given that it is correct.
 *
 * @throws PosttrainError `invalid-argument` before the first sample for no tasks, a missing hint or a missing base; `unscored` for a
 *   sample without a score unless they are excluded; `aborted` when the signal fires
 * @example
 * ```ts
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
 *   algorithm: restEm(),
 *   rounds: 2,
 *   samplesPerTask: 8,
 *   train: ({ items }, round) => {
 *     const batch = shuffledBatches(items, 4, round)
 *     return trainOffline({ policy, loss: supervisedLoss(), batch, steps: 50, optimizer: { learningRate: 0.1 } })
 *   },
 * })
 * for await (const event of rounds) if (event.kind === 'stopped') throw event.reason
 * const [heads] = await policy.completions('coin')
 * heads!.probability > 0.95 // => true
 * ```
 */
export async function* iterate(options: IterateOptions): AsyncGenerator<IterationEvent> {
  requireIterable(options)
  const { policy, algorithm, startRound = 0, samplesPerTask, maxTokens, seed = 0, signal } = options
  const call = signal ? { signal } : {}
  const base = algorithm.from === 'base' ? (options.base ?? (await policy.save())) : undefined
  for (let round = startRound; round < options.rounds; round++) {
    await letEventsRun()
    throwIfAborted(signal)
    const settings = { policy, samplesPerPrompt: samplesPerTask, maxTokens, seed, call }
    const drawing = startDrawing(settings, round, round === startRound ? (options.drawn ?? []) : [])
    try {
      const data = await collect(options, call, drawing)
      let steps = 0
      if (data.items.length > 0) {
        if (base) await policy.load(base)
        for await (const event of options.train(data, round)) {
          yield { ...event, round }
          if (event.kind === 'stopped') return
          steps++
        }
      }
      yield { kind: 'round', round, algorithm: algorithm.name, ...data, steps }
    } catch (error) {
      if (drawing.samples.length > 0) yield { kind: 'interrupted', round, samples: drawing.samples }
      throw error
    }
  }
}
