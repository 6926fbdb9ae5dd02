import fc from 'fast-check'
import { scoredGroup, withoutReference } from '@posttrain/core'
import type { ObjectiveProcedure, RewardFunction, Sample, Sampler, Task } from '@posttrain/core'
import { judge } from '@posttrain/sampling'
import { requireClose, requireThat } from './assertions.js'
import { enumerateSequences } from './enumerate.js'
import type { AsyncLaw } from './law.js'

/** A completion that the sampler may give. */
export interface PossibleCompletion {
  readonly text: string
  /** Why no completion was had; absent: one was. */
  readonly failure?: string | undefined
}

/** Where a procedure is put to the test. */
export interface ProcedureClaims {
  /** Few, so that all ways to draw them can be written out: with ties, and unscored and failed ones among them. */
  readonly completions: readonly PossibleCompletion[]
  /** The reward that counts; it may leave completions unscored. */
  readonly reward: RewardFunction
  readonly task: Task
  /** Samples in the groups that evaluation looks at, beyond what the procedure draws (default [0, 1]). */
  readonly extra?: readonly number[] | undefined
  /** Default 1e-10. */
  readonly tolerance?: number | undefined
}

/**
 * The law that ties deployment to evaluation: over all ways to draw samples, `run` is worth on average what `objective`
 * estimates, under `count-as-failure`. Exact: ordered tuples are written out, and the orders of one tuple average
 * whatever the procedure draws at random among ties.
 *
 * Also, what a decision says is so: its samples are those that were drawn, and its sample is one of them.
 *
 * @returns named asynchronous fast-check properties over the probabilities of the completions
 */
export function procedureLaws(procedure: ObjectiveProcedure, claims: ProcedureClaims): AsyncLaw[] {
  const { completions, reward, task, extra = [0, 1], tolerance = 1e-10 } = claims
  const { objective, name } = procedure
  const { k } = objective
  const sampleOf = (choice: number, index: number): Sample => {
    const { text, failure } = completions[choice]!
    const own = { id: task.id, taskId: task.id, index, seed: 0, usage: { promptTokens: 1, completionTokens: 1 } }
    return failure === undefined ? { ...own, text, finish: 'stop' } : { ...own, text: '', finish: 'failed', failure }
  }
  const worth = async (samples: readonly Sample[]): Promise<number> => {
    const group = scoredGroup(await judge(task, samples, reward), 'count-as-failure')
    return group.outcomes[0]?.reward ?? 0 // an abstention is worth 0
  }
  // Neither depends on the probabilities: each tuple is run and judged once.
  const runs = once(async () =>
    eachTuple(completions.length, k, async (choices) => {
      const decision = await procedure.run(fixedSampler(choices, sampleOf), withoutReference(task))
      requireHonest(name, decision.sample, decision.samples)
      return worth(decision.sample ? [decision.sample] : [])
    }),
  )
  const estimates = extra.map((more) =>
    once(async () =>
      eachTuple(completions.length, k + more, async (choices) => {
        const group = await judge(task, choices.map(sampleOf), reward, procedure)
        return objective.estimate(scoredGroup(group, 'count-as-failure').outcomes)
      }),
    ),
  )
  const probabilities = fc
    .array(fc.integer({ min: 1, max: 20 }), { minLength: completions.length, maxLength: completions.length })
    .map((weights) => weights.map((weight) => weight / weights.reduce((a, b) => a + b, 0)))
  return estimates.map((estimate, i) => ({
    name: `${name}: run agrees with what ${objective.name} estimates from ${k + extra[i]!} samples`,
    property: fc.asyncProperty(probabilities, async (p) => {
      const [run, estimated] = [expectation(await runs(), p), expectation(await estimate(), p)]
      requireClose(`the expected reward of ${name}`, run, estimated, tolerance)
    }),
  }))
}

/** A value for each ordered tuple of choices. */
type Table = readonly { readonly choices: readonly number[]; readonly value: number }[]

async function eachTuple(
  size: number,
  n: number,
  valueOf: (choices: readonly number[]) => Promise<number>,
): Promise<Table> {
  const table: { choices: readonly number[]; value: number }[] = []
  for (const sequence of enumerateSequences(size, n)) {
    const choices = [...sequence]
    table.push({ choices, value: await valueOf(choices) })
  }
  return table
}

const expectation = (table: Table, p: readonly number[]): number =>
  table.reduce((sum, { choices, value }) => sum + choices.reduce((product, c) => product * p[c]!, value), 0)

/** A sampler whose sample i is the i-th choice, under whatever id it is asked for. */
const fixedSampler = (choices: readonly number[], sampleOf: (choice: number, index: number) => Sample): Sampler => ({
  async *sample(requests) {
    for (const { task, id = task.id, count, firstIndex = 0, seed } of requests) {
      for (let index = firstIndex; index < firstIndex + count; index++) {
        yield { ...sampleOf(choices[index]!, index), id, seed }
      }
    }
  },
})

function requireHonest(name: string, chosen: Sample | undefined, samples: readonly Sample[]): void {
  const isAmong = !chosen || samples.some(({ index, id }) => index === chosen.index && id === chosen.id)
  requireThat(isAmong, () => `${name} answers with a sample that is not among those it drew`)
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
