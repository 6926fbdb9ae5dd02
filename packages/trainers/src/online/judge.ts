import {
  scoredOutcomes,
  throwIfAborted,
  type Outcome,
  type RewardFunction,
  type Sample,
  type ScoredOutcome,
} from '@posttrain/core'
import type { Algorithm } from '../algorithms/algorithm.js'
import type { Place } from './draw.js'
import type { TrainOnlineSettings } from './settings.js'

/** A place's samples that have a score, with it. */
export interface Judged extends Place {
  readonly samples: readonly Sample[]
  readonly outcomes: readonly ScoredOutcome[]
  /** Samples left out for want of a score. */
  readonly unscored: number
}

/** What judging needs to know. */
export type JudgeSettings = Pick<TrainOnlineSettings, 'reward' | 'unscored' | 'call' | 'concurrency'>

const shapedReward = ({ reward }: JudgeSettings, { shape }: Pick<Algorithm, 'shape'>): RewardFunction =>
  shape ? shape(reward) : reward

/** Judges groups, several at a time. */
export async function judge(
  settings: JudgeSettings,
  algorithm: Pick<Algorithm, 'shape'>,
  places: readonly Place[],
  drawn: readonly (readonly Sample[])[],
): Promise<readonly Judged[]> {
  const judged: Judged[] = new Array<Judged>(places.length)
  const reward = shapedReward(settings, algorithm)
  let next = 0
  const work = async (): Promise<void> => {
    for (let place = next++; place < places.length; place = next++) {
      throwIfAborted(settings.call.signal)
      judged[place] = await judgeGroup(settings, reward, places[place]!, drawn[place]!)
    }
  }
  await Promise.all(Array.from({ length: Math.min(settings.concurrency, places.length) }, work))
  return judged
}

async function judgeGroup(
  { unscored, call }: JudgeSettings,
  reward: RewardFunction,
  place: Place,
  samples: readonly Sample[],
): Promise<Judged> {
  const outcomes = await reward.score(place.task, samples, call)
  const scored = scoredOutcomes(outcomes, unscored)
  const kept = samples.filter((_, i) => isScored(outcomes[i]!))
  return { ...place, samples: kept, outcomes: scored, unscored: samples.length - kept.length }
}

/** The outcomes of single samples, one per place; absent where there is no score and that is no error. */
export async function judgeGreedy(
  settings: JudgeSettings,
  algorithm: Pick<Algorithm, 'shape'>,
  places: readonly Place[],
  samples: readonly Sample[],
): Promise<readonly (ScoredOutcome | undefined)[]> {
  const reward = shapedReward(settings, algorithm)
  return Promise.all(
    places.map(async ({ task }, place) => {
      const [outcome] = scoredOutcomes(await reward.score(task, [samples[place]!], settings.call), settings.unscored)
      return outcome
    }),
  )
}

const isScored = (outcome: Outcome): boolean => outcome.kind === 'scored'

/** True if all samples got the same reward, or none has one, so that no comparison within the group says anything. */
export const isConstant = ({ outcomes }: Pick<Judged, 'outcomes'>): boolean =>
  outcomes.every(({ reward }) => reward === outcomes[0]!.reward)
