import { abortable, reasonOf, type Outcome, type RewardFunction, type Task } from '@posttrain/core'
import { askReward, type SplitCanary, type TimedDecision } from '@posttrain/sampling'
import { hasSomeSample } from './has-some-sample.js'
import type { JudgementMetrics } from './judgement-metrics.js'
import type { Room } from './room.js'

/** What judges the decisions of a canary, and within what. */
export interface CanaryJudgeOptions {
  readonly canary: SplitCanary
  readonly reward: RewardFunction
  /** Of the judgements alone. */
  readonly room: Room
  readonly metrics: JudgementMetrics
  /** Seconds that a judgement takes at most, and all of those that are open at the end. */
  readonly deadline: number
}

/** A decision as it was made, answered or not. */
export interface MadeDecision {
  readonly run: string
  readonly task: Task
  readonly decision: TimedDecision
}

/** Tells a canary what its decisions were worth. Nobody who is answered waits for it, and it never fails. */
export interface CanaryJudge {
  /** Takes decisions on, and judges them once they are answered; where there is no room they are unscored. */
  take(made: readonly MadeDecision[], answered: Promise<unknown>): void
  /** Judgements that are open, and why the last decision was unscored that was. */
  state(): { readonly open: number; readonly lastUnscored: string | null }
  /** Takes nothing on any more; resolves once all is judged, or unscored at the deadline. */
  close(): Promise<void>
}

/** A judge that asks a reward for each decision which waits for its reward. An abstention is worth 0. */
export function makeCanaryJudge({ canary, reward, room, metrics, deadline }: CanaryJudgeOptions): CanaryJudge {
  const closing = new AbortController()
  let open = 0
  let lastUnscored: string | null = null

  const unscored = (run: string, reason: string): void => {
    if (!canary.settle(run, null)) return
    lastUnscored = reason
    metrics.judged('unscored')
  }
  const settle = (run: string, outcome: Outcome): void => {
    if (outcome.usage) metrics.spent(outcome.usage)
    if (outcome.kind === 'unscored') unscored(run, outcome.reason)
    else metrics.judged(canary.settle(run, outcome.reward) ? 'scored' : 'superseded')
  }
  const ask = async ({ task, decision }: MadeDecision): Promise<Outcome> => {
    const { sample } = decision
    if (!sample) {
      if (hasSomeSample(decision)) return { kind: 'scored', reward: 0 }
      return { kind: 'unscored', reason: 'no sample could be had' }
    }
    const late = AbortSignal.timeout(deadline * 1000)
    try {
      return (await askReward(reward, task, [sample], { signal: AbortSignal.any([late, closing.signal]) }))[0]!
    } catch (error) {
      if (late.aborted) return { kind: 'unscored', reason: `not judged within ${deadline} seconds` }
      throw error
    }
  }
  const judge = async (made: MadeDecision, answered: Promise<unknown>): Promise<void> => {
    const { run } = made
    try {
      await room.hold(1, 'the canary', async () => {
        await abortable(answered, closing.signal)
        await room.turn(async () => {
          // Whoever told the reward meanwhile was first, and nothing is paid for it.
          if (canary.waits(run)) settle(run, await ask(made))
          else metrics.judged('superseded')
        }, closing.signal)
      })
    } catch (error) {
      unscored(run, closing.signal.aborted ? 'the server was stopped' : reasonOf(error))
    }
  }
  return {
    take(made, answered) {
      for (const one of made) {
        if (!canary.waits(one.run)) continue
        open++
        void judge(one, answered).finally(() => open--)
      }
    },
    state: () => ({ open, lastUnscored }),
    async close() {
      const late = setTimeout(() => closing.abort(), deadline * 1000)
      await room.close()
      clearTimeout(late)
    },
  }
}
