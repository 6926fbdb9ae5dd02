import { PosttrainError, type Outcome } from '@posttrain/core'
import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client'
import type { Room } from './room.js'

/** Seconds, from a rule to a program at its limit. */
const BUCKETS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]

/** What a server counts, in the format that Prometheus reads. */
export interface Metrics {
  request(path: string, status: number): void
  waited(seconds: number): void
  /** @param verdict of a sample, or what the reward threw on it */
  judged(verdict: Outcome | PosttrainError, seconds: number): void
  /** All of it as text, and the text's type. */
  text(): Promise<string>
  readonly contentType: string
}

/** @param room whose samples two gauges show */
export function makeMetrics(room: Pick<Room, 'running' | 'waiting'>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const seconds = { buckets: BUCKETS, registers }
  const requests = new Counter({
    name: 'posttrain_requests_total',
    help: 'Requests answered, by path and status.',
    labelNames: ['path', 'status'],
    registers,
  })
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
  const waiting = new Histogram({
    name: 'posttrain_waiting_seconds',
    help: 'How long samples waited for their turn.',
    ...seconds,
  })
  const judging = new Histogram({
    name: 'posttrain_judging_seconds',
    help: 'How long it took to judge samples.',
    ...seconds,
  })
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({ name, help, registers, collect: collectFrom(value) })
  }
  gauge('posttrain_running_samples', 'Samples that are being judged.', () => room.running)
  gauge('posttrain_waiting_samples', 'Samples that wait for their turn.', () => room.waiting)
  for (const outcome of ['scored', 'unscored', 'failed']) samples.inc({ outcome }, 0)
  return {
    request: (path, status) => requests.inc({ path, status }),
    waited: (time) => waiting.observe(time),
    judged(verdict, time) {
      judging.observe(time)
      samples.inc({ outcome: verdict instanceof PosttrainError ? 'failed' : verdict.kind })
      if (!(verdict instanceof PosttrainError) && verdict.kind === 'scored') rewards.observe(verdict.reward)
    },
    text: () => registry.metrics(),
    contentType: registry.contentType,
  }
}

const collectFrom = (value: () => number) =>
  function (this: Gauge): void {
    this.set(value())
  }
