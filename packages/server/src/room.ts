import { abortable, throwIfAborted, type AbortSignalLike } from '@posttrain/core'
import pLimit from 'p-limit'
import { busy, Refusal } from './refusal.js'

/** How much is taken on at once. */
export interface RoomOptions {
  /** Samples that are judged at the same time. */
  readonly concurrency: number
  /** Samples that may wait for their turn. */
  readonly queue: number
  /** Samples of one client that may be judged or wait. */
  readonly perClient: number
}

/**
 * Room for so many samples and no more. A request enters with all its samples or not at all; its samples then take
 * turns, first come first served.
 */
export class Room {
  readonly #options: RoomOptions
  readonly #limit: ReturnType<typeof pLimit>
  readonly #ofClient = new Map<string, number>()
  readonly #whenEmpty = new Set<() => void>()
  #held = 0
  #waiting = 0
  #isClosed = false

  constructor(options: RoomOptions) {
    this.#options = options
    this.#limit = pLimit(options.concurrency)
  }

  /** Samples that are being judged. */
  get running(): number {
    return this.#limit.activeCount
  }

  /** Samples that wait for their turn. */
  get waiting(): number {
    return this.#waiting
  }

  /**
   * Lets samples of a client in while `work` goes on.
   *
   * @throws Refusal 413 for more samples than there can ever be room for, 429 for a client that has its share, 503
   *   where there is no room or the room is closed
   */
  async hold<T>(samples: number, client: string, work: () => Promise<T>): Promise<T> {
    this.#enter(samples, client)
    try {
      return await work()
    } finally {
      this.#leave(samples, client)
    }
  }

  /**
   * Waits for a turn.
   *
   * @throws PosttrainError `aborted` at the signal; what `work` throws
   */
  async turn<T>(work: () => Promise<T>, signal: AbortSignalLike): Promise<T> {
    let isWaiting = true
    const stopWaiting = (): void => {
      if (isWaiting) this.#waiting--
      isWaiting = false
    }
    this.#waiting++
    const turn = this.#limit(() => {
      stopWaiting()
      throwIfAborted(signal) // one that has left does not use its turn
      return work()
    })
    try {
      return await abortable(turn, signal)
    } finally {
      stopWaiting()
    }
  }

  /** Lets nobody in any more; resolves once everybody has left. */
  async close(): Promise<void> {
    this.#isClosed = true
    if (this.#held > 0) await new Promise<void>((resolve) => this.#whenEmpty.add(resolve))
  }

  #enter(samples: number, client: string): void {
    const { concurrency, queue, perClient } = this.#options
    if (this.#isClosed) throw busy('the server is shutting down')
    const most = Math.min(concurrency + queue, perClient)
    if (samples > most) {
      const hint = `send at most ${most} samples in a request`
      throw new Refusal(413, 'too-many-samples', `the request has ${samples} samples`, { hint })
    }
    const ofClient = this.#ofClient.get(client) ?? 0
    if (ofClient + samples > perClient) {
      const hint = `a client may have ${perClient} samples judged or waiting; try again later`
      throw new Refusal(429, 'too-many-requests', `${ofClient} samples of this client are here`, {
        hint,
        retryAfter: 1,
      })
    }
    if (this.#held + samples > concurrency + queue) {
      throw busy(`${this.#held} samples are judged or wait, and there is room for ${concurrency + queue}`)
    }
    this.#held += samples
    this.#ofClient.set(client, ofClient + samples)
  }

  #leave(samples: number, client: string): void {
    this.#held -= samples
    const left = this.#ofClient.get(client)! - samples
    if (left > 0) this.#ofClient.set(client, left)
    else this.#ofClient.delete(client)
    if (this.#held > 0) return
    for (const empty of this.#whenEmpty) empty()
    this.#whenEmpty.clear()
  }
}
