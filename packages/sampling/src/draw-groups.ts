import { requireInteger, type CallOptions, type Group, type Reading } from '@posttrain/core'
import type { RewardFunction, Sampler, SampleRequest } from '@posttrain/core'
import { collectAsFinished } from './collect.js'
import { atMost } from './internal/at-most.js'
import { inLanes } from './internal/in-lanes.js'
import { judge } from './judge.js'
import { remembered, type Remembered } from './remembered.js'

/** A group, with the request that its samples were drawn for. */
export interface DrawnGroup extends Group {
  readonly request: SampleRequest
}

/** How groups are drawn and judged. */
export interface DrawGroupsOptions extends CallOptions, Remembered {
  readonly reward: RewardFunction
  /** How answers are read, and what is chosen by: that of a procedure. */
  readonly reading?: Reading | undefined
  /** Groups that are judged at the same time (default 32). */
  readonly concurrency?: number | undefined
  /**
   * Groups that are drawn, judged or waiting to be consumed at the same time (default 32). Requests go to the sampler
   * in two calls of half as many, so that a local model has a batch and an endpoint never waits for the last of one.
   */
  readonly inFlight?: number | undefined
}

/** Two calls are open at a time: one begins while the last samples of the other are awaited. */
const OPEN_CALLS = 2

/**
 * Draws and judges the samples of requests; a group comes as soon as it is judged. It is drawn on only as fast as
 * groups are consumed, so that no more than `inFlight` of them are held.
 *
 * @param requests taken one after another as there is room; each with an id of its own
 * @throws PosttrainError as `collect` and `judge`; groups that were finished by then are yielded first
 */
export async function* drawGroups(
  sampler: Sampler,
  requests: Iterable<SampleRequest> | AsyncIterable<SampleRequest>,
  options: DrawGroupsOptions,
): AsyncGenerator<DrawnGroup> {
  const { reward, reading, concurrency = 32, inFlight = 32, signal, known, onSample } = options
  requireInteger('concurrency', concurrency, { min: 1 })
  requireInteger('inFlight', inFlight, { min: 1 })
  const source = remembered(sampler, { known, onSample })
  const judging = atMost(concurrency)
  const calls = batches(requests, Math.ceil(inFlight / OPEN_CALLS))
  yield* inLanes<readonly SampleRequest[], DrawnGroup>(
    calls,
    Math.min(OPEN_CALLS, inFlight),
    async (batch, { emit, fail, signal: stop }) => {
      const judged: Promise<void>[] = []
      for await (const { place, samples } of collectAsFinished(source, batch, { signal: stop })) {
        const request = batch[place]!
        const group = judging(() => judge(request.task, samples, reward, reading, { signal: stop }))
        judged.push(group.then((done) => emit({ ...done, request })).catch(fail))
      }
      await Promise.all(judged)
    },
    signal,
  )
}

async function* batches<T>(items: Iterable<T> | AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let batch: T[] = []
  for await (const item of items) {
    batch.push(item)
    if (batch.length < size) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
