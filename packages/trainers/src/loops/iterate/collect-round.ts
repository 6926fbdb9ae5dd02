import { hintOf, keptOf } from './ask-rule.js'
import { mean, missingOf, requestId, scoredGroup, sequenceOf, withoutFailed } from '@posttrain/core'
import type { Group, Sample, SampleRequest, ScoredOutcome, Task } from '@posttrain/core'
import { drawGroups, type Remembered } from '@posttrain/sampling'
import type { Collection } from './collection.js'
import type { IterateOptions } from './settings.js'

/** A group as it was drawn, what of it has a score, and what of that was kept. */
interface Attempt {
  readonly task: Task
  readonly drawn: Group
  readonly scored: Group<ScoredOutcome>
  readonly kept: readonly Sample[]
}

/** Draws, judges and keeps the data of a round. */
export async function collectRound(
  options: IterateOptions,
  round: number,
  remembered: Remembered,
): Promise<Collection> {
  const { tasks, algorithm, hint, samplesPerTask: count, sampling, seed = 0 } = options
  const requests = tasks.map((task): SampleRequest => ({
    ...sampling,
    task,
    count,
    seed,
    id: requestId(task.id, 'round', round),
  }))
  const direct = await attempt(options, requests, remembered)
  const failed = hint && algorithm.rationalise ? requests.filter((_, i) => direct[i]!.kept.length === 0) : []
  const hinted = await attempt(
    options,
    failed.map((request) => ({ ...request, id: requestId(request.id!, 'hint'), prompt: hintOf(hint!, request.task) })),
    remembered,
  )
  const all = [...direct, ...hinted]
  return {
    items: all.flatMap(({ task, kept }) =>
      // Learned without the hint: the prompt is the task's, whatever was continued.
      kept.map((sample) => ({ ...sequenceOf(task, sample), prompt: task.prompt })),
    ),
    reward: mean(direct.flatMap(({ scored }) => scored.outcomes.map((outcome) => outcome.reward))),
    direct: counted(direct),
    rationalised: algorithm.rationalise ? counted(hinted) : undefined,
    tasksKept: all.filter(({ kept }) => kept.length > 0).length,
    groups: all.map(({ scored }) => scored),
  }
}

/** Groups in the order of the requests, all of which go to the sampler in one call. */
async function attempt(
  { policy, reward, algorithm, unscored = 'throw', concurrency, signal }: IterateOptions,
  requests: readonly SampleRequest[],
  remembered: Remembered,
): Promise<readonly Attempt[]> {
  if (requests.length === 0) return []
  const places = new Map(requests.map(({ id }, place) => [id, place]))
  const attempts = new Array<Attempt>(requests.length)
  const settings = { ...remembered, reward, concurrency, inFlight: 2 * requests.length, signal }
  for await (const { request, ...drawn } of drawGroups(policy, requests, settings)) {
    const scored = scoredGroup(withoutFailed(drawn), unscored)
    const kept = keptOf(algorithm.keep, scored).map((i) => scored.samples[i]!)
    attempts[places.get(request.id)!] = { task: request.task, drawn, scored, kept }
  }
  return attempts
}

function counted(attempts: readonly Attempt[]): Collection['direct'] {
  const count = (of: (one: Attempt) => number): number => attempts.reduce((total, one) => total + of(one), 0)
  const drawn = count((one) => one.drawn.samples.length)
  const failed = count((one) => missingOf(one.drawn).failed)
  const judged = count((one) => one.scored.samples.length)
  const kept = count((one) => one.kept.length)
  return { tasks: attempts.length, drawn, failed, unscored: drawn - failed - judged, kept, dropped: judged - kept }
}
