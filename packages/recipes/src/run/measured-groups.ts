import type { Group, Outcome, Sample, Task } from '@posttrain/core'
import type { SampleRecord } from './records.js'

/** A group that was measured, with the log-prob of each sample. */
export interface MeasuredGroup extends Group {
  /** log π of each sample, in nats. */
  readonly logprobs: readonly number[]
  /** Divergence of each sample from the checkpoint, in nats; undefined of the checkpoint itself. */
  readonly kls: readonly number[] | undefined
}

/**
 * The groups that records tell of, in the order of the tasks.
 *
 * @param records of one variant
 */
export function groupsOfRecords(tasks: readonly Task[], records: readonly SampleRecord[]): MeasuredGroup[] {
  const byTask = new Map<string, SampleRecord[]>()
  for (const record of records) {
    const known = byTask.get(record.task_id)
    if (known) known.push(record)
    else byTask.set(record.task_id, [record])
  }
  return tasks.flatMap((task) => {
    const own = byTask.get(task.id)
    return own ? [groupOf(task, own)] : []
  })
}

const groupOf = (task: Task, records: readonly SampleRecord[]): MeasuredGroup => ({
  task,
  samples: records.map(({ index, completion, tokens }): Sample => ({
    id: task.id,
    taskId: task.id,
    index,
    seed: 0,
    text: completion,
    finish: 'stop',
    usage: { promptTokens: 0, completionTokens: tokens },
  })),
  outcomes: records.map(({ reward, answer }): Outcome => {
    const read = answer === null ? {} : { answer }
    return reward === null ? { kind: 'unscored', reason: 'no score', ...read } : { kind: 'scored', reward, ...read }
  }),
  logprobs: records.map(({ logprob }) => logprob),
  kls: everyOne(records.map(({ kl }) => kl)),
})

function everyOne(values: readonly (number | undefined)[]): readonly number[] | undefined {
  const known = values.filter((value) => value !== undefined)
  return known.length === values.length ? known : undefined
}
