import type { Usage } from '@posttrain/core'
import { Counter, type Registry } from 'prom-client'

/** What became of a judgement; it is superseded where the reward was told before. */
export type Judgement = 'scored' | 'unscored' | 'superseded'

/** What the judge of a canary counts. */
export interface JudgementMetrics {
  judged(judgement: Judgement): void
  /** Of the judge itself. */
  spent(usage: Usage): void
}

/** Counters of the judgements of a canary. */
export function judgementMetrics(registry: Registry): JudgementMetrics {
  const registers = [registry]
  const judgements = new Counter({
    name: 'posttrain_judgements_total',
    help: 'Decisions of the canary that were judged; superseded are those whose reward was told before.',
    labelNames: ['outcome'],
    registers,
  })
  const tokens = new Counter({
    name: 'posttrain_judgement_tokens_total',
    help: 'Tokens that the judge of the canary read and drew.',
    labelNames: ['kind'],
    registers,
  })
  for (const outcome of ['scored', 'unscored', 'superseded']) judgements.inc({ outcome }, 0)
  return {
    judged: (outcome) => judgements.inc({ outcome }),
    spent({ promptTokens, completionTokens }) {
      tokens.inc({ kind: 'prompt' }, promptTokens)
      tokens.inc({ kind: 'completion' }, completionTokens)
    },
  }
}
