import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateLog } from '../src/evaluate-log.js'
import { readLog } from '../src/read-log.js'
import { zipOf } from './containers/zip.js'
import { bytesOf } from './formats/reading.js'

interface Row {
  readonly task_id: string
  readonly sample: number
  readonly reward: number | null
  readonly answer: string
}

const OBJECTIVES = ['mean', 'pass@1', 'pass@2', 'pass^2', 'maj@2', 'maj@3']

/** Two to five tasks with three to five samples each. Answers hold what JSON and CSV have to quote. */
const log: fc.Arbitrary<readonly Row[]> = fc
  .array(
    fc.array(
      fc.record({
        reward: fc.constantFrom(0, 1, 1, null),
        answer: fc.constantFrom('7', '8', 'x, "y"\nz', '\u2028é', '007', 'true'),
      }),
      { minLength: 3, maxLength: 5 },
    ),
    { minLength: 2, maxLength: 5 },
  )
  .filter((tasks) => tasks.flat().some(({ reward }) => reward !== null))
  .map((tasks) =>
    tasks.flatMap((samples, task) =>
      samples.map(({ reward, answer }, sample): Row => {
        // A right answer is another than a wrong one, or the rows of a task would contradict each other.
        return { task_id: `task ${task}`, sample, reward, answer: `${answer}${reward === 1 ? '+' : '-'}` }
      }),
    ),
  )

const cell = (value: string | number | null): string => `"${String(value ?? '').replaceAll('"', '""')}"`
const csvOf = ({ task_id: id, sample, reward, answer }: Row): string => [id, sample, reward, answer].map(cell).join(',')
const lines = (rows: readonly object[], end = '\n'): string => rows.map((row) => JSON.stringify(row) + end).join('')

/** The same rows in the forms that a log may have. */
const encodings: Readonly<Record<string, (rows: readonly Row[]) => Buffer>> = {
  'JSON Lines': (rows) => Buffer.from(lines(rows)),
  'JSON Lines with CRLF and a mark': (rows) => Buffer.from(`\ufeff${lines(rows, '\r\n')}`),
  'a JSON array': (rows) => Buffer.from(JSON.stringify(rows)),
  'an indented JSON array': (rows) => Buffer.from(JSON.stringify(rows, null, 2)),
  CSV: (rows) => Buffer.from(['task_id,sample,reward,answer', ...rows.map(csvOf)].join('\n') + '\n'),
  'JSON Lines in gzip': (rows) => gzipSync(lines(rows)),
  'an archive of Inspect': (rows) =>
    zipOf([
      { name: 'header.json', content: '{"eval":{"task":"t","model":"m"},"plan":{}}' },
      ...rows.map(({ task_id: id, sample: epoch, reward: value, answer }, i) => {
        const scores = { match: { value, answer } }
        return { name: `samples/${i}.json`, content: JSON.stringify({ id, epoch, scores }) }
      }),
    ]),
}

async function figures(content: Buffer, size?: number): Promise<readonly number[]> {
  const read = await readLog(bytesOf(content, size), { stopping: 'fixed' })
  return evaluateLog(read, { objectives: OBJECTIVES }).measured.map(({ estimate }) => estimate.value)
}

async function expectAlike(content: Buffer, rows: readonly Row[]): Promise<void> {
  const expected = await figures(Buffer.from(lines(rows)))
  const found = await figures(content, 50)
  found.forEach((value, i) => expect(value, OBJECTIVES[i]).toBeCloseTo(expected[i]!, 12))
}

describe.each(Object.entries(encodings))('one log in %s', (name, encode) => {
  it('gives the same figures, in any order and with rows that stand there twice', async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.infiniteStream(fc.nat()), async (rows, random) => {
        const twice = rows.filter((_, i) => i % 3 === random.next().value! % 3)
        const order = [...rows, ...twice].map((row) => [random.next().value!, row] as const)
        const mixed = order.sort(([a], [b]) => a - b).map(([, row]) => row)
        await expectAlike(encode(mixed), rows)
      }),
      { numRuns: 20 },
    )
  })

  it('is refused where it is cut off within a row', async () => {
    await fc.assert(
      fc.asyncProperty(log, fc.double({ min: 0, max: 1, noNaN: true }), async (rows, share) => {
        const whole = encode(rows)
        const cut = whole.subarray(0, Math.floor(share * (whole.length - 1)))
        const isWhole = /Lines|CSV/.test(name) && !/gzip/.test(name) && /(^|\}|"|\n|\r)$/.test(cut.toString('utf8'))
        if (cut.length > 0 && !isWhole) await expect(figures(cut)).rejects.toThrow()
      }),
      { numRuns: 40 },
    )
  })
})
