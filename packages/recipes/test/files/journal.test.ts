import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { Journal } from '../../src/files/journal.js'
import { MemoryFileSystem } from '../support/memory-file-system.js'

const PATH = '/journal.jsonl'
const schema: z.ZodType<{ n: number }> = z.strictObject({ n: z.number() })
const text = (fs: MemoryFileSystem): string => Buffer.from(fs.read(PATH)).toString()
const bytes = (content: string): Uint8Array => new TextEncoder().encode(content)

let fs: MemoryFileSystem
beforeEach(() => {
  fs = new MemoryFileSystem()
  const journal = Journal.create(fs, PATH, schema, { n: 1 })
  journal.append({ n: 2 })
  journal.append({ n: 3 })
})

describe('a journal', () => {
  it('has what was added, and its bytes depend on nothing else', () => {
    expect(Journal.open(fs, PATH, schema)!.entries).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
    // sha256('{"n":1}')
    expect(text(fs).split('\n')[0]).toBe('2bfd14f43d17fc7cea24e0917a8879b4b2f880b8baeec1b9d90fbaad655e71bd {"n":1}')
    expect(Journal.open(new MemoryFileSystem(), PATH, schema)).toBeUndefined()
  })

  it('drops half a last line, and goes on after what is whole', () => {
    const whole = text(fs)
    const cut = whole.lastIndexOf('\n', whole.length - 2) + 1
    for (let length = cut; length < whole.length; length++) {
      fs.damage(PATH, bytes(whole.slice(0, length)))
      const journal = Journal.open(fs, PATH, schema)!
      expect(journal.entries).toEqual([{ n: 1 }, { n: 2 }])
      journal.append({ n: 3 })
      expect(text(fs)).toBe(whole)
    }
  })

  it('refuses any other damage, with the line', () => {
    const lines = text(fs).slice(0, -1).split('\n')
    const damaged: [string[], number][] = [
      [[lines[0]!, lines[1]!, lines[1]!, lines[2]!], 3],
      [[lines[0]!, lines[2]!, lines[1]!], 2],
      [[lines[0]!, lines[2]!], 2],
      [[lines[1]!, lines[2]!], 1],
      [[lines[0]!, '', lines[1]!], 2],
      [[lines[0]!, lines[1]!.replace('2}', '4}')], 2],
    ]
    for (const [kept, line] of damaged) {
      fs.damage(PATH, bytes(kept.map((one) => `${one}\n`).join('')))
      expect(() => Journal.open(fs, PATH, schema)).toThrow(`${PATH} is damaged: line ${line} is not as it was written`)
    }
    fs.damage(PATH, new Uint8Array())
    expect(() => Journal.open(fs, PATH, schema)).toThrow(`${PATH} is damaged: it has no whole line`)
  })

  it('takes nothing that it could not give back', () => {
    const journal = Journal.open(fs, PATH, schema)!
    expect(() => journal.append({ n: Number.NaN })).toThrow(/this cannot be kept in \/journal.jsonl: n: .*NaN/)
    expect(journal.entries).toHaveLength(3)
  })

  it('takes nothing more after half a line was written', () => {
    const journal = Journal.open(fs, PATH, schema)!
    fs.saboteur = (_, operation) => (operation === 'append' ? { fault: { code: 'ENOSPC' }, half: true } : undefined)
    expect(() => journal.append({ n: 4 })).toThrow('ENOSPC')
    fs.saboteur = () => undefined
    expect(() => journal.append({ n: 4 })).toThrow('ENOSPC')
    expect(Journal.open(fs, PATH, schema)!.entries).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }])
  })
})
