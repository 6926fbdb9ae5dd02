import { beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { JournalFollower } from '../../src/files/journal-follower.js'
import { Journal } from '../../src/files/journal.js'
import { MemoryFileSystem } from '../support/memory-file-system.js'

const PATH = '/journal.jsonl'
const schema: z.ZodType<{ n: number; text?: string | undefined }> = z.strictObject({
  n: z.number(),
  text: z.string().optional(),
})

let fs: MemoryFileSystem
let whole: Uint8Array
beforeEach(() => {
  fs = new MemoryFileSystem()
  const journal = Journal.create(fs, PATH, schema, { n: 1 })
  journal.append({ n: 2, text: 'näh 漢字' })
  journal.append({ n: 3 })
  whole = fs.read(PATH)
})
const numbers = ({ entries }: { entries: readonly { n: number }[] }): number[] => entries.map(({ n }) => n)

describe('a follower of a journal', () => {
  it('reads each line once, and none before it is whole, wherever the writer is', () => {
    const follower = new JournalFollower(fs, PATH, schema)
    const ends = [...whole.keys()].filter((at) => whole[at] === 10)
    let read: number[] = []
    for (let length = 0; length <= whole.length; length++) {
      fs.damage(PATH, whole.slice(0, length))
      const news = follower.next()
      expect(news.restarted).toBe(false)
      read = [...read, ...numbers(news)]
      expect(read).toEqual([1, 2, 3].slice(0, ends.filter((end) => end < length).length))
    }
  })

  it('waits for a journal that is not there, and goes on where half a line was taken off', () => {
    const follower = new JournalFollower(fs, '/later.jsonl', schema)
    expect(follower.next()).toEqual({ entries: [], restarted: false })
    const writer = Journal.create(fs, '/later.jsonl', schema, { n: 1 })
    writer.append({ n: 2 })
    const two = fs.read('/later.jsonl')
    fs.damage('/later.jsonl', new Uint8Array([...two, 65, 66]))
    expect(numbers(follower.next())).toEqual([1, 2])
    Journal.open(fs, '/later.jsonl', schema)!.append({ n: 7 })
    expect(numbers(follower.next())).toEqual([7])
  })

  it('says when the journal was begun again', () => {
    const follower = new JournalFollower(fs, PATH, schema)
    follower.next()
    fs.damage(PATH, new Uint8Array())
    expect(follower.next()).toEqual({ entries: [], restarted: true })
    fs.remove(PATH)
    const again = Journal.create(fs, PATH, schema, { n: 4 })
    again.append({ n: 5 })
    expect(numbers(follower.next())).toEqual([4, 5])
    fs.remove(PATH)
    for (const journal = Journal.create(fs, PATH, schema, { n: 6 }); journal.entries.length < 9;)
      journal.append({ n: 6 })
    expect(follower.next()).toMatchObject({ restarted: true, entries: new Array(9).fill({ n: 6 }) })
  })

  it('refuses a line that is not as it was written, by its number', () => {
    const follower = new JournalFollower(fs, PATH, schema)
    fs.damage(PATH, new TextEncoder().encode(new TextDecoder().decode(whole).replace('{"n":3}', '{"n":4}')))
    expect(() => follower.next()).toThrow(`${PATH} is damaged: line 3 is not as it was written`)
  })
})
