import { readFileSync, writeFileSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { asPiece, type Sample, type Sampler } from '@posttrain/core'
import { openSampleStore } from '@posttrain/endpoints'
import { collect, requestKey, stored } from '@posttrain/sampling'
import { newFile } from './folder.js'

const request = { task: { id: 'a', prompt: '?' }, count: 1, seed: 0 }
const key = requestKey(request)
const sample = (index: number, more: Partial<Sample> = {}): Sample => ({
  id: 'a',
  taskId: 'a',
  index,
  seed: 0,
  text: `answer ${index}`,
  finish: 'stop',
  usage: { promptTokens: 3, completionTokens: 5, cost: 0.25 },
  ...more,
})

describe('a sample', () => {
  it('comes back as it was after the file was closed, lists of numbers as plain ones', async () => {
    const file = newFile('samples.db')
    const whole = sample(7, {
      prompt: [{ role: 'user', content: 'a "quoted" \u0000 \u2028 text' }],
      tokens: [1, 2, 3],
      mask: Uint8Array.of(0, 1, 1),
      textEnds: Float64Array.of(1, 2, 3),
      logprobs: {
        values: Float64Array.of(-0.1, -1 / 3),
        top: [Float64Array.of(-0.1, -Infinity), [-1 / 3]],
        provenance: { engine: 'e', dtype: 'f32', weights: 'w' },
        drawn: {},
      },
      stoppedBy: '\n\n',
      steps: [{ end: 2, reward: 0.5 }],
    })
    const store = await openSampleStore(file, { sampler: 's' })
    store.put(key, whole)
    store.close()
    const again = await openSampleStore(file, { sampler: 's' })
    expect(again.get(key, 7)).toEqual({
      ...whole,
      textEnds: [1, 2, 3],
      logprobs: { ...whole.logprobs, values: [-0.1, -1 / 3], top: [[-0.1, -Infinity], [-1 / 3]] },
    })
    expect(again.get(key, 7)!.mask).toBeInstanceOf(Uint8Array)
    again.close()
  })

  it('is not seen under another index, key or sampler', async () => {
    const file = newFile('samples.db')
    const store = await openSampleStore(file, { sampler: 's' })
    store.put(key, sample(0))
    expect(store.get(key, 1)).toBeUndefined()
    for (const other of [
      { seed: 1 },
      { temperature: 0.5 },
      { prompt: '!' },
      { prefix: [{ text: 'x' }] },
      { id: 'b' },
    ]) {
      expect(store.get(requestKey({ ...request, ...other }), 0)).toBeUndefined()
    }
    const other = await openSampleStore(file, { sampler: 't' })
    expect(other.get(key, 0)).toBeUndefined()
    expect(other.totals().samples).toBe(0)
    expect(store.get(key, 0)).toEqual(sample(0))
  })

  it('that is there already stays, whoever kept it', async () => {
    const file = newFile('samples.db')
    const [one, two] = [await openSampleStore(file, { sampler: 's' }), await openSampleStore(file, { sampler: 's' })]
    one.put(key, sample(0, { text: 'first' }))
    two.put(key, sample(0, { text: 'second' }))
    expect([one.get(key, 0)!.text, two.get(key, 0)!.text]).toEqual(['first', 'first'])
    expect(two.totals().samples).toBe(1)
  })

  it('that failed is not kept, but what it cost is', async () => {
    const store = await openSampleStore(newFile('samples.db'), { sampler: 's' })
    store.putFailed(key, sample(0, { finish: 'failed', failure: '503' }))
    expect(store.get(key, 0)).toBeUndefined()
    expect(() => store.put(key, sample(0, { finish: 'failed' }))).toThrow('sample 0 of a failed')
    store.put(key, sample(0))
    store.put(key, sample(1, { usage: { promptTokens: 1, completionTokens: 1 } }))
    expect(store.totals()).toEqual({
      samples: 2,
      usage: { promptTokens: 4, completionTokens: 6 },
      failed: 1,
      failedUsage: { promptTokens: 3, completionTokens: 5, cost: 0.25 },
    })
  })
})

it('a sampler that is stored draws each sample once, those of a search too', async () => {
  const store = await openSampleStore(newFile('samples.db'), { sampler: 's' })
  let drawn = 0
  const sampler: Sampler = {
    async *sample(requests) {
      for (const { task, id = task.id, count, firstIndex = 0, seed, prefix = [] } of requests) {
        for (let index = firstIndex; index < firstIndex + count; index++) {
          drawn++
          const usage = { promptTokens: 1, completionTokens: 1 }
          const before = prefix.map((piece) => ('text' in piece ? piece.text : '')).join('')
          yield index % 5 === 4 && drawn < 6
            ? { id, taskId: task.id, index, seed, text: '', finish: 'failed', failure: '503', usage }
            : { id, taskId: task.id, index, seed, text: `${before}${index}`, finish: 'stop', stoppedBy: ';', usage }
        }
      }
    },
  }
  const run = async (): Promise<readonly string[]> => {
    const kept = stored(sampler, store)
    const [first] = await collect(kept, [{ ...request, count: 5 }])
    const next = first!.filter(({ finish }) => finish !== 'failed')
    const requests = next.map((one) => ({ ...request, id: `a/${one.index}`, count: 3, prefix: [asPiece(one)] }))
    return (await collect(kept, requests)).flat().map(({ text }) => text)
  }
  const before = await run()
  expect([drawn, before.length]).toEqual([5 + 12, 12])
  const again = await run()
  expect(drawn).toBe(17 + 1 + 3) // the one that failed, and what continues it
  expect(again.slice(0, 12)).toEqual(before)
  expect(await run()).toEqual(again)
  expect(drawn).toBe(21)
})

describe('lines', () => {
  it('carry every sample of a sampler to another file, and to the same one nothing', async () => {
    const [from, to] = [newFile('a.db'), newFile('b.db')]
    const store = await openSampleStore(from, { sampler: 's' })
    const keys = [0, 1, 2].map((seed) => requestKey({ ...request, seed, prompt: `${seed} "?" \n` }))
    keys.forEach((one, seed) => {
      for (let index = 0; index < 700; index++) store.put(one, sample(index, { seed, mask: Uint8Array.of(1, 0) }))
    })
    const lines = [...store.lines()]
    expect(lines).toHaveLength(2100)
    const other = await openSampleStore(to, { sampler: 's' })
    expect(await other.importLines(lines, 'lines')).toBe(2100)
    expect(await other.importLines([...lines, ''], 'lines')).toBe(0)
    expect([...other.lines()]).toEqual(lines)
    expect(other.get(keys[2]!, 699)).toEqual(store.get(keys[2]!, 699))
    expect(other.totals()).toEqual(store.totals())
  })

  it('hold any sample', async () => {
    const [one, two] = await Promise.all(
      ['a', 'b'].map((name) => openSampleStore(newFile(name), { sampler: 'über "s"' })),
    )
    let index = 0
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary' }),
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })),
        async (text, values) => {
          const logprobs = { values, provenance: { engine: text, dtype: 'f64' as const, weights: 'w' } }
          const given = sample(index, { text, logprobs })
          one!.put(key, given)
          expect(one!.get(key, index)).toEqual({
            ...given,
            logprobs: { ...logprobs, values: values.map((x) => x + 0) },
          })
          index++
        },
      ),
      { numRuns: 60 },
    )
    await two!.importLines(one!.lines(), 'lines')
    expect([...two!.lines()]).toEqual([...one!.lines()])
  })

  it.each([
    ['{', /^rows, line 2 is no JSON/],
    ['[]', /^rows, line 2: /],
    ['{"sampler":"s","key":[0,"a"],"sample":{}}', /^rows, line 2: sample\.id/],
    ['{"sampler":"s","key":[0,"b"],"sample":SAMPLE}', /^rows, line 2: the key is of sample b with seed 0/],
    ['{"sampler":"s","key":[0,"a"],"sample":FAILED}', /^rows, line 2: sample\.finish/],
  ])('that are none are refused where they stand, and what comes before is kept: %s', async (line, message) => {
    const store = await openSampleStore(newFile('a.db'), { sampler: 's' })
    const text = line
      .replace('SAMPLE', JSON.stringify(sample(1)))
      .replace('FAILED', JSON.stringify(sample(1, { finish: 'failed' })))
    const good = `{"sampler":"s","key":${key},"sample":${JSON.stringify(sample(0))}}`
    await expect(store.importLines([good, text], 'rows')).rejects.toThrow(message)
    expect(store.totals().samples).toBe(1)
  })
})

describe('a file', () => {
  const refusal = async (file: string): Promise<string> =>
    openSampleStore(file, { sampler: 's' }).then(
      () => 'opened',
      (error: unknown) => (error as Error).message,
    )

  it('that is no database, or of another program or version, is refused and left as it is', async () => {
    const text = newFile('notes.txt')
    writeFileSync(text, 'these are my notes\n'.repeat(100))
    expect(await refusal(text)).toContain('is no SQLite database')
    expect(readFileSync(text, 'utf8')).toBe('these are my notes\n'.repeat(100))
    const other = newFile('other.db')
    const database = new Database(other)
    database.exec('CREATE TABLE mine (x)')
    database.close()
    expect(await refusal(other)).toContain('is a database of another program')
    const newer = newFile('newer.db')
    ;(await openSampleStore(newer, { sampler: 's' })).close()
    const changed = new Database(newer)
    changed.exec('PRAGMA user_version = 7')
    changed.close()
    expect(await refusal(newer)).toContain('is a store of version 7, but this is version 1')
  })

  it('that cannot be opened is refused with the reason', async () => {
    const folder = dirname(newFile('a'))
    expect(await refusal(join(folder, 'nowhere', 'a.db'))).toContain('cannot use the database')
    mkdirSync(join(folder, 'folder.db'))
    expect(await refusal(join(folder, 'folder.db'))).toContain('cannot use the database')
  })

  it('that was cut in the middle is refused as damaged when it is read', async () => {
    const file = newFile('a.db')
    const store = await openSampleStore(file, { sampler: 's' })
    for (let index = 0; index < 400; index++) store.put(key, sample(index, { text: 'x'.repeat(400) }))
    store.close()
    const bytes = readFileSync(file)
    writeFileSync(file, bytes.fill(0xff, 8192, 60_000))
    const damaged = await openSampleStore(file, { sampler: 's' })
    expect(() => [...damaged.lines()]).toThrow(/is damaged/)
  })
})
