import { callCaller, described, invalidData, shown, withoutReference } from '@posttrain/core'
import type { Decision, PosttrainError, Sampler, Task } from '@posttrain/core'
import type { Allocation, AllocationOptions } from './allocation/allocation.js'
import { problemOfDecision } from './checks/problem-of-decision.js'
import { fieldsOf } from './checks/problem-of.js'

/**
 * Runs an allocation on tasks as it is when deployed, without their references, and checks what it decides. Whoever
 * runs allocations of others runs them here.
 *
 * @param tasks each with an id of its own
 * @throws PosttrainError `invalid-data`, naming allocation and task, for anything but one decision on each task and for
 *   what it throws; `aborted` at the signal, even where it hangs
 */
export async function* runAllocation(
  allocation: Allocation,
  sampler: Sampler,
  tasks: readonly Task[],
  options: AllocationOptions = {},
): AsyncGenerator<Decision> {
  const name = `the allocation ${allocation.name}`
  const isOpen = new Map(tasks.map(({ id }) => [id, true]))
  const run = (): AsyncIterator<Decision> =>
    iteratorOf(name, allocation.runAll(sampler, tasks.map(withoutReference), options))
  const iterator = await callCaller(name, 'as it began', run, options)
  let isOver = false
  try {
    for (;;) {
      const next = await callCaller(name, 'as it ran', () => iterator.next(), options)
      if (next.done) break
      const { taskId } = requireDecision(name, next.value)
      if (!isOpen.has(taskId)) throw invalidData(`${name} decided on task ${shown(taskId)}, which it was not given`)
      if (!isOpen.get(taskId)) throw invalidData(`${name} decided on task ${shown(taskId)} twice`)
      isOpen.set(taskId, false)
      yield next.value
    }
    isOver = true
  } finally {
    // One that hangs would never answer: it is told to end, and not waited for.
    if (!isOver) void Promise.resolve(iterator.return?.()).catch(() => {})
  }
  const missing = [...isOpen.keys()].filter((id) => isOpen.get(id))
  if (missing.length === 0) return
  const lack = `${missing.length} of ${tasks.length} tasks have none`
  throw invalidData(`${name} ended without a decision on task ${shown(missing[0]!)}: ${lack}`)
}

function iteratorOf(name: string, stream: AsyncIterable<Decision>): AsyncIterator<Decision> {
  const given: unknown = stream
  if (typeof given === 'object' && given !== null && Symbol.asyncIterator in given)
    return stream[Symbol.asyncIterator]()
  throw invalidData(`${name} gave ${described(given)}, not a stream of decisions`, 'make runAll an async generator')
}

function requireDecision(name: string, decision: Decision): Decision {
  const problem = problemOfDecision(decision)
  const { taskId } = fieldsOf(decision) ?? {}
  if (problem !== undefined) throw noDecision(name, taskId, problem)
  if (typeof taskId !== 'string') throw noDecision(name, taskId, `its taskId is ${described(taskId)}`)
  const { sample } = decision
  if (!sample || sample.taskId === taskId) return decision
  throw noDecision(name, taskId, `its sample is of task ${shown(sample.taskId)}`)
}

const noDecision = (name: string, taskId: unknown, problem: string): PosttrainError =>
  invalidData(
    `${name} gave no decision on ${typeof taskId === 'string' ? `task ${shown(taskId)}` : 'any task'}: ${problem}`,
    'see Decision for what a decision is',
  )
