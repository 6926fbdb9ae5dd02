import {
  nameOfSource,
  readLog,
  readLogGroups,
  type LogGroup,
  type LogSource,
  type NamedBytes,
  type ReadLogGroupsOptions,
  type ReadLogOptions,
  type ReadProgress,
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
export const readLogFiles = (files: readonly string[], options: ReadLogOptions): Promise<TaskLog> =>
  withProgress(files, (sources, onProgress) => readLog(sources, { ...options, onProgress }))

/** Reads files as a log for each value of some fields. */
export const readLogFileGroups = (
  files: readonly string[],
  options: ReadLogGroupsOptions,
): Promise<readonly LogGroup[]> =>
  withProgress(files, (sources, onProgress) => readLogGroups(sources, { ...options, onProgress }))

async function withProgress<T>(
  files: readonly string[],
  read: (sources: readonly LogSource[], onProgress: (at: ReadProgress) => void) => Promise<T>,
): Promise<T> {
  keepHeapSmall()
  const progress = new LogProgress(files.filter((file) => file !== STANDARD_INPUT))
  try {
    return await read(files.map(sourceOf), (at) => progress.update(at))
  } finally {
    progress.stop()
  }
}
