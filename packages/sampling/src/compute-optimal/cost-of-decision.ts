import { callCallerNow, scoredGroup, shown, sum } from '@posttrain/core'
import type { Group, Objective, Procedure, Sampler } from '@posttrain/core'

/** What was drawn, or is expected to be. */
export interface Cost {
  readonly samples: number
  readonly tokens: number
}

/** What is expected to be drawn of a group's samples for one decision. */
export function costOfDecision(procedure: Procedure, { k }: Objective, group: Group): Cost {
  const { outcomes } = scoredGroup(group, 'count-as-failure')
  const where = `on task ${shown(group.task.id)}`
  const draws = callCallerNow(`draws of ${procedure.name}`, where, () => procedure.draws?.(outcomes))
  const share = (i: number): number => draws?.[i] ?? k / outcomes.length
  return {
    samples: sum(outcomes.map((_, i) => share(i))),
    tokens: sum(group.samples.map(({ usage }, i) => share(i) * usage.completionTokens)),
  }
}

/** Of a procedure that asks nobody. */
export const NOTHING: Cost = { samples: 0, tokens: 0 }

/** A sampler whose samples are counted by task. */
export const counted = (sampler: Sampler, drawn: Map<string, Cost>): Sampler => ({
  get provenance() {
    return sampler.provenance
  },
  async *sample(requests, options) {
    for await (const sample of sampler.sample(requests, options)) {
      const { samples, tokens } = drawn.get(sample.taskId) ?? NOTHING
      drawn.set(sample.taskId, { samples: samples + 1, tokens: tokens + sample.usage.completionTokens })
      yield sample
    }
  },
})
