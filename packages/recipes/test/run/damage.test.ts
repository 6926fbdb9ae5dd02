import { PosttrainError } from '@posttrain/core'
import { beforeAll, describe, expect, it } from 'vitest'
import type { MemoryFileSystem } from '../support/memory-file-system.js'
import { endOf, newDiary, newDisk, PATH, smallRun } from '../support/small-run.js'

/** The files of a run that nothing happened to. */
let whole: Record<string, string>
/** The paths of what it asked of the disk, in order. */
const operations: string[] = []

beforeAll(async () => {
  const fs = newDisk()
  fs.saboteur = (_, __, path) => {
    operations.push(path)
    return undefined
  }
  await smallRun(fs)
  whole = fs.tree('/disk')
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
    const end = operations.findIndex((path) => path.endsWith('mean/step-6.safetensors.partial'))
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
