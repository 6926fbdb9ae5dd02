import {
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { reportFile } from '../src/report-file.js'
import { emptyFolder } from './posttrain.js'

const folder = emptyFolder()
const path = (name: string): string => join(folder, name)
const LOG = '{"task_id":"a","reward":1}\n'
writeFileSync(path('log.jsonl'), LOG)
symlinkSync('log.jsonl', path('symbolic.html'))
symlinkSync('symbolic.html', path('chain.html'))
linkSync(path('log.jsonl'), path('hard.html'))
mkdirSync(path('sub'))
const descriptor = openSync(path('log.jsonl'), 'r')
afterAll(() => {
  closeSync(descriptor)
  rmSync(folder, { recursive: true })
})
const open = { name: 'standard input', descriptor, bytes: (async function* (): AsyncGenerator<Uint8Array> {})() }

describe('reportFile', () => {
  it.each(['log.jsonl', './sub/../log.jsonl', 'symbolic.html', 'chain.html', 'hard.html'])(
    'refuses a log under any name: %s',
    (name) => {
      for (const source of [path('log.jsonl'), path('symbolic.html'), path('hard.html'), open]) {
        const file = `${folder}/${name}`
        expect(() => reportFile(file, ['none', source])).toThrow(/the report .* is the log .* itself/)
      }
      expect(readFileSync(path('log.jsonl'), 'utf8')).toBe(LOG)
    },
  )

  it('writes by one rename, through a link, and leaves nothing else', () => {
    writeFileSync(path('old.html'), 'old')
    symlinkSync('old.html', path('link.html'))
    const write = reportFile(path('link.html'), [path('log.jsonl')])
    expect(readFileSync(path('old.html'), 'utf8')).toBe('old')
    write('new')
    expect(readFileSync(path('old.html'), 'utf8')).toBe('new')
    expect(lstatSync(path('link.html')).isSymbolicLink()).toBe(true)
    reportFile(path('first.html'), [])('page')
    expect(readFileSync(path('first.html'), 'utf8')).toBe('page')
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([])
  })

  it('is refused beforehand where it cannot be written', () => {
    const refusals: [string, RegExp][] = [
      ['', /^cannot write "": there is no such file or folder \(ENOENT\)$/],
      [path('sub'), /: it is a folder$/],
      ['/dev/full', /: it is no file that could be replaced$/],
      [path('none/report.html'), /: there is no such file or folder \(ENOENT\)$/],
      [path('log.jsonl/report.html'), /: a part of the path is no folder \(ENOTDIR\)$/],
      [path('x'.repeat(300)), /\(\d+ characters\): the name is too long \(ENAMETOOLONG\)$/],
    ]
    symlinkSync('loop.html', path('loop.html'))
    refusals.push([path('loop.html'), /: its symbolic links lead in a circle \(ELOOP\)$/])
    for (const [file, why] of refusals) {
      expect(() => reportFile(file, []), file).toThrow(
        expect.objectContaining({ message: expect.stringMatching(why) as string, hint: 'choose another --report' }),
      )
    }
  })

  it('says so where the disk fails at the end, and leaves the old report', () => {
    mkdirSync(path('gone'))
    const write = reportFile(path('gone/report.html'), [])
    rmSync(path('gone'), { recursive: true })
    expect(() => write('page')).toThrow(
      expect.objectContaining({
        code: 'machine-failed',
        message: expect.stringMatching(/^cannot write .*ENOENT\)$/) as string,
      }),
    )
  })
})
