import { throwIfAborted } from '@posttrain/core'
import pLimit from 'p-limit'
import { pause } from './pause.js'

/** How much a server is asked at once, and how often. */
export interface TurnOptions {
  readonly concurrency: number
  /** Absent: as many as there are. */
  readonly requestsPerMinute: number | undefined
}

/** Lets requests have their turns: so many at the same time, and none sooner than the rate allows. */
export type Turns = <T>(act: () => Promise<T>, signal: AbortSignal) => Promise<T>

/** @param options concurrency and rate */
export function makeTurns({ concurrency, requestsPerMinute }: TurnOptions): Turns {
  const limit = pLimit(concurrency)
  let next = 0
  const wait = async (signal: AbortSignal): Promise<void> => {
    if (requestsPerMinute === undefined) return
    const now = performance.now() / 1000
    const at = Math.max(now, next)
    next = at + 60 / requestsPerMinute
    if (at > now) await pause(at - now, signal)
  }
  return (act, signal) =>
    limit(async () => {
      throwIfAborted(signal)
      await wait(signal)
      return act()
    })
}
