import { readLog, type NamedBytes, type ReadLogOptions, type TaskLog } from '@posttrain/logs'
import { LogProgress } from './log-progress.js'
import { keepHeapSmall } from './small-heap.js'

/** The argument that stands for standard input. */
const STANDARD_INPUT = '-'
const standardInput: NamedBytes = {
  name: 'standard input',
  get bytes() {
    return process.stdin
  },
}

/** How a file that was given as an argument is called in messages and titles. */
export const nameOfFile = (file: string): string => (file === STANDARD_INPUT ? standardInput.name : file)

/** Reads files, `-` for standard input, as one log, with a bar while large ones are read. */
export async function readLogFiles(files: readonly string[], options: ReadLogOptions): Promise<TaskLog> {
  keepHeapSmall()
  const progress = new LogProgress(files.filter((file) => file !== STANDARD_INPUT))
  try {
    const sources = files.map((file) => (file === STANDARD_INPUT ? standardInput : file))
    return await readLog(sources, { ...options, onProgress: (at) => progress.update(at) })
  } finally {
    progress.stop()
  }
}
