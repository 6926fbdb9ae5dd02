import type { RandomStream } from '@posttrain/core'

/** One of some values. */
export const pick = <T>(stream: RandomStream, values: readonly T[]): T => values[stream.integer(values.length)]!

const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + ']'.repeat(levels))

/** What a file may say instead of what it should: other types, sizes without bounds, names that objects have. */
const values: readonly unknown[] = [
  null,
  true,
  false,
  '',
  'x',
  '0',
  ' ',
  'constructor',
  '__proto__',
  'F32',
  'x'.repeat(10_000),
  '\u0000\u202e\ud800',
  -1,
  0,
  1,
  2,
  0.5,
  1e7,
  1e8,
  2 ** 31,
  2 ** 32,
  2 ** 40,
  2 ** 53 - 1,
  1e15,
  1e300,
  5e-324,
  [],
  {},
  [null],
  [[]],
  ['x', 'x'],
  { type: 'Sequence' },
  { content: 'x' },
  deep(100),
  deep(1000),
]

type Json = Record<string, unknown>

const isContainer = (value: unknown): value is Json => typeof value === 'object' && value !== null

/** A container somewhere inside a value and one of its keys; every level is as likely to be the last. */
function somewhere(stream: RandomStream, root: Json): { readonly parent: Json; readonly key: string } | undefined {
  let parent = root
  for (;;) {
    const keys = Object.keys(parent)
    if (keys.length === 0) return undefined
    const key = pick(stream, keys)
    const inner = parent[key]
    if (!isContainer(inner) || Object.keys(inner).length === 0 || stream.integer(3) === 0) return { parent, key }
    parent = inner
  }
}

function remove(parent: Json, key: string): void {
  if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else Reflect.deleteProperty(parent, key)
}

/** JSON with one value inside it changed, removed, doubled or put elsewhere. */
function changeValue(stream: RandomStream, json: string): string {
  const root: unknown = JSON.parse(json)
  if (!isContainer(root)) return JSON.stringify(pick(stream, values))
  const place = somewhere(stream, root)
  if (!place) return json
  const { parent, key } = place
  switch (stream.integer(8)) {
    case 0:
      remove(parent, key)
      break
    case 1: {
      const other = somewhere(stream, root)!
      parent[key] = structuredClone(other.parent[other.key])
      break
    }
    case 2:
      // The name a second time, with the same value: what was there first no longer counts for JSON.parse.
      return JSON.stringify(root).replace(
        `${JSON.stringify(key)}:`,
        (name) => `${name}${JSON.stringify(pick(stream, values))},${name}`,
      )
    default:
      parent[key] = pick(stream, values)
  }
  return JSON.stringify(root)
}

/** A text with a part cut off, a character changed, or something put into it. */
export function changeText(stream: RandomStream, text: string, inserts: readonly string[]): string {
  const at = stream.integer(text.length + 1)
  switch (stream.integer(4)) {
    case 0:
      return text.slice(0, at)
    case 1:
      return text.slice(0, at) + String.fromCharCode(stream.integer(256)) + text.slice(at + 1)
    case 2:
      return text.slice(0, at) + text.slice(at + 1 + stream.integer(8))
    default:
      return text.slice(0, at) + pick(stream, inserts) + text.slice(at)
  }
}

const jsonInserts = ['\ufeff', '{', '[', ',', '"', '\\', 'null', '-', '1e400', '\n', '\u0000', '['.repeat(100_000)]

/** A JSON text of which one thing was changed: mostly a value, now and then the text itself. */
export const changeJson = (stream: RandomStream, json: string): string =>
  stream.integer(8) === 0 ? changeText(stream, json, jsonInserts) : changeValue(stream, json)
