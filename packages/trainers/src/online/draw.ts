import { createStream, type Sample, type SampleRequest, type Task } from '@posttrain/core'
import type { TrainOnlineSettings } from './settings.js'

/** A prompt's place in a step. A prompt may come twice, at the seam of two epochs: the place keeps its groups apart. */
export interface Place {
  readonly task: Task
  /** The id under which its samples are drawn. */
  readonly id: string
}

/** Draws samples, and keeps those that were drawn if it is stopped. */
export interface Drawing {
  /** Samples by place, in the order of their indices. */
  groups(places: readonly Place[]): Promise<readonly (readonly Sample[])[]>
  /** The most likely completion at each place. */
  greedy(places: readonly Place[]): Promise<readonly Sample[]>
  /** Every sample so far, with the ids it was drawn under. */
  readonly samples: readonly Sample[]
}

/** What drawing needs to know. */
export type DrawSettings = Pick<TrainOnlineSettings, 'policy' | 'samplesPerPrompt' | 'maxTokens' | 'call' | 'seed'>

/** Starts drawing for a step; what `earlier` holds of it is not drawn again. */
export function startDrawing(settings: DrawSettings, step: number, earlier: readonly Sample[]): Drawing {
  const { policy, samplesPerPrompt, maxTokens, call } = settings
  const seed = createStream(settings.seed, 'samples of step', step).integer(2 ** 31)
  const samples: Sample[] = earlier.filter((sample) => sample.seed === seed)

  async function draw(places: readonly Place[], count: number, temperature?: number): Promise<Sample[][]> {
    const byPlace = new Map(places.map(({ id }) => [id, [] as Sample[]]))
    for (const sample of samples) {
      const known = byPlace.get(sample.taskId)
      if (known) known[sample.index] = sample
    }
    const requests = places.flatMap(({ task, id }) =>
      missing(byPlace.get(id)!, count).map((index) => ({ task, id, index })),
    )
    const wanted = joined(requests).map(({ task, id, firstIndex, count }): SampleRequest => ({
      task: { ...task, id },
      count,
      firstIndex,
      seed,
      ...(temperature === undefined ? {} : { temperature }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
    }))
    if (wanted.length > 0) {
      for await (const sample of policy.sample(wanted, call)) {
        byPlace.get(sample.taskId)![sample.index] = sample
        samples.push(sample)
      }
    }
    return places.map(({ task, id }) => byPlace.get(id)!.map((sample) => ({ ...sample, taskId: task.id })))
  }

  return {
    samples,
    groups: (places) => draw(places, samplesPerPrompt),
    greedy: async (places) => {
      const likely = places.map(({ task, id }) => ({ task, id: `${id}, most likely` }))
      return (await draw(likely, 1, 0)).map(([sample]) => sample!)
    },
  }
}

const missing = (known: readonly Sample[], count: number): number[] =>
  Array.from({ length: count }, (_, index) => index).filter((index) => known[index] === undefined)

/** Neighbouring indices of one place as one request. */
function joined(
  single: readonly { readonly task: Task; readonly id: string; readonly index: number }[],
): { task: Task; id: string; firstIndex: number; count: number }[] {
  const requests: { task: Task; id: string; firstIndex: number; count: number }[] = []
  for (const { task, id, index } of single) {
    const last = requests.at(-1)
    if (last?.id === id && last.firstIndex + last.count === index) last.count++
    else requests.push({ task, id, firstIndex: index, count: 1 })
  }
  return requests
}
