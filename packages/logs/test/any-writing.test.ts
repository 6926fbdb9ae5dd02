import { gzipSync } from 'node:zlib'
import { PosttrainError } from '@posttrain/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evaluateLog } from '../src/evaluate-log.js'
import type { NamedBytes } from '../src/log-source.js'
import { readLog } from '../src/read-log.js'

/** A row of the log that is written in many ways. */
interface Row {
  readonly task: number
  readonly sample: number
  readonly reward: number | null
  readonly answer: number | string | null
}

const OBJECTIVES = ['pass@1', 'pass@2', 'pass^2', 'maj@2', 'mean']

/** Four to six tasks of two to four samples each, in order. */
const logs: fc.Arbitrary<readonly Row[]> = fc
  .array(
    fc.array(
      fc.record({ reward: fc.constantFrom(0, 1, 1, null), answer: fc.constantFrom('x', 'y', 7, 2 ** 52 + 1, null) }),
      { minLength: 2, maxLength: 4 },
    ),
    { minLength: 4, maxLength: 6 },
  )
  .map((tasks) => tasks.flatMap((samples, task) => samples.map((one, sample) => ({ task, sample, ...one }))))
  .filter((rows) => rows.some(({ reward }) => reward !== null) && rows.some(({ answer }) => answer !== null))

/** Endless choices among the first n whole numbers. */
const choices = fc.infiniteStream(fc.nat({ max: 2 ** 30 })).map((stream) => (n: number) => stream.next().value! % n)
type Choose = (n: number) => number

function shuffled<T>(items: readonly T[], choose: Choose): readonly T[] {
  const all = [...items]
  for (let i = all.length - 1; i > 0; i--) {
    const j = choose(i + 1)
    ;[all[i], all[j]] = [all[j]!, all[i]!]
  }
  return all
}

/** Rows of several tasks in another order, those of one task in their own. */
function interleaved(rows: readonly Row[], choose: Choose): readonly Row[] {
  const order = shuffled(
    rows.map(({ task }) => task),
    choose,
  )
  const next = new Map<number, number>()
  return order.map((task) => {
    const i = next.get(task) ?? 0
    next.set(task, i + 1)
    return rows.filter((row) => row.task === task)[i]!
  })
}

/** A number in one of the ways that JSON and JavaScript's readers of it know. */
const numbered = (value: number, choose: Choose): string =>
  [String(value), `${value}.0`, `${value}e0`, `${value * 10}e-1`][value > 1e6 ? choose(3) : choose(4)]!

/** A row as JSON, its fields in any order and its values in any form that means the same. */
function written({ task, sample, reward, answer }: Row, withNumber: boolean, choose: Choose): string {
  const score =
    reward === null ? ['null', 'NaN'][choose(2)]! : [numbered(reward, choose), String(reward === 1)][choose(2)]!
  const id = [numbered(task, choose), `"${task}"`][choose(2)]!
  const given =
    typeof answer === 'number' ? [numbered(answer, choose), `"${answer}"`][choose(2)]! : JSON.stringify(answer)
  const fields = [
    `"task_id":${id}`,
    `"${['reward', 'correct', 'passed'][choose(3)]!}":${score}`,
    `"answer":${given}`,
    `"seconds":${choose(1000)}`,
    ...(withNumber ? [`"sample":${[numbered(sample, choose), `"${sample}"`][choose(2)]!}`] : []),
    ...(choose(2) === 0 ? ['"perplexity":NaN'] : []),
  ]
  const space = ['', ' '][choose(2)]!
  return `{${space}${shuffled(fields, choose).join(`,${space}`)}${space}}`
}

/** The lines as the bytes of a file. */
function stored(lines: readonly string[], choose: Choose): readonly Uint8Array[] {
  const end = ['\n', '\r\n', '\n\n'][choose(3)]!
  const text = `${['', '\ufeff'][choose(2)]!}${lines.join(end)}${['', end][choose(2)]!}`
  const bytes = choose(2) === 0 ? Buffer.from(text) : gzipSync(text)
  const cut = choose(bytes.length)
  return [bytes.subarray(0, cut), bytes.subarray(cut)]
}

const source = (name: string, blocks: readonly Uint8Array[]): NamedBytes => ({
  name,
  bytes: (async function* () {
    yield* blocks
  })(),
})

/** The figures of a log by name, or the error that it is refused with. */
async function figures(...sources: readonly NamedBytes[]): Promise<ReadonlyMap<string, number> | PosttrainError> {
  try {
    const { measured } = evaluateLog(await readLog(sources), { objectives: OBJECTIVES })
    return new Map(
      measured.flatMap(({ estimate: { name, value, interval } }) => [
        [name, value],
        [`${name} from`, interval.lower],
        [`${name} to`, interval.upper],
      ]),
    )
  } catch (error) {
    if (error instanceof PosttrainError) return error
    throw error
  }
}

/** What the log says when it is written plainly. */
const plainly = (rows: readonly Row[]): ReturnType<typeof figures> =>
  figures(
    source('plain', [
      Buffer.from(rows.map(({ task, ...row }) => JSON.stringify({ task_id: String(task), ...row })).join('\n')),
    ]),
  )

function expectSame(found: ReadonlyMap<string, number> | PosttrainError, plain: typeof found): void {
  if (plain instanceof PosttrainError || found instanceof PosttrainError) {
    expect(found).toMatchObject({ code: (plain as PosttrainError).code })
    return
  }
  // The sums go over the tasks in another order.
  for (const [name, value] of plain) expect(found.get(name), name).toBeCloseTo(value, 12)
}

describe('one log in many writings', () => {
  it('numbered samples: rows in any order, given again, in several files', async () => {
    let measured = 0
    await fc.assert(
      fc.asyncProperty(logs, choices, async (rows, choose) => {
        const again = rows.filter(() => choose(3) === 0)
        const lines = shuffled([...rows, ...again], choose).map((row) => written(row, true, choose))
        const at = 1 + choose(lines.length - 1)
        const files = [lines.slice(0, at), lines.slice(at)].map((part, i) => source(`${i}`, stored(part, choose)))
        const plain = await plainly(rows)
        if (!(plain instanceof PosttrainError)) measured++
        expectSame(await figures(...files), plain)
      }),
      { numRuns: 200 },
    )
    expect(measured).toBeGreaterThan(100) // the others are refused as tries until a success, which have no pass^2
  })

  it('samples without a number: tasks interleaved', async () => {
    await fc.assert(
      fc.asyncProperty(logs, choices, async (rows, choose) => {
        const lines = interleaved(rows, choose).map((row) => written(row, false, choose))
        expectSame(await figures(source('a', stored(lines, choose))), await plainly(rows))
      }),
      { numRuns: 100 },
    )
  })

  it('a row that says something else of a sample is refused', async () => {
    await fc.assert(
      fc.asyncProperty(logs, choices, async (rows, choose) => {
        const row = rows[choose(rows.length)]!
        const other = { ...row, reward: row.reward === 1 ? 0 : 1 }
        const lines = [...shuffled(rows, choose), other].map((one) => written(one, true, choose))
        const found = await figures(source('a', stored(lines, choose)))
        expect(found).toBeInstanceOf(PosttrainError)
        expect((found as PosttrainError).message).toContain('a second time, and other than in a, line')
      }),
      { numRuns: 50 },
    )
  })

  it('a file that was cut inside a row is refused', async () => {
    await fc.assert(
      fc.asyncProperty(logs, choices, async (rows, choose) => {
        const lines = rows.map((row) => written(row, true, choose))
        const last = lines.pop()!
        const torn = last.slice(0, 1 + choose(last.trimEnd().length - 1))
        const text = [...lines, torn].join('\n')
        const found = await figures(source('a', choose(2) === 0 ? [Buffer.from(text)] : [gzipSync(text)]))
        expect(found).toBeInstanceOf(PosttrainError)
        expect((found as PosttrainError).message).toBe(
          `a, line ${rows.length}: the last line is cut off, as by a program that was stopped while it wrote`,
        )
      }),
      { numRuns: 50 },
    )
  })
})
