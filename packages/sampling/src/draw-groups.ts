import { requireInteger, throwIfAborted } from '@posttrain/core'
import type { CallOptions, Group, Reading, RewardFunction, Sampler, SampleRequest } from '@posttrain/core'
import { collectAsFinished } from './collect.js'
import { atMost } from './internal/at-most.js'
import { inLanes, type Lane } from './in-lanes.js'
import { knownGroupsOf } from './known-groups.js'
import { requireReward, requireSampler } from './checks/require-functions.js'
import { judge } from './judge.js'
import { remembered, type Remembered } from './remembered.js'
import { toldGroups, type Finished } from './told-groups.js'

/** A group, with the request that its samples were drawn for. */
export interface DrawnGroup extends Group {
  readonly request: SampleRequest
}

/** How groups are drawn and judged. */
export interface DrawGroupsOptions extends CallOptions, Remembered {
  readonly reward: RewardFunction
  /** How answers are read, and what is chosen by: that of a procedure. */
  readonly reading?: Reading | undefined
  /** Groups that are judged at the same time, at least 1 (default 32). */
  readonly concurrency?: number | undefined
  /**
   * Groups that are drawn, judged or waiting to be consumed at the same time, at least 1 (default 32). Requests go to
   * the sampler in two calls of half as many, so that a local model has a batch and an endpoint never waits for the
   * last of one.
   */
  readonly inFlight?: number | undefined
}

/** Two calls are open at a time: one begins while the last samples of the other are awaited. */
const OPEN_CALLS = 2

/**
 * Draws and judges the samples of requests; a group comes as soon as it is judged. It is drawn on only as fast as
 * groups are consumed, so that no more than `inFlight` of them are held.
 *
 * After the first failure no call begins: rewards that are being asked are waited for, and their groups are handed over
 * before the failure is thrown. An abort waits for nobody.
 *
 * @param requests taken one after another as there is room; each with an id of its own
 * @throws PosttrainError as `collect` and `judge`; groups that were finished by then are yielded first
 */
export async function* drawGroups(
  sampler: Sampler,
  requests: Iterable<SampleRequest> | AsyncIterable<SampleRequest>,
  options: DrawGroupsOptions,
): AsyncGenerator<DrawnGroup> {
  const { reward, reading, concurrency = 32, inFlight = 32, signal, known, knownGroups, onSample } = options
  requireSampler('sampler', sampler)
  requireReward('reward', reward)
  requireInteger('concurrency', concurrency, { min: 1 })
  requireInteger('inFlight', inFlight, { min: 1 })
  const source = remembered(sampler, { known, onSample })
  const knownOf = knownGroupsOf(knownGroups)
  const judging = atMost(concurrency)

  async function work(batch: readonly SampleRequest[], lane: Lane<Finished<DrawnGroup>>): Promise<void> {
    const { emit, fail, closing, over } = lane
    const given: Promise<void>[] = []
    const missing = batch.filter((request) => {
      const group = knownOf(request)
      if (group) given.push(emit({ group: { ...group, request }, isNew: false }))
      return !group
    })
    const judged = async (request: SampleRequest, samples: Group['samples']): Promise<void> => {
      const group = await judging(async () => {
        // A failure is known before its place is free, so that no call takes it.
        try {
          throwIfAborted(closing)
          return await judge(request.task, samples, reward, reading, { signal: over })
        } catch (error) {
          fail(error)
          return undefined
        }
      })
      if (group) await emit({ group: { ...group, request }, isNew: true })
    }
    try {
      for await (const { place, samples } of collectAsFinished(source, missing, { signal: closing })) {
        given.push(judged(missing[place]!, samples))
      }
    } catch (error) {
      fail(error)
    }
    await Promise.all(given)
  }

  const calls = batches(requests, Math.ceil(inFlight / OPEN_CALLS))
  yield* toldGroups(inLanes(calls, Math.min(OPEN_CALLS, inFlight), work, signal), options)
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
