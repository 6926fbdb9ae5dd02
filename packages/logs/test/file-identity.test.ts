import {
  closeSync,
  createReadStream,
  linkSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fileIdentity } from '../src/file-identity.js'
import { readLog } from '../src/read-log.js'

const folder = mkdtempSync(join(tmpdir(), 'posttrain-logs-'))
const file = join(folder, 'log.jsonl')
writeFileSync(file, '{"task_id":"a","reward":1}\n{"task_id":"b","reward":0}\n')
const other = join(folder, 'other.jsonl')
writeFileSync(other, '{"task_id":"a","reward":1}\n{"task_id":"b","reward":0}\n')
const descriptor = openSync(file, 'r')
symlinkSync(file, join(folder, 'symbolic.jsonl'))
symlinkSync('symbolic.jsonl', join(folder, 'chain.jsonl'))
linkSync(file, join(folder, 'hard.jsonl'))
afterAll(() => {
  closeSync(descriptor)
  rmSync(folder, { recursive: true })
})

const aliases = [
  file,
  join(folder, '.', 'x', '..', 'log.jsonl'),
  `${folder}/./log.jsonl`,
  join(folder, 'symbolic.jsonl'),
  join(folder, 'chain.jsonl'),
  join(folder, 'hard.jsonl'),
  `/proc/self/fd/${descriptor}`,
]

describe('fileIdentity', () => {
  it('is that of the file, behind every name and link, and of an open one', () => {
    const identity = fileIdentity(file)
    expect(identity).toMatch(/^\d+:\d+$/)
    for (const alias of aliases) expect(fileIdentity(alias)).toBe(identity)
    expect(fileIdentity({ name: 'standard input', bytes: createReadStream(file), descriptor })).toBe(identity)
    expect(fileIdentity(other)).not.toBe(identity)
  })

  it('is unknown of what is no file', () => {
    expect(fileIdentity({ lines: [] })).toBeUndefined()
    expect(fileIdentity(join(folder, 'none'))).toBeUndefined()
    expect(fileIdentity('a\u0000b')).toBeUndefined()
  })
})

describe('one file under two names', () => {
  it.each(aliases)('is refused, for its samples would count double: %s', async (alias) => {
    const second = `${folder}/../${folder.split('/').at(-1)}/log.jsonl`
    await expect(readLog([alias, second])).rejects.toThrow(/is given twice, the first time as /)
    await expect(readLog([other, alias, file])).rejects.toThrow(/is given twice/)
  })

  it('is refused where one of the names is an open file', async () => {
    const open = { name: 'standard input', descriptor, bytes: createReadStream(other) }
    await expect(readLog([open, file])).rejects.toThrow(`${file} is given twice, the first time as standard input`)
  })

  it('is not what two files of the same content are, which may be two runs', async () => {
    expect((await readLog([file, other], { fields: { sample: 'none' } })).totals.samples).toBe(4)
  })
})
