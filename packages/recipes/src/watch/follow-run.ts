import { setTimeout as pause } from 'node:timers/promises'
import { requireFinite, type AbortSignalLike } from '@posttrain/core'
import type { LiveEvent, LiveState } from '@posttrain/report'
import { RunWatcher } from './run-watcher.js'

/** How a run is followed. */
export interface FollowRunOptions {
  /** Ends it, after one more look. */
  readonly signal?: AbortSignalLike | undefined
  /** Seconds between two looks (default 0.5). */
  readonly every?: number | undefined
}

/** How far a run is, finished or not. It changes nothing. @throws PosttrainError as `followRun` */
export function runState(path: string): LiveState {
  const watcher = new RunWatcher(path)
  watcher.look()
  return watcher.state
}

/**
 * Follows a run from outside while it goes on, in this process or another: first a whole state, then what is new as the
 * run saves it, which is every 25 steps. It goes on through a stop and a resume, and ends when the run is finished.
 *
 * @param path folder of the run
 * @throws PosttrainError `invalid-data` for what is no run, or is damaged
 */
export async function* followRun(
  path: string,
  { signal, every = 0.5 }: FollowRunOptions = {},
): AsyncGenerator<LiveEvent> {
  requireFinite('every', every, { above: 0 })
  const watcher = new RunWatcher(path)
  watcher.look()
  yield { kind: 'state', state: watcher.state }
  while (!watcher.state.ended && !signal?.aborted) {
    await pause(1000 * every)
    yield* watcher.look()
  }
}
