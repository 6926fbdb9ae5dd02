import { isUtf8 } from 'node:buffer'
import { invalidData } from '@posttrain/core'
import type { Chunks } from './chunks.js'

/** Beyond this a line is no row of a log, and reading on would fill the memory. */
const LONGEST_LINE = 64 * 2 ** 20
const NEWLINE = 0x0a
const FORMS = 'logs are text in UTF-8'

/**
 * Calls back with each line of a text in UTF-8, and its number from 1. What is held in memory is one block.
 *
 * @param name of the text, for messages
 * @throws PosttrainError `invalid-data` for what is no such text, naming the line
 */
export async function forEachLine(
  chunks: Chunks,
  name: string,
  onLine: (text: string, line: number) => void,
): Promise<void> {
  let line = 0
  const tell = (text: string): void => onLine(line++ === 0 ? withoutMark(text) : text, line)
  for await (const block of wholeLines(chunks, () => `${name}, line ${line + 1}`)) {
    if (!isUtf8(block)) {
      const bad = line + firstBadLine(block)
      throw invalidData(`${name}, line ${bad}: this is not text (not valid UTF-8)`, FORMS)
    }
    block.toString('utf8').split('\n').forEach(tell)
  }
}

/** Blocks that end where a line ends. */
async function* wholeLines(chunks: Chunks, where: () => string): AsyncGenerator<Buffer> {
  let rest: Uint8Array[] = []
  let held = 0
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(NEWLINE)
    if (end >= 0) {
      yield Buffer.concat([...rest, chunk.subarray(0, end)])
      rest = []
      held = 0
    }
    rest.push(chunk.subarray(end + 1))
    held += chunk.length - end - 1
    if (held > LONGEST_LINE) throw invalidData(`${where()}: longer than ${LONGEST_LINE / 2 ** 20} MiB`, FORMS)
  }
  if (held > 0) yield Buffer.concat(rest)
}

/** Number from 1 of the first line of a block that is not UTF-8. */
function firstBadLine(block: Buffer): number {
  let line = 1
  for (let start = 0; ; line++) {
    const newline = block.indexOf(NEWLINE, start)
    const end = newline < 0 ? block.length : newline
    if (newline < 0 || !isUtf8(block.subarray(start, end))) return line
    start = end + 1
  }
}

/** Some editors begin a file with a byte order mark. */
export const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text)
