import { abortable, requireInteger, throwIfAborted, type AbortSignalLike } from '@posttrain/core'
import pLimit from 'p-limit'
import { busy, Refusal } from './refusal.js'

/** How much is taken on at once. */
export interface RoomOptions {
  /** Worked on at the same time (default 8). */
  readonly concurrency?: number | undefined
  /** May wait for their turn (default 1,024); more are refused with 503. */
  readonly queue?: number | undefined
  /** Of one address, worked on or waiting; more are refused with 429 (default: no limit). */
  readonly perClient?: number | undefined
}

/**
 * Room for so many pieces of work and no more. A request enters with all its pieces or not at all; they then take
 * turns, first come first served.
 */
export class Room {
  /** What a piece of work is, for instance `sample`. */
  readonly unit: string
  readonly #concurrency: number
  readonly #queue: number
  readonly #perClient: number
  readonly #limit: ReturnType<typeof pLimit>
  readonly #ofClient = new Map<string, number>()
  readonly #whenEmpty = new Set<() => void>()
  #held = 0
  #waiting = 0
  #isClosed = false

  /** @throws PosttrainError `invalid-argument` for a bound that is no count */
  constructor(unit: string, { concurrency = 8, queue = 1024, perClient }: RoomOptions) {
    this.unit = unit
    this.#concurrency = requireInteger('concurrency', concurrency, { min: 1 })
    this.#queue = requireInteger('queue', queue, { min: 0 })
    this.#perClient = perClient === undefined ? Infinity : requireInteger('perClient', perClient, { min: 1 })
    this.#limit = pLimit(concurrency)
  }

  /** Pieces that are worked on. */
  get running(): number {
    return this.#limit.activeCount
  }

  /** Pieces that wait for their turn. */
  get waiting(): number {
    return this.#waiting
  }

  /**
   * Lets pieces of a client in while `work` goes on.
   *
   * @throws Refusal as `enter` does
   */
  async hold<T>(pieces: number, client: string, work: () => Promise<T>): Promise<T> {
    const leave = this.enter(pieces, client)
    try {
      return await work()
    } finally {
      leave()
    }
  }

  /**
   * Lets pieces of a client in.
   *
   * @returns what lets them out again
   * @throws Refusal 413 for more pieces than there can ever be room for, 429 for a client that has its share, 503 where
   *   there is no room or the room is closed
   */
  enter(pieces: number, client: string): () => void {
    if (this.#isClosed) throw busy('the server is shutting down')
    const units = `${this.unit}s`
    const all = this.#concurrency + this.#queue
    const most = Math.min(all, this.#perClient)
    if (pieces > most) {
      const hint = `send at most ${most} ${units} in a request`
      throw new Refusal(413, `too-many-${units}`, `the request has ${pieces} ${units}`, { hint })
    }
    const ofClient = this.#ofClient.get(client) ?? 0
    if (ofClient + pieces > this.#perClient) {
      const hint = `a client may have ${this.#perClient} ${units} worked on or waiting; try again later`
      throw new Refusal(429, 'too-many-requests', `${ofClient} ${units} of this client are here`, {
        hint,
        retryAfter: 1,
      })
    }
    if (this.#held + pieces > all) {
      throw busy(`${this.#held} ${units} are worked on or wait, and there is room for ${all}`)
    }
    this.#held += pieces
    this.#ofClient.set(client, ofClient + pieces)
    return () => this.#leave(pieces, client)
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

  #leave(pieces: number, client: string): void {
    this.#held -= pieces
    const left = this.#ofClient.get(client)! - pieces
    if (left > 0) this.#ofClient.set(client, left)
    else this.#ofClient.delete(client)
    if (this.#held > 0) return
    for (const empty of this.#whenEmpty) empty()
    this.#whenEmpty.clear()
  }
}
