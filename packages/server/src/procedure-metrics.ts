import { addUsage } from '@posttrain/core'
import type { TimedDecision } from '@posttrain/sampling'
import { Counter, Histogram, Summary } from 'prom-client'
import { makeCounters, type Counters, type RequestMetrics } from './metrics.js'
import type { Room } from './room.js'

/** Samples and tokens of a decision, in powers of two and four. */
const SAMPLES = [1, 2, 4, 8, 16, 32, 64, 128, 256]
const TOKENS = [16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144]

/** What a server of procedures counts. */
export interface ProcedureMetrics extends RequestMetrics {
  waited(seconds: number): void
  /** @param procedure by the name that clients know */
  decided(procedure: string, decision: TimedDecision): void
}

/** @param room of the runs */
export function procedureMetrics(room: Room): ProcedureMetrics & Pick<Counters, 'registry'> {
  const counters = makeCounters(room)
  const registers = [counters.registry]
  const of = <Label extends string>(name: string, help: string, ...labels: readonly Label[]) => ({
    name: `posttrain_${name}`,
    help,
    labelNames: ['procedure' as const, ...labels],
    registers,
  })
  const decisions = new Counter(of('decisions_total', 'Decisions, by why they ended.', 'stopped', 'answered'))
  const tokens = new Counter(of('tokens_total', 'Tokens read and drawn, for sampling and for judging.', 'kind'))
  const failed = new Counter(of('failed_samples_total', 'Samples that could not be had.'))
  const samples = new Histogram({ ...of('decision_samples', 'Samples of a decision.'), buckets: SAMPLES })
  const drawn = new Histogram({ ...of('decision_tokens', 'Tokens that a decision drew.'), buckets: TOKENS })
  const cost = new Summary({
    ...of('decision_cost', 'Money that a decision cost, where prices are known; count and sum.'),
    percentiles: [],
  })
  const seconds = counters.times('posttrain_decision_seconds', 'How long decisions took.', ['procedure'])
  return {
    ...counters,
    decided(procedure, decision) {
      const { sample, stopped, usage, judging } = decision
      decisions.inc({ procedure, stopped, answered: String(sample !== undefined) })
      tokens.inc({ procedure, kind: 'prompt' }, usage.promptTokens)
      tokens.inc({ procedure, kind: 'completion' }, usage.completionTokens)
      tokens.inc({ procedure, kind: 'judging-prompt' }, judging.promptTokens)
      tokens.inc({ procedure, kind: 'judging-completion' }, judging.completionTokens)
      failed.inc({ procedure }, decision.samples.filter(({ finish }) => finish === 'failed').length)
      samples.observe({ procedure }, decision.samples.length)
      drawn.observe({ procedure }, usage.completionTokens)
      seconds.observe({ procedure }, decision.seconds)
      const { cost: money } = addUsage([usage, judging])
      if (money !== undefined) cost.observe({ procedure }, money)
    },
  }
}
