import { PosttrainError, type Outcome, type RewardFunction } from '@posttrain/core'
import { askReward } from '@posttrain/sampling'
import type { AskedSample } from './asked-sample.js'
import type { RewardMetrics } from './reward-metrics.js'
import { Refusal, refusalOf } from './refusal.js'
import type { Room } from './room.js'
import type { Client } from './web-app.js'

/**
 * Judges samples, and gives one outcome for each, in their order. A sample on which the reward throws is unscored, with
 * what it said, as long as another one of the request could be judged.
 *
 * @throws Refusal if the reward threw on every sample, or as `Room.hold` does
 */
export type Judge = (asked: readonly AskedSample[], client: Client) => Promise<readonly Outcome[]>

/** What a judge works with. */
export interface JudgeOptions {
  readonly reward: RewardFunction
  readonly room: Room
  readonly metrics: RewardMetrics
  /** Seconds that one sample is judged at most, from when its turn comes. */
  readonly deadline: number
}

/** An outcome, or what the reward threw. */
type Verdict = Outcome | PosttrainError

/** A judge that asks a reward for each sample by itself. */
export function makeJudge({ reward, room, metrics, deadline }: JudgeOptions): Judge {
  const ask = async ({ task, sample }: AskedSample, left: AbortSignal): Promise<Verdict> => {
    if ('missing' in sample) return { kind: 'unscored', reason: sample.missing }
    const late = AbortSignal.timeout(deadline * 1000)
    try {
      return (await askReward(reward, task, [sample], { signal: AbortSignal.any([left, late]) }))[0]!
    } catch (error) {
      if (late.aborted) return { kind: 'unscored', reason: `not judged within ${deadline} seconds` }
      if (error instanceof PosttrainError) return error
      throw error
    }
  }
  return (asked, { name, signal }) =>
    room.hold(asked.length, name, async () => {
      const arrived = performance.now()
      const inTurn = (one: AskedSample): Promise<Verdict> =>
        room.turn(async () => {
          const began = performance.now()
          metrics.waited((began - arrived) / 1000)
          const verdict = await ask(one, signal)
          metrics.judged(verdict, (performance.now() - began) / 1000)
          return verdict
        }, signal)
      // All settle before the request leaves the room: those that are judged keep their places until then.
      const settled = await Promise.allSettled(asked.map(inTurn))
      if (signal.aborted) throw new Refusal(499, 'client-left', 'the client left before it was answered')
      return outcomesOf(
        settled.map((one) => {
          if (one.status === 'fulfilled') return one.value
          throw one.reason
        }),
      )
    })
}

function outcomesOf(verdicts: readonly Verdict[]): Outcome[] {
  const [first] = verdicts
  if (first instanceof PosttrainError && verdicts.every((verdict) => verdict instanceof PosttrainError)) {
    throw refusalOf(first)
  }
  return verdicts.map((verdict) =>
    verdict instanceof PosttrainError ? { kind: 'unscored', reason: verdict.message } : verdict,
  )
}
