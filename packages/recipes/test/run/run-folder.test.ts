import { createStream, PosttrainError } from '@posttrain/core'
import { beforeAll, describe, expect, it } from 'vitest'
import { endOf, newDiary, newDisk, PATH, smallRun, type Diary } from '../support/small-run.js'

/** The files of a run that nothing happened to. */
let whole: Record<string, string>
/** What it asked of the disk, in order. */
const operations: { operation: string; path: string }[] = []

beforeAll(async () => {
  const fs = newDisk()
  fs.saboteur = (_, operation, path) => {
    operations.push({ operation, path })
    return undefined
  }
  await smallRun(fs)
  whole = fs.tree('/disk')
})

const writes = (operation: string): boolean => operation === 'create' || operation === 'append'

/** Nothing that was saved is done again. */
function expectNothingLost(before: Diary, after: Diary): void {
  for (const [variant, start] of after.starts) expect(start).toBeGreaterThanOrEqual(before.saved.get(variant) ?? 0)
}

describe('the folder of a run', () => {
  it('has the result, its manifest, and nothing else', () => {
    expect(
      Object.keys(whole)
        .map((path) => path.slice(PATH.length + 1))
        .sort(),
    ).toEqual([
      'checkpoints/checkpoint.safetensors',
      'checkpoints/mean.safetensors',
      'config.json',
      'manifest.json',
      'metrics.jsonl',
      'report.html',
      'samples.jsonl',
    ])
    expect(operations.length).toBeGreaterThan(150)
  })

  const random = createStream(1, 'power cuts')
  const cuts: [string, () => boolean][] = [
    ['a kill', () => true],
    ['a power cut that loses all that was not synced', () => false],
    ['a power cut that loses half of it', () => random.uniform() < 0.5],
    ['a power cut that loses half of it, again', () => random.uniform() < 0.5],
  ]
  it.each(cuts)(
    'after %s at any operation the run goes on to the same bytes, and nothing saved is lost',
    async (_, keeps) => {
      for (const [k, { operation }] of operations.entries()) {
        for (const half of writes(operation) ? [false, true] : [false]) {
          const fs = newDisk()
          fs.saboteur = (count) => (count === k ? { fault: 'crash', half } : undefined)
          const [before, after] = [newDiary(), newDiary()]
          await endOf(fs, before)
          expect(fs.isDead).toBe(true)
          fs.restart(keeps)
          await smallRun(fs, after)
          expect(fs.tree('/disk')).toEqual(whole)
          expectNothingLost(before, after)
          expect(after.notices).toEqual([])
        }
      }
    },
  )

  it('and after any number of kills', async () => {
    for (let trial = 0; trial < 100; trial++) {
      const fs = newDisk()
      const diaries = [newDiary()]
      for (;;) {
        const k = fs.count + Math.floor(random.uniform() * 120)
        fs.saboteur = (count) => (count === k ? { fault: 'crash', half: random.uniform() < 0.5 } : undefined)
        await endOf(fs, diaries.at(-1)!)
        if (!fs.isDead) break
        fs.restart(() => random.uniform() < 0.5)
        diaries.push(newDiary())
      }
      expect(fs.tree('/disk')).toEqual(whole)
    }
  })

  const faults = ['ENOSPC', 'EROFS', 'EIO', 'EACCES']
  const reasons = /no space is left|read-only|device reports an error|permission is denied/
  it.each(faults)(
    '%s at any operation, once or from then on, ends in one sentence, and the run can go on',
    async (code) => {
      for (const [k, { operation }] of operations.entries()) {
        for (const lasting of [false, true]) {
          const fs = newDisk()
          fs.saboteur = (count, now) => {
            if (count !== k && !(lasting && count > k && now !== 'read' && now !== 'list')) return undefined
            return { fault: { code }, half: count === k && writes(operation) }
          }
          const [before, after] = [newDiary(), newDiary()]
          const end = await endOf(fs, before)
          if (end !== undefined) {
            expect(end).toBeInstanceOf(PosttrainError)
            expect((end as PosttrainError).message).toMatch(reasons)
            expect((end as PosttrainError).message).not.toContain('\n')
            expect((end as PosttrainError).message).toContain(PATH.slice(0, 5))
            expect((end as PosttrainError).hint).toMatch(/--resume|--out/)
          }
          fs.restart(() => true)
          await smallRun(fs, after)
          expect(fs.tree('/disk')).toEqual(whole)
          expectNothingLost(before, after)
        }
      }
    },
  )

  it('is not made again where it vanishes', async () => {
    const begun = operations.findIndex(({ path }) => path.endsWith('config.json.partial')) + 5
    const finished = operations.findIndex(({ operation, path }) => operation === 'rename' && path.includes('manifest'))
    for (let k = begun; k <= finished; k++) {
      const fs = newDisk()
      fs.saboteur = (count) => {
        if (count === k) fs.damage(PATH, undefined)
        return undefined
      }
      const end = await endOf(fs, newDiary())
      expect(end, JSON.stringify([k, operations[k]])).toBeInstanceOf(PosttrainError)
      expect((end as PosttrainError).message).toMatch(/small is gone: it was removed or moved|is missing/)
      expect(fs.tree('/disk')).toEqual({})
    }
  })
})
