import { addUsage, callCallerNow, scoredGroup, shown, sum } from '@posttrain/core'
import type { Group, Objective, Procedure, Sample, Sampler, Usage } from '@posttrain/core'
import { maxAtK } from '@posttrain/estimators'

/** What is drawn for a decision, on average. */
export interface Cost {
  readonly samples: number
  readonly tokens: number
  /** Undefined where it is not known of every sample. */
  readonly money: number | undefined
  /** Undefined where it is not known of every sample. */
  readonly seconds: number | undefined
}

/** How long a sample took, where that is known. */
export type SecondsOf = ((sample: Sample) => number | undefined) | undefined

/**
 * What is expected to be drawn of a group's samples for one decision. A procedure that may end early draws one sample
 * after another, so that their times add up; any other draws all k at once and waits for the longest.
 */
export function costOfDecision(procedure: Procedure, { k }: Objective, group: Group, secondsOf: SecondsOf): Cost {
  const { outcomes } = scoredGroup(group, 'count-as-failure')
  const where = `on task ${shown(group.task.id)}`
  const draws = callCallerNow(`draws of ${procedure.name}`, where, () => procedure.draws?.(outcomes))
  const share = (i: number): number => draws?.[i] ?? k / outcomes.length
  const expected = (of: (sample: Sample) => number): number => sum(group.samples.map((one, i) => share(i) * of(one)))
  const seconds = everyOne(group.samples.map((sample) => secondsOf?.(sample)))
  const money = everyOne(group.samples.map(({ usage }) => usage.cost))
  return {
    samples: expected(() => 1),
    tokens: expected(({ usage }) => usage.completionTokens),
    money: money && sum(money.map((cost, i) => share(i) * cost)),
    seconds: seconds && (draws ? sum(seconds.map((one, i) => share(i) * one)) : maxAtK(seconds, k)),
  }
}

const everyOne = (values: readonly (number | undefined)[]): readonly number[] | undefined => {
  const known = values.filter((value) => value !== undefined)
  return known.length === values.length ? known : undefined
}

interface Drawn {
  readonly samples: number
  readonly usage: Usage
  readonly seconds: number | undefined
}

/** Of a procedure that asks nobody. */
const NOTHING: Drawn = { samples: 0, usage: { promptTokens: 0, completionTokens: 0, cost: 0 }, seconds: 0 }

/** What runs of a procedure draw, by task. */
export class DrawnCosts {
  readonly #byTask = new Map<string, Drawn>()
  readonly #secondsOf: SecondsOf

  constructor(secondsOf: SecondsOf) {
    this.#secondsOf = secondsOf
  }

  /** A sampler whose samples are counted. */
  counted(sampler: Sampler): Sampler {
    const add = (calls: ReadonlyMap<string, readonly Sample[]>): void => {
      for (const [task, samples] of calls) this.#add(task, samples)
    }
    return {
      get provenance() {
        return sampler.provenance
      },
      get topLogprobs() {
        return sampler.topLogprobs
      },
      async *sample(requests, options) {
        const call = new Map<string, Sample[]>()
        try {
          for await (const sample of sampler.sample(requests, options)) {
            call.set(sample.taskId, [...(call.get(sample.taskId) ?? []), sample])
            yield sample
          }
        } finally {
          add(call)
        }
      },
    }
  }

  /** What one of several runs on a task drew, on average. */
  perRun(task: string, runs: number): Cost {
    const { samples, usage, seconds } = this.#byTask.get(task) ?? NOTHING
    return {
      samples: samples / runs,
      tokens: usage.completionTokens / runs,
      money: usage.cost === undefined ? undefined : usage.cost / runs,
      seconds: seconds === undefined ? undefined : seconds / runs,
    }
  }

  #add(task: string, call: readonly Sample[]): void {
    const { samples, usage, seconds } = this.#byTask.get(task) ?? NOTHING
    const ofCall = everyOne(call.map((sample) => this.#secondsOf?.(sample)))
    this.#byTask.set(task, {
      samples: samples + call.length,
      usage: addUsage([usage, ...call.map((sample) => sample.usage)]),
      seconds: seconds === undefined || !ofCall ? undefined : seconds + Math.max(0, ...ofCall),
    })
  }
}
