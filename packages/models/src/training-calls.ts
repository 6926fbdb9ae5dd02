import {
  createCallOrder,
  invalidArgument,
  PosttrainError,
  unsupported,
  type CallOptions,
  type ErrorCode,
  type ForwardPass,
  type TokenCotangents,
  type TokenScores,
} from '@posttrain/core'

/** A forward pass as a model computes it. */
export interface ComputedPass {
  readonly scores: readonly TokenScores[]
  /** Adds to the gradients; refuses cotangents that do not fit before it changes anything. */
  backward(cotangents: readonly TokenCotangents[]): void
  dispose(): void
}

/** Codes of errors that a step, a backward pass or a load throws before it changes anything. */
const refusals: readonly ErrorCode[] = ['invalid-argument', 'invalid-data', 'unsupported', 'exploded']

const mayHaveChanged = (error: unknown): boolean => !(error instanceof PosttrainError && refusals.includes(error.code))

/** The calls of a model that learns: they take effect in the order in which they are made. */
export class TrainingCalls {
  readonly #order = createCallOrder()
  /** How often the weights have changed. */
  #changes = 0
  #openStreams = 0

  /** A call that changes no weight. */
  read<T>(name: string, work: () => Promise<T>, { signal }: CallOptions = {}): Promise<T> {
    return this.#order.call(name, work, { signal })
  }

  /**
   * A call that changes weights.
   *
   * @throws PosttrainError `unsupported` while a stream draws with the present weights; whatever `work` throws
   */
  change<T>(name: 'step' | 'load', work: () => Promise<T>, { signal }: CallOptions = {}): Promise<T> {
    const changing = async (): Promise<T> => {
      if (this.#openStreams > 0) {
        throw unsupported(
          `${name} would change the weights of ${this.#openStreams} open sample stream(s)`,
          'finish the stream, or sample from a snapshot',
        )
      }
      const result = await work()
      this.#changes++
      return result
    }
    return this.#order.call(name, changing, { signal, mayHaveChanged, restores: name === 'load' })
  }

  /** Opens a stream that draws with the present weights. @returns closes it; may be called again */
  async openStream({ signal }: CallOptions = {}): Promise<() => void> {
    const open = async (): Promise<void> => {
      this.#openStreams++
    }
    await this.#order.call('sample', open, { signal })
    let isOpen = true
    return () => {
      if (isOpen) this.#openStreams--
      isOpen = false
    }
  }

  /** A forward pass, whose backward pass is a call in this order too: once, and before the weights change. */
  forward(compute: () => Promise<ComputedPass>, { signal }: CallOptions = {}): Promise<ForwardPass> {
    return this.#order.call('forward', async () => this.#forwardPass(await compute()), { signal })
  }

  #forwardPass(pass: ComputedPass): ForwardPass {
    const madeAt = this.#changes
    let isSpent = false
    const spend = (): boolean => {
      const wasSpent = isSpent
      isSpent = true
      return wasSpent
    }
    return {
      scores: pass.scores,
      backward: async (cotangents, { signal } = {}) => {
        const wasSpent = spend()
        const work = async (): Promise<void> => {
          if (wasSpent) throw invalidArgument('this forward pass has been used or disposed', 'call forward again')
          if (madeAt !== this.#changes) {
            throw invalidArgument(
              'the weights have changed since this forward pass',
              'call backward before the next step or load',
            )
          }
          pass.backward(cotangents)
        }
        try {
          await this.#order.call('backward', work, { signal, mayHaveChanged })
        } finally {
          if (!wasSpent) pass.dispose()
        }
      },
      dispose: () => {
        if (!spend()) pass.dispose()
      },
    }
  }
}
