import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { pipeline as chain, Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { invalidArgument, invalidData, PosttrainError, systemCode, systemReason } from '@posttrain/core'
import { nameOfSource, type LogSource } from './log-source.js'

/** Beyond this a line is no row of a log, and reading on would fill the memory. */
const LONGEST_LINE = 64 * 2 ** 20
const NEWLINE = 0x0a
const FORMS = 'logs are JSON Lines in UTF-8, plain or gzip'

/**
 * Calls back with each line of a source, its text and its number from 1. What is held in memory is one block.
 *
 * @param onBytes told of the size of each block read, before unzipping
 * @throws PosttrainError for a source that cannot be read, is damaged or is not text, naming it and the line
 */
export async function forEachLine(
  source: LogSource,
  onLine: (text: string, line: number) => void,
  onBytes: (bytes: number) => void = () => {},
): Promise<void> {
  const name = nameOfSource(source)
  let line = 0
  const tell = (text: string): void => onLine(line++ === 0 ? withoutMark(text) : text, line)
  try {
    if (typeof source !== 'string' && 'lines' in source) {
      for await (const text of source.lines) tell(text)
      return
    }
    const bytes = typeof source === 'string' ? createReadStream(source) : source.bytes
    for await (const block of wholeLines(unzipped(counted(bytes, onBytes)), () => `${name}, line ${line + 1}`)) {
      if (!isUtf8(block)) {
        const bad = line + firstBadLine(block)
        throw invalidData(`${name}, line ${bad}: this is not text (not valid UTF-8)`, FORMS)
      }
      block.toString('utf8').split('\n').forEach(tell)
    }
  } catch (error) {
    throw explained(error, source)
  }
}

async function* counted(
  source: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of source) {
    onBytes(chunk.length)
    yield chunk
  }
}

/** Unzips what begins with gzip's two magic bytes; everything else passes as it is. */
async function* unzipped(chunks: AsyncGenerator<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head = Buffer.alloc(0)
  while (head.length < 2) {
    const next = await chunks.next()
    if (next.done) break
    head = Buffer.concat([head, next.value])
  }
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield head
    yield* chunks
  }
  const zipped = head[0] === 0x1f && head[1] === 0x8b
  // `pipeline` wants a callback, but also ends the stream with the error, and so it gets here.
  yield* !zipped
    ? whole()
    : (chain(Readable.from(whole()), createGunzip({ chunkSize: 2 ** 16 }), () => {}) as AsyncIterable<Buffer>)
}

/** Blocks that end where a line ends. */
async function* wholeLines(chunks: AsyncIterable<Uint8Array>, where: () => string): AsyncGenerator<Buffer> {
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
const withoutMark = (text: string): string => (text.startsWith('\ufeff') ? text.slice(1) : text)

function explained(error: unknown, source: LogSource): unknown {
  if (error instanceof PosttrainError || !(error instanceof Error)) return error
  const name = nameOfSource(source)
  const { code = '' } = error as NodeJS.ErrnoException
  if (code.startsWith('Z_'))
    return invalidData(`${name} is a damaged gzip file: ${error.message}`, 'copy it again', error)
  // Whatever else was thrown is of the caller's own bytes, lines or functions.
  if (systemCode(error) === undefined && code !== 'ERR_INVALID_ARG_VALUE') return error
  return invalidArgument(`cannot read ${name}: ${systemReason(error)}`, 'check the path')
}
