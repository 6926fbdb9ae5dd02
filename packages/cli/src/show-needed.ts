import type { Estimate } from '@posttrain/core'
import type { NeededToDetect } from '@posttrain/logs'

/**
 * What finds a difference, as a sentence.
 *
 * @param between what is compared, for instance `pass@1`
 * @param of the estimate that the spread was seen in
 */
export function describeNeeded(needed: NeededToDetect, between: string, { tasks, samplesPerTask }: Estimate): string {
  const { difference, power, level } = needed
  const aim = `to find a difference of ${difference} in ${between} with power ${power} at level ${level}`
  if (needed.tasks === undefined) return `${aim}: not known, since no two tasks here differ`
  const { min, max } = samplesPerTask
  const each = max === 1 ? '1 sample' : min === max ? `${max} samples` : `as many samples as here`
  return `${aim}: ${needed.tasks} tasks of ${each}${orSamples(needed, tasks)}`
}

function orSamples({ samplesPerTask }: NeededToDetect, tasks: number): string {
  if (samplesPerTask === undefined) return ''
  if (samplesPerTask === Infinity) return `; on ${tasks} tasks no number of samples suffices`
  return `, or ${tasks} tasks of ${samplesPerTask === 1 ? '1 sample' : `${samplesPerTask} samples`}`
}

/** The same for programs; samplesPerTask is null where no number suffices. */
export const neededJson = ({ difference, power, level, tasks, samplesPerTask }: NeededToDetect): object => ({
  difference,
  power,
  level,
  tasks: tasks ?? null,
  ...(samplesPerTask !== undefined && { samplesPerTask: samplesPerTask === Infinity ? null : samplesPerTask }),
})

/** What the number of one system's log rests on. */
export const INDEPENDENT_SYSTEMS =
  'the other system is taken to spread as this one and to be independent of it; what succeeds on the same tasks needs fewer'
