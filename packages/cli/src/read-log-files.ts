import {
  nameOfSource,
  readLog,
  type LogSource,
  type NamedBytes,
  type ReadLogOptions,
  type TaskLog,
} from '@posttrain/logs'
import { LogProgress } from './log-progress.js'
import { keepHeapSmall } from './small-heap.js'

/** The argument that stands for standard input. */
export const STANDARD_INPUT = '-'
const standardInput: NamedBytes = {
  name: 'standard input',
  descriptor: 0,
  get bytes() {
    return process.stdin
  },
}

/** What a file that was given as an argument is. */
export const sourceOf = (file: string): LogSource => (file === STANDARD_INPUT ? standardInput : file)

/** How it is called in titles. */
export const nameOfFile = (file: string): string => nameOfSource(sourceOf(file))

/** Reads files, `-` for standard input, as one log, with a bar while large ones are read. */
export async function readLogFiles(files: readonly string[], options: ReadLogOptions): Promise<TaskLog> {
  keepHeapSmall()
  const progress = new LogProgress(files.filter((file) => file !== STANDARD_INPUT))
  try {
    return await readLog(files.map(sourceOf), { ...options, onProgress: (at) => progress.update(at) })
  } finally {
    progress.stop()
  }
}
