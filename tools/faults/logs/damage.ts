import { gzipSync } from 'node:zlib'
import type { RandomStream } from '@posttrain/core'
import { pick } from './pools.js'

type Damage = (stream: RandomStream, bytes: Buffer) => Buffer

const at = (stream: RandomStream, bytes: Buffer): number => stream.integer(Math.max(1, bytes.length))

const INSERTED = [
  '{',
  '}',
  '[',
  ']',
  '"',
  ',',
  ':',
  '\\',
  '\n',
  '\r',
  '\0',
  '\u001b[31m',
  '//',
  '/*',
  '\ufeff',
  'NaN',
  '"\\ud800"',
]

/** What may happen to a text on its way. */
const ofText: Readonly<Record<string, Damage>> = {
  cut: (stream, bytes) => bytes.subarray(0, at(stream, bytes)),
  insert(stream, bytes) {
    const place = at(stream, bytes)
    return Buffer.concat([bytes.subarray(0, place), Buffer.from(pick(stream, INSERTED)), bytes.subarray(place)])
  },
  remove(stream, bytes) {
    const place = at(stream, bytes)
    return Buffer.concat([bytes.subarray(0, place), bytes.subarray(place + 1 + stream.integer(5))])
  },
  flip(stream, bytes) {
    const changed = Buffer.from(bytes)
    for (let i = 0; i <= stream.integer(4); i++) changed[at(stream, bytes)]! ^= 1 << stream.integer(8)
    return changed
  },
  utf16: (_, bytes) => Buffer.from(`\ufeff${bytes.toString()}`, 'utf16le'),
  latin1: (_, bytes) => Buffer.from(bytes.toString().replaceAll('t', 'é'), 'latin1'),
  mark: (_, bytes) => Buffer.concat([Buffer.from('\ufeff'), bytes]),
  'carriage returns': (_, bytes) => Buffer.from(bytes.toString().replaceAll('\n', '\r')),
  'both line ends': (_, bytes) => Buffer.from(bytes.toString().replaceAll('\n', '\r\n')),
  'not UTF-8': (_, bytes) => Buffer.concat([bytes, Buffer.from([0xc0, 0xaf, 0xed, 0xa0, 0xbd, 0xff])]),
  zeros: (stream, bytes) => Buffer.concat([bytes, Buffer.alloc(stream.integer(2000))]),
  blanks: (stream, bytes) => Buffer.concat([bytes, Buffer.alloc(stream.integer(2_000_000), '\n')]),
  none: (_, bytes) => bytes,
}

/** What may happen to a zipped file. */
const ofGzip: Readonly<Record<string, Damage>> = {
  whole: (_, bytes) => bytes,
  'cut gzip': ofText['cut']!,
  'flipped gzip': ofText['flip']!,
  'garbage after gzip': (_, bytes) => Buffer.concat([bytes, Buffer.from('garbage')]),
  'zeros after gzip': (stream, bytes) => Buffer.concat([bytes, Buffer.alloc(stream.integer(2000))]),
  'gzip twice': (_, bytes) => gzipSync(bytes),
  'gzip after gzip': (_, bytes) => Buffer.concat([bytes, bytes]),
  'half a gzip after gzip': (_, bytes) => Buffer.concat([bytes, bytes.subarray(0, bytes.length / 2)]),
  'gzip of a line without end': () => gzipSync(Buffer.alloc(80_000_000, ' ')),
  'gzip of empty lines': () => gzipSync(Buffer.alloc(20_000_000, '\n')),
}

/** Bytes as they arrive. @returns them, and what happened to them */
export function damage(stream: RandomStream, text: string, hostility: number): { bytes: Buffer; what: string } {
  const kind = stream.uniform() < hostility * 3 ? pick(stream, Object.keys(ofText)) : 'none'
  const bytes = ofText[kind]!(stream, Buffer.from(text))
  if (stream.uniform() > 0.25) return { bytes, what: kind }
  const zip = stream.uniform() < hostility * 6 ? pick(stream, Object.keys(ofGzip)) : 'whole'
  return { bytes: ofGzip[zip]!(stream, gzipSync(bytes)), what: `${kind}, ${zip} gzip` }
}
