import { createStream, PosttrainError } from '@posttrain/core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { MemoryFileSystem } from '../support/memory-file-system.js'
import { newDiary, newDisk, PATH, smallRun, type Diary } from '../support/small-run.js'

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

/** Runs to the given sabotage. @returns what it ended with */
async function endOf(fs: MemoryFileSystem, diary: Diary): Promise<unknown> {
  try {
    await smallRun(fs, diary)
    return undefined
  } catch (error) {
    return error
  }
}

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
        if (count === k) fs.vanish(PATH)
        return undefined
      }
      const end = await endOf(fs, newDiary())
      expect(end, JSON.stringify([k, operations[k]])).toBeInstanceOf(PosttrainError)
      expect((end as PosttrainError).message).toMatch(/small is gone: it was removed or moved|is missing/)
      expect(fs.tree('/disk')).toEqual({})
    }
  })
})

/** Everything that may happen to the bytes of a file; undefined: it is removed. */
function* damages(content: Uint8Array): Generator<[string, Uint8Array | undefined]> {
  yield ['removed', undefined]
  yield ['emptied', new Uint8Array()]
  yield ['all zeros', new Uint8Array(content.length)]
  for (const length of new Set([1, content.length >> 1, content.length - 1])) yield ['cut', content.slice(0, length)]
  const lineEnd = content.indexOf(10)
  if (lineEnd >= 0) {
    const line = content.slice(0, lineEnd + 1)
    yield ['first line doubled', Uint8Array.from([...line, ...content])]
    yield ['first line at the end', Uint8Array.from([...content, ...line])]
    yield ['first line removed', content.slice(lineEnd + 1)]
  }
  for (let at = 0; at < content.length; at += Math.max(1, Math.floor(content.length / 11))) {
    const flipped = Uint8Array.from(content)
    flipped[at]! ^= 1 << (at % 8)
    yield [`bit of byte ${at}`, flipped]
  }
}

async function expectRefusedOrHealed(disk: MemoryFileSystem): Promise<Record<'refused' | 'healed', number>> {
  const seen = { refused: 0, healed: 0 }
  for (const [path, text] of Object.entries(disk.tree('/disk'))) {
    for (const [kind, content] of damages(Buffer.from(text, 'latin1'))) {
      const fs = disk.copy()
      fs.damage(path, content)
      const end = await endOf(fs, newDiary())
      if (end === undefined) {
        expect(fs.tree('/disk'), `${path} ${kind}`).toEqual(whole)
        seen.healed++
      } else {
        expect(end, `${path} ${kind}`).toBeInstanceOf(PosttrainError)
        expect((end as PosttrainError).message, kind).toContain(path.slice(path.lastIndexOf('/') + 1))
        seen.refused++
      }
    }
  }
  return seen
}

describe('damage', () => {
  it('of a finished run is refused, with the name of the file', async () => {
    const fs = newDisk()
    await smallRun(fs)
    const seen = await expectRefusedOrHealed(fs)
    expect(seen.healed).toBe(0)
    expect(seen.refused).toBeGreaterThan(100)
  })

  it('of a run that was killed is refused with the name of the file, or healed to the same bytes', async () => {
    let [refused, healed] = [0, 0]
    for (let k = 40; k < operations.length; k += 37) {
      const fs = newDisk()
      fs.saboteur = (count) => (count === k ? { fault: 'crash' } : undefined)
      await endOf(fs, newDiary())
      fs.restart(() => true)
      const seen = await expectRefusedOrHealed(fs)
      refused += seen.refused
      healed += seen.healed
    }
    expect(refused).toBeGreaterThan(100)
    expect(healed).toBeGreaterThan(100)
  })

  it('of the newest state leaves the one before it, and says so', async () => {
    const fs = newDisk()
    const end = operations.findIndex(({ path }) => path.endsWith('mean/step-6.safetensors.partial'))
    fs.saboteur = (count) => (count === end ? { fault: 'crash' } : undefined)
    await endOf(fs, newDiary())
    fs.restart(() => true)
    fs.damage(`${PATH}/work/mean/step-4.safetensors`, new Uint8Array(64))
    const diary = newDiary()
    await smallRun(fs, diary)
    expect(diary.starts.get('mean')).toBe(2)
    expect(diary.notices).toEqual([
      `${PATH}/work/mean/step-4.safetensors is damaged: it is not the file that journal.jsonl names; continuing from step 2`,
    ])
    expect(fs.tree('/disk')).toEqual(whole)
  })
})
