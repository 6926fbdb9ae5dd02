import { createStream, type Decision, type Sampler, type Task } from '@posttrain/core'
import type { Allocation, AllocationOptions } from '@posttrain/sampling'
import { expect } from 'vitest'

/** Says yes with the rate that the id of a task says, each sample by its own stream; `isLate`: the last comes first. */
export const coins = (isLate = false): Sampler => ({
  async *sample(requests) {
    const samples = requests.flatMap(({ task, id = task.id, count, firstIndex = 0, seed, maxTokens = 2 }) =>
      Array.from({ length: count }, (_, i) => {
        const index = firstIndex + i
        const passes = createStream(seed, id, index).uniform() < Number(task.id.split(' ')[0])
        const usage = { promptTokens: 1, completionTokens: Math.min(2, maxTokens) }
        return { id, taskId: task.id, index, seed, text: passes ? 'yes' : 'no', finish: 'stop' as const, usage }
      }),
    )
    if (isLate) samples.reverse()
    yield* samples
  },
})

/** Tasks of these rates. */
export const tasksOf = (...rates: readonly number[]): Task[] =>
  rates.map((rate, i) => ({
    id: `${rate} ${i}`,
    prompt: '?',
    reference: 'secret',
    tags: { kind: rate < 0.1 ? 'hard' : 'easy' },
  }))

/** The decision of each task, in the order in which they came; one for each. */
export async function decisionsOf(
  allocation: Allocation,
  tasks: readonly Task[],
  run: AllocationOptions = {},
  sampler: Sampler = coins(),
): Promise<ReadonlyMap<string, Decision>> {
  const decisions = new Map<string, Decision>()
  for await (const decision of allocation.runAll(sampler, tasks, run)) {
    expect(decisions.has(decision.taskId)).toBe(false)
    decisions.set(decision.taskId, decision)
  }
  return decisions
}

/** Samples of all tasks together. */
export const spent = (decisions: ReadonlyMap<string, Decision>): number =>
  [...decisions.values()].reduce((sum, { samples }) => sum + samples.length, 0)
