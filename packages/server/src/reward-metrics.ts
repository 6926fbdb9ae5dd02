import { PosttrainError, type Outcome } from '@posttrain/core'
import { Counter, Summary } from 'prom-client'
import { makeCounters, type RequestMetrics } from './metrics.js'
import type { Room } from './room.js'

/** What a server of rewards counts. */
export interface RewardMetrics extends RequestMetrics {
  waited(seconds: number): void
  /** @param verdict of a sample, or what the reward threw on it */
  judged(verdict: Outcome | PosttrainError, seconds: number): void
}

/** @param room of the samples that are judged */
export function rewardMetrics(room: Room): RewardMetrics {
  const counters = makeCounters(room)
  const registers = [counters.registry]
  const samples = new Counter({
    name: 'posttrain_samples_total',
    help: 'Samples judged; failed are those on which the reward threw.',
    labelNames: ['outcome'],
    registers,
  })
  const rewards = new Summary({
    name: 'posttrain_reward',
    help: 'Rewards of scored samples.',
    percentiles: [],
    registers,
  })
  const judging = counters.times('posttrain_judging_seconds', 'How long it took to judge samples.')
  for (const outcome of ['scored', 'unscored', 'failed']) samples.inc({ outcome }, 0)
  return {
    ...counters,
    judged(verdict, seconds) {
      judging.observe(seconds)
      samples.inc({ outcome: verdict instanceof PosttrainError ? 'failed' : verdict.kind })
      if (!(verdict instanceof PosttrainError) && verdict.kind === 'scored') rewards.observe(verdict.reward)
    },
  }
}
