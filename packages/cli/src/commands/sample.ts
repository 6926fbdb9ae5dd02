import { invalidArgument, type Sample } from '@posttrain/core'
import type { RowFields } from '@posttrain/logs'
import { collect } from '@posttrain/sampling'
import { Command } from 'commander'
import { KEY_HELP, withSampler } from '../chosen-sampler.js'
import { DrawTally } from '../draw-tally.js'
import { integer } from '../option-parsers.js'
import { samplingOf, withSampling, type SamplingFlags } from '../sampling-options.js'
import { promptField, TASK_ROW, type FileTask } from '../task-file.js'
import { runTasks, withRows, withTasks, type TaskRunOptions } from '../task-run.js'

interface SampleOptions extends TaskRunOptions, SamplingFlags {
  readonly n: number
}

const EXAMPLES = `
Tasks are in JSON Lines, a JSON array, CSV or Parquet, plain, gzip or zstd:
${TASK_ROW}.
Each sample is written as a row with its response, its number in sample, and its reference: posttrain score reads it.
One that could not be had has a response of null and the reason in failure.

Samples are kept in the store as they come, under all that makes them what they are. So a command that was stopped or
killed goes on where it was when it is given again, more samples are drawn by a greater -n, and a changed option begins
anew. A server is probed for what it can do before the first draw, and that is said.

${KEY_HELP}

Examples:
  posttrain sample --endpoint http://localhost:8000/v1 --tasks gsm8k.jsonl -n 64 --store samples.db --out samples.jsonl
  posttrain sample --model ./smollm --tasks tasks.jsonl -n 8 --store samples.db | posttrain score - --reward math

Exit status: 0 done, 2 wrong input, a machine that failed, or samples that could not be had, 130 stopped.`

/** `posttrain sample`. */
export const sampleCommand = (): Command => {
  const command = new Command('sample')
    .summary('completions of tasks, by a server or a model of this machine')
    .description('Draws completions of each task, and keeps each as it comes, so that none is lost or paid for twice.')
    .requiredOption('-n <count>', 'samples of each task (required)', integer(1))
  return withSampling(withSampler(withRows(withTasks(command)), '--endpoint'))
    .addHelpText('after', EXAMPLES)
    .action(sample)
}

async function sample(options: SampleOptions): Promise<void> {
  const { n: count, seed, temperature } = options
  if (temperature === 0 && count > 1) {
    throw invalidArgument(`all ${count} samples would be the same at a temperature of 0`, 'use -n 1, or a temperature')
  }
  const tally = new DrawTally()
  const isDone = await runTasks(options, {
    does: 'sampling',
    unit: 'samples',
    perTask: count,
    batch: 16,
    calls: 2,
    async work(tasks, sampler, signal) {
      const requests = tasks.map(({ task }) => ({ ...samplingOf(options), task, count, seed }))
      const groups = await collect(sampler, requests, { signal })
      groups.forEach((group) => tally.add(group))
      return groups.flatMap((group, i) => group.map((one) => rowOf(tasks[i]!, one)))
    },
  })
  if (isDone) tally.tell(options.out)
}

const rowOf = ({ task, kept }: FileTask, { index, text, finish, stoppedBy, failure, usage }: Sample): RowFields => ({
  task_id: task.id,
  sample: index,
  ...promptField(task.prompt),
  response: finish === 'failed' ? null : text,
  ...kept,
  finish,
  ...(stoppedBy !== undefined && { stopped_by: stoppedBy }),
  ...(failure !== undefined && { failure }),
  prompt_tokens: usage.promptTokens,
  completion_tokens: usage.completionTokens,
  ...(usage.cost !== undefined && { cost: usage.cost }),
})
