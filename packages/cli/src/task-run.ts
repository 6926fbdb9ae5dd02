import { PosttrainError, requireTasks, shown, type Sampler } from '@posttrain/core'
import type { DurableSampleStore } from '@posttrain/endpoints'
import type { RowFields } from '@posttrain/logs'
import { inOrder, remembered, stored } from '@posttrain/sampling'
import type { Command } from 'commander'
import { chosenSampler, type SamplerOptions } from './chosen-sampler.js'
import { requireDistinctFiles } from './distinct-files.js'
import { DrawProgress } from './draw-progress.js'
import { EXIT } from './exit-status.js'
import { note } from './log-options.js'
import { rowOutput } from './row-output.js'
import { OUTPUT_CLOSED, stopOnInterrupt } from './stop-signal.js'
import { tasksOfFile, type FileTask, type TaskFields } from './task-file.js'

/** What is worked through, and where what comes of it goes. */
export interface TaskRunOptions extends SamplerOptions, TaskFields {
  readonly tasks: string
  readonly store: string
  readonly out?: string | undefined
}

/** Adds the options that say which tasks, and where samples are kept. */
export const withTasks = (command: Command): Command =>
  command
    .requiredOption('--tasks <file>', 'a row for each task; - is standard input (required)')
    .requiredOption('--store <file>', 'where samples are kept, each as it comes; begun if it is not there (required)')
    .option('--id <field>', 'the field that names the task; of any field, a path is a.b (default: task_id)')
    .option('--prompt <field>', 'the field that is asked (default: prompt, messages, question or problem)')
    .option('--reference <field>', 'the field that is the right answer, or the tests (default: tests or reference)')

/** Adds the option that says where rows go. */
export const withRows = (command: Command): Command =>
  command.option('--out <file>', 'the file of rows to write (default: standard output)')

/** What is done with tasks, some at a time. */
export interface TaskWork {
  /** For instance `sampling`. */
  readonly does: string
  /** What is counted, and how many of them a task has. */
  readonly unit: string
  readonly perTask: number
  /** Tasks that are worked on in one call, and calls at the same time. */
  readonly batch: number
  readonly calls: number
  /** @returns rows of the tasks, in their order */
  readonly work: (tasks: readonly FileTask[], sampler: Sampler, signal: AbortSignal) => Promise<readonly RowFields[]>
}

/**
 * Works through the tasks of a file, with what is drawn kept in a store: the same command goes on where it was stopped.
 *
 * @returns whether all tasks were worked through; where they were not, the exit status says so
 * @throws PosttrainError what is wrong with the input, the sampler or the machine
 */
export async function runTasks(options: TaskRunOptions, how: TaskWork): Promise<boolean> {
  requireDistinctFiles([options.tasks, options.store], options.out)
  const tasks: FileTask[] = []
  for await (const task of tasksOfFile(options.tasks, options)) tasks.push(task)
  requireTasks(tasks.map(({ task }) => task))
  const out = rowOutput(options.out)
  let store: DurableSampleStore | undefined
  const signal = stopOnInterrupt('stopping: what is drawn is kept; press Ctrl-C again to quit at once')
  let progress: DrawProgress | undefined
  try {
    const { openSampleStore } = await import('@posttrain/endpoints')
    const chosen = await chosenSampler(options)
    chosen.notes.forEach(note)
    store = await openSampleStore(options.store, { sampler: chosen.identity })
    progress = new DrawProgress(how.does, how.unit, how.perTask * tasks.length)
    const shownProgress = progress
    const drawing = remembered(chosen.sampler, { onSample: ({ usage }) => shownProgress.drawn(usage) })
    const sampler = stored(drawing, store)
    const work = async (some: readonly FileTask[]) => ({
      rows: await how.work(some, sampler, signal),
      tasks: some.length,
    })
    for await (const done of inOrder(batches(tasks, how.batch), how.calls, work)) {
      for (const row of done.rows) await out.add(row)
      progress.done(done.tasks * how.perTask)
    }
    out.finish()
    return true
  } catch (error) {
    out.discard()
    if (!(error instanceof PosttrainError && error.code === 'aborted')) throw error
    progress?.stop()
    const kept = store?.totals().samples ?? 0
    process.stderr.write(
      `stopped; ${kept} samples are in ${shown(options.store)}: the same command goes on from there\n`,
    )
    process.exitCode = signal.reason === OUTPUT_CLOSED ? EXIT.outputClosed : EXIT.stopped
    return false
  } finally {
    progress?.stop()
    store?.close()
  }
}

function* batches<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let i = 0; i < items.length; i += size) yield items.slice(i, i + size)
}
