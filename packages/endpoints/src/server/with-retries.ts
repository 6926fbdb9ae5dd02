import type { RandomStream } from '@posttrain/core'
import { EndpointFailure } from './endpoint-failure.js'
import { pause } from './pause.js'

/** How often something is tried. */
export interface RetryOptions {
  readonly attempts: number
  /** Of the waits between attempts. */
  readonly stream: RandomStream
  readonly signal: AbortSignal
}

/** Seconds: the first wait at most, and every one. */
const FIRST_WAIT = 0.5
const LONGEST_WAIT = 60

/**
 * Tries again what may succeed another time. The waits double, each with full jitter (Brooker 2015), and are never
 * shorter than what the server asks for.
 *
 * @throws EndpointFailure the last one, with how often it was tried; at once what would fail again
 */
export async function withRetries<T>(act: () => Promise<T>, { attempts, stream, signal }: RetryOptions): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act()
    } catch (error) {
      if (!(error instanceof EndpointFailure) || error.scope !== 'again') throw error
      if (attempt >= attempts) {
        throw new EndpointFailure(`${error.message} (${attempt} attempts)`, { ...error, scope: 'again' })
      }
      const jitter = stream.uniform() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1))
      await pause(Math.max(jitter, error.retryAfter ?? 0), signal)
    }
  }
}
