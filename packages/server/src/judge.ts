import { PosttrainError, type Outcome, type RewardFunction } from '@posttrain/core'
import { askReward } from '@posttrain/sampling'
import type { AskedSample } from './asked-sample.js'
import type { Metrics } from './metrics.js'
import { busy, Refusal } from './refusal.js'
import type { Room } from './room.js'

/** Who asks, and when it has left. */
export interface Client {
  readonly name: string
  readonly signal: AbortSignal
}

/**
 * Judges samples, and gives one outcome for each, in their order. A sample on which the reward throws is unscored, with
 * what it said, as long as another one of the request could be judged.
 *
 * @throws Refusal if the reward threw on every sample, if no turn came before the deadline, or as `Room.hold` does
 */
export type Judge = (asked: readonly AskedSample[], client: Client) => Promise<readonly Outcome[]>

/** What a judge works with. */
export interface JudgeOptions {
  readonly reward: RewardFunction
  readonly room: Room
  readonly metrics: Metrics
  /** Seconds from the arrival of a request after which its samples are not judged any further. */
  readonly deadline: number
}

/** An outcome, or what the reward threw. */
type Verdict = Outcome | PosttrainError

/** A judge that asks a reward for each sample by itself. */
export function makeJudge({ reward, room, metrics, deadline }: JudgeOptions): Judge {
  const ask = async ({ task, sample }: AskedSample, signal: AbortSignal): Promise<Verdict> => {
    if ('missing' in sample) return { kind: 'unscored', reason: sample.missing }
    try {
      return (await askReward(reward, task, [sample], { signal }))[0]!
    } catch (error) {
      if (error instanceof PosttrainError) return error
      throw error
    }
  }
  return (asked, { name, signal }) =>
    room.hold(asked.length, name, async () => {
      const arrived = performance.now()
      const late = AbortSignal.timeout(deadline * 1000)
      const stop = AbortSignal.any([signal, late])
      const inTurn = (one: AskedSample): Promise<Verdict> =>
        room.turn(async () => {
          const began = performance.now()
          metrics.waited((began - arrived) / 1000)
          const given = await ask(one, stop)
          const verdict = late.aborted && given instanceof PosttrainError ? tooLate(deadline) : given
          metrics.judged(verdict, (performance.now() - began) / 1000)
          return verdict
        }, stop)
      // All settle before the request leaves the room: nothing of it goes on where nobody counts it.
      const settled = await Promise.allSettled(asked.map(inTurn))
      if (signal.aborted) throw new Refusal(499, 'client-left', 'the client left before it was answered')
      return outcomesOf(
        settled.map((one) => {
          if (one.status === 'fulfilled') return one.value
          throw late.aborted ? busy(`no turn came within ${deadline} seconds`) : one.reason
        }),
      )
    })
}

const tooLate = (deadline: number): Outcome => ({ kind: 'unscored', reason: `not judged within ${deadline} seconds` })

function outcomesOf(verdicts: readonly Verdict[]): Outcome[] {
  const [first] = verdicts
  if (first instanceof PosttrainError && verdicts.every((verdict) => verdict instanceof PosttrainError)) {
    const { code, message, hint } = first
    throw new Refusal(code === 'invalid-data' ? 422 : 500, code, message, { hint })
  }
  return verdicts.map((verdict) =>
    verdict instanceof PosttrainError ? { kind: 'unscored', reason: verdict.message } : verdict,
  )
}
