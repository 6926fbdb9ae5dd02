import { spawn } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { posttrainHere } from './in-process.js'
import { COMMAND, emptyFolder, posttrain, type Ended } from './posttrain.js'

let folder: string
beforeEach(() => (folder = emptyFolder()))
afterEach(() => rmSync(folder, { recursive: true }))

const path = (name: string): string => join(folder, name)
const linesOf = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row) + '\n').join('')
const fileOf = (name: string, content: readonly object[] | string): string => {
  writeFileSync(path(name), typeof content === 'string' ? content : linesOf(content))
  return path(name)
}
const rowsIn = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
const score = (...args: readonly string[]): Promise<Ended> => posttrainHere(['score', ...args])

const solutions = [
  { task_id: 'a', response: 'So \\boxed{\\frac{1}{2}}.', reference: '0.5' },
  { task_id: 'a', response: 'So \\boxed{2/4}', reference: '0.5', sample: 7 },
  { task_id: 'a', response: 'So \\boxed{3}', reference: '0.5' },
  { task_id: 'b', response: 'I do not know', reference: '7' },
  { task_id: 'b', response: null, reference: '7' },
]

describe('posttrain score', () => {
  it('writes each row with its reward and canonical answer, or why it has none', async () => {
    const { status, stdout, stderr } = await score(fileOf('rows.jsonl', solutions), '--reward', 'math')
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr:
        `note: 1 of 5 rows are unscored, the first ${path('rows.jsonl')}, line 5: there is no response\n` +
        'note: 5 rows, 4 scored, 1 unscored, mean reward 0.5000\n',
    })
    const rows = rowsIn(stdout) as { reward: number | null; answer: string | null }[]
    expect(rows.map(({ reward }) => reward)).toEqual([1, 1, 0, 0, null])
    expect(rows[0]!.answer).toBe(rows[1]!.answer)
    expect(rows[2]!.answer).not.toBe(rows[0]!.answer)
    expect(rows[1]).toMatchObject(solutions[1]!)
    expect(rows[4]).toEqual({ ...solutions[4], reward: null, answer: null, unscored: 'there is no response' })
  })

  it('writes what evaluate reads, votes and unscored rows too', async () => {
    const out = path('scored.jsonl')
    const rows = fileOf(
      'rows.jsonl',
      solutions.map((row) => ({ ...row, correct: undefined })),
    )
    const { stdout, stderr } = await score(rows, '--reward', 'math', '--out', out)
    expect(stdout).toBe(`5 rows, 4 scored, 1 unscored, mean reward 0.5000; wrote ${out}\n`)
    expect(stderr).toContain('1 of 5 rows are unscored')
    expect(readdirSync(folder).sort()).toEqual(['rows.jsonl', 'scored.jsonl'])
    const evaluated = await posttrainHere(['evaluate', out, '--k', '1,2', '--vote', '2', '--json'])
    const { samples, unscored, metrics } = JSON.parse(evaluated.stdout) as {
      samples: number
      unscored: number
      metrics: { name: string; estimate: number }[]
    }
    expect({ samples, unscored }).toEqual({ samples: 5, unscored: 1 })
    const figures = Object.fromEntries(metrics.map(({ name, estimate }) => [name, estimate]))
    // Task a: 2 of 3 right, and the pair of right ones is one answer, other pairs tie. Task b: none.
    expect(figures['pass@1']).toBeCloseTo(1 / 3, 12)
    expect(figures['pass@2']).toBeCloseTo(1 / 2, 12)
    expect(figures['maj@2']).toBeCloseTo((1 / 3 + (2 / 3) * (1 / 2)) / 2, 12)
  })

  it('prints the figures alone for programs', async () => {
    const rows = fileOf('rows.jsonl', solutions)
    const { stdout } = await score(rows, '--reward', 'math', '--json')
    expect(JSON.parse(stdout)).toEqual({ rows: 5, scored: 4, unscored: 1, mean_reward: 0.5 })
    const out = path('scored.jsonl')
    expect((await score(rows, '--reward', 'math', '--json', '--out', out)).stdout).toBe(stdout)
    expect(rowsIn(readFileSync(out, 'utf8'))).toHaveLength(5)
    const none = fileOf('none.jsonl', [solutions[4]!])
    expect(JSON.parse((await score(none, '--reward', 'math', '--json')).stdout)).toEqual({
      rows: 1,
      scored: 0,
      unscored: 1,
      mean_reward: null,
    })
  })

  it('reads other fields, completions and answers, and keeps the text of an answer it writes over', async () => {
    const rows = fileOf('rows.jsonl', [
      { id: 1, out: { text: '1/2' }, gold: 0.5 },
      { id: 2, out: { text: '1/3' }, gold: 0.5 },
    ])
    const named = await score(rows, '--reward', 'math', '--id', 'id', '--response', 'out.text', '--reference', 'gold')
    expect(rowsIn(named.stdout)).toMatchObject([
      { id: 1, out: { text: '1/2' }, gold: 0.5, reward: 1 },
      { id: 2, reward: 0 },
    ])
    const answers = fileOf('answers.jsonl', [
      { task_id: 'a', answer: ' 2/4 ', reference: '1/2', reward: 0, unscored: 'x' },
    ])
    const [row] = rowsIn((await score(answers, '--reward', 'math')).stdout)
    expect(row).toEqual({
      task_id: 'a',
      reference: '1/2',
      response: ' 2/4 ',
      reward: 1,
      answer: expect.any(String) as string,
    })
    const completed = fileOf('completed.jsonl', [
      { task_id: 'a', completion: '\\boxed{5}', answer: '6', reference: '5' },
    ])
    expect(rowsIn((await score(completed, '--reward', 'math')).stdout)).toMatchObject([
      { reward: 1, completion: '\\boxed{5}' },
    ])
  })

  it('judges Game of 24 by its numbers', async () => {
    const rows = fileOf('rows.jsonl', [
      { task_id: 'a', response: 'Answer: (13 - 9) * (10 - 4) = 24', reference: '4 9 10 13' },
      { task_id: 'a', response: 'Answer: 4 * 6 = 24', reference: '4 9 10 13' },
    ])
    expect(rowsIn((await score(rows, '--reward', 'game24')).stdout)).toMatchObject([
      { reward: 1, answer: '(10 - 4) * (13 - 9)' },
      { reward: 0, answer: '4 * 6' },
    ])
  })

  it('judges numbers exactly', async () => {
    const rows = fileOf('rows.jsonl', [
      { task_id: 'a', response: 'So it is #### 1,000', reference: 1000 },
      { task_id: 'a', response: 'So it is #### 1,000.01', reference: 1000 },
    ])
    expect(rowsIn((await score(rows, '--reward', 'number')).stdout)).toMatchObject([{ reward: 1 }, { reward: 0 }])
  })

  it('runs programs against their tests, however these are written', async () => {
    const next = 'def f(n): return n + 1'
    const python = fileOf('python.jsonl', [
      { task_id: 'a', response: next, tests: 'assert f(1) == 2' },
      { task_id: 'a', response: 'def f(n): return n', tests: ['assert f(1) == 1', 'assert f(2) == 3'] },
      { task_id: 'a', response: next, tests: { entryPoint: 'f', pairs: [{ arguments: [1], expected: 2 }] } },
      { task_id: 'a', response: next, tests: '' },
    ])
    expect(rowsIn((await score(python, '--reward', 'python')).stdout)).toMatchObject([
      { reward: 1 },
      { reward: 0 },
      { reward: 1 },
      { reward: null, unscored: 'the tests check nothing' },
    ])
    const javascript = fileOf('javascript.jsonl', [
      { task_id: 'a', response: '```js\nconst f = (n) => n + 1\n```', reference: 'assert(f(1) === 2)' },
      { task_id: 'a', response: 'while (true);', reference: 'assert(true)' },
    ])
    const { stdout } = await score(javascript, '--reward', 'javascript')
    expect(rowsIn(stdout)).toMatchObject([{ reward: 1 }, { reward: 0 }])
  }, 120_000)

  it('judges by a module, with its parts and what it cost', async () => {
    const module = fileOf(
      'length.mjs',
      `export default { name: 'length', score: async (task, samples) => samples.map(({ text }) => ({
        kind: 'scored', reward: text.length / task.prompt.length, parts: { length: text.length },
        usage: { promptTokens: 3, completionTokens: 1 } })) }`,
    )
    const rows = fileOf('rows.jsonl', [{ task_id: 'a', prompt: 'abcd', response: 'ab' }])
    expect(rowsIn((await score(rows, '--reward', module)).stdout)).toEqual([
      {
        task_id: 'a',
        prompt: 'abcd',
        response: 'ab',
        reward: 0.5,
        answer: null,
        parts: { length: 2 },
        judging: { promptTokens: 3, completionTokens: 1 },
      },
    ])
  })
})

it('ends in silence when nobody reads its rows any more, and says so when they cannot be written', async () => {
  const rows = fileOf(
    'rows.jsonl',
    Array.from({ length: 5_000 }, () => ({ task_id: 'a', response: '1', reference: '1', more: 'x'.repeat(200) })),
  )
  const run = (stdout: 'pipe' | number): Promise<{ status: number | null; stderr: string }> =>
    new Promise((resolve) => {
      const args = [...COMMAND, 'score', rows, '--reward', 'number']
      const child = spawn(process.execPath, args, { stdio: ['ignore', stdout, 'pipe'] })
      let stderr = ''
      child.stderr!.on('data', (chunk) => (stderr += chunk))
      child.stdout?.once('data', () => child.stdout!.destroy())
      child.on('close', (status) => resolve({ status, stderr: stderr.replace(/^(scoring.*|)\n/gm, '') }))
    })
  expect(await run('pipe')).toEqual({ status: 141, stderr: '' })
  const full = openSync('/dev/full', 'w')
  const failed = await run(full)
  closeSync(full)
  expect(failed.status).toBe(2)
  expect(failed.stderr).toMatch(/^error: cannot write to standard output: .*\nhint: send it somewhere else\n$/)
})

describe('what cannot be scored is refused', () => {
  it.each<[string, string]>([
    ['{"response":"1","reference":"1"}', 'task_id must be a text or a number'],
    ['{"task_id":"a","text":"1","reference":"1"}', 'response, completion, answer is missing'],
    ['{"task_id":"a","response":[1],"reference":"1"}', 'response must be a text'],
    ['{"task_id":"a","response":"1","reference":true}', 'reference must be a text, a number or tests'],
    ['task_id: a', 'this is not JSON'],
  ])('%s', async (line, message) => {
    const rows = fileOf('rows.jsonl', `{"task_id":"z","response":"1","reference":"1"}\n${line}\n`)
    const { status, stderr } = await score(rows, '--reward', 'math', '--json')
    expect(status).toBe(2)
    expect(stderr).toContain(`error: ${rows}, line 2: `)
    expect(stderr).toContain(message)
  })

  it('names a reward that is none', async () => {
    const rows = fileOf('rows.jsonl', solutions)
    const said = async (reward: string): Promise<string> => (await score(rows, '--reward', reward)).stderr
    expect(await said('maths')).toBe(
      'error: there is no reward maths\nhint: choose number, gsm8k, math, python, javascript, game24, or a module such as ./reward.js\n',
    )
    expect(await said('toString')).toContain('there is no reward toString')
    expect(await said('./absent.js')).toContain('cannot read the reward ./absent.js: ')
    expect(await said(fileOf('wrong.mjs', 'export default 3'))).toContain('exports no reward by default, but 3')
    expect(await said(fileOf('broken.mjs', 'export default {'))).toContain('cannot load the reward ')
    const novelty = `export default { name: 'novelty', comparesSamples: true, score: async () => [] }`
    expect(await said(fileOf('novelty.mjs', novelty))).toContain('compares the samples of a task')
    const short = `export default { name: 'short', score: async () => [] }`
    expect(await said(fileOf('short.mjs', short))).toContain(
      `error: ${rows}, line 1: the reward short gave 0 outcomes for 1 samples of task a`,
    )
  })

  it('names an empty file, one given twice and one that would be written over', async () => {
    const rows = fileOf('rows.jsonl', solutions)
    expect((await score(fileOf('empty.jsonl', ''), '--reward', 'math')).stderr).toContain('empty.jsonl is empty')
    expect((await score(rows, rows, '--reward', 'math')).stderr).toContain(`${rows} is ${rows}, too`)
    expect((await score(rows, '--reward', 'math', '--out', rows)).stderr).toContain(`${rows} is --out ${rows}, too`)
  })
})

describe('a row without the reference that the reward needs', () => {
  const bare = (id: string): object => ({ task_id: id, response: '1' })

  it('is unscored among others, with the reason, and the command says how many there are', async () => {
    const rows = fileOf('some.jsonl', [bare('c'), solutions[0]!, bare('d'), { ...bare('e'), response: null }])
    const out = path('out.jsonl')
    const { status, stdout, stderr } = await score(rows, '--reward', 'math', '--out', out)
    expect(status).toBe(0)
    expect(stdout).toBe(`4 rows, 1 scored, 3 unscored, mean reward 1.0000; wrote ${out}\n`)
    expect(stderr).toBe(
      `note: 3 of 4 rows are unscored, the first ${rows}, line 1: task c has no reference for math to compare with\n`,
    )
    const written = rowsIn(readFileSync(out, 'utf8')) as { reward: number | null; unscored?: string }[]
    expect(written.map(({ reward, unscored }) => [reward, unscored])).toEqual([
      [null, 'task c has no reference for math to compare with'],
      [1, undefined],
      [null, 'task d has no reference for math to compare with'],
      [null, 'there is no response'],
    ])
  })

  it('is an error where no row has it, and nothing is left behind', async () => {
    const rows = fileOf('some.jsonl', [{ ...bare('b'), response: null }, bare('c'), bare('d')])
    const run = (): ReturnType<typeof score> => score(rows, '--reward', 'math', '--out', path('out.jsonl'))
    for (const { status, stdout, stderr } of [await run(), await run()]) {
      expect([status, stdout]).toEqual([2, ''])
      expect(stderr).toBe(`error: ${rows}, line 2: task c has no reference for math to compare with\n`)
    }
    expect([existsSync(path('out.jsonl')), partsIn()]).toEqual([false, []])
  })

  it('is the tests for a reward of programs, and the error says what to do', async () => {
    const { status, stderr } = await score(fileOf('some.jsonl', [bare('c')]), '--reward', 'javascript', '--json')
    expect(status).toBe(2)
    expect(stderr).toMatch(/line 1: task c has no tests\nhint: give each task its tests/)
  })

  it('is no excuse for a reward that is broken', async () => {
    const broken = fileOf(
      'broken.mjs',
      `export default { name: 'b', score: async () => { throw new TypeError('bug') } }`,
    )
    const { status, stderr } = await score(fileOf('some.jsonl', [bare('c'), solutions[0]!]), '--reward', broken)
    expect(status).toBe(2)
    expect(stderr).toContain('line 1: the reward b failed on task c: bug')
  })
})

/** A reward that takes 5 ms and says in a file of which tasks it was asked. */
const SLOW = `
import { appendFileSync } from 'node:fs'
export default { name: 'slow', score: async ({ id }, samples) => {
  appendFileSync(new URL('asked', import.meta.url), id + ' ')
  await new Promise((resolve) => setTimeout(resolve, 5))
  return samples.map(({ text }) => ({ kind: 'scored', reward: text.length, answer: text }))
} }`
const partsIn = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.part'))

describe('a command that did not end', () => {
  const count = 1_500
  const args = (): string[] => ['rows.jsonl', '--reward', './slow.mjs', '--out', 'out.jsonl']
  beforeEach(() => {
    fileOf('slow.mjs', SLOW)
    fileOf(
      'rows.jsonl',
      Array.from({ length: count }, (_, i) => ({ task_id: `t${i}`, response: 'x'.repeat(i % 7) })),
    )
  })

  it.each(['SIGKILL', 'SIGINT'] as const)('by %s goes on where it was and ends in the same bytes', async (signal) => {
    const child = spawn(process.execPath, [...COMMAND, 'score', ...args()], { cwd: folder })
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve))
    let said = ''
    child.stderr.on('data', (chunk) => (said += chunk))
    while (!partsIn().some((name) => readFileSync(path(name)).length > 0)) {
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    child.kill(signal)
    expect(await ended).toBe(signal === 'SIGINT' ? 130 : null)
    const [part] = partsIn()
    if (signal === 'SIGINT') expect(said).toContain(`note: what is scored is kept in `)
    const kept = rowsIn(readFileSync(path(part!), 'utf8').replace(/[^\n]*$/, '')).length
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan(count)
    expect(existsSync(path('out.jsonl'))).toBe(false)
    // A line that the kill cut off.
    writeFileSync(path(part!), '{"task_id":"t', { flag: 'a' })
    writeFileSync(path('asked'), '')
    const again = await posttrain(['score', ...args()], folder)
    expect(again).toMatchObject({
      status: 0,
      stdout: `${count} rows, ${count} scored, 0 unscored, mean reward 2.9967; wrote out.jsonl\n`,
    })
    expect(again.stderr).toContain(`note: ${kept} rows were scored before, and are not scored again\n`)
    expect(readFileSync(path('asked'), 'utf8').trim().split(' ')).toHaveLength(count - kept)
    expect(partsIn()).toEqual([])
    const resumed = readFileSync(path('out.jsonl'))
    rmSync(path('out.jsonl'))
    await posttrain(['score', ...args()], folder)
    expect(readFileSync(path('out.jsonl')).equals(resumed)).toBe(true)
  })

  it('because of a row goes on behind the rows before it once the row is right', async () => {
    const good = [solutions[0]!, solutions[2]!]
    const out = path('out.jsonl')
    const rows = fileOf('some.jsonl', linesOf(good) + '{"task_id":"c","response":"1","reference":true}\n')
    const failed = await score(rows, '--reward', 'math', '--out', out)
    expect(failed).toMatchObject({ status: 2, stdout: '' })
    expect(failed.stderr).toContain('some.jsonl, line 3: reference must be a text, a number or tests')
    const [part] = partsIn()
    expect(rowsIn(readFileSync(path(part!), 'utf8'))).toHaveLength(2)
    fileOf('some.jsonl', [...good, { task_id: 'c', response: '1', reference: '1' }])
    const { stdout, stderr } = await score(rows, '--reward', 'math', '--out', out)
    expect(stdout).toBe(`3 rows, 3 scored, 0 unscored, mean reward 0.6667; wrote ${out}\n`)
    expect(stderr).toBe('note: 2 rows were scored before, and are not scored again\n')
    expect((rowsIn(readFileSync(out, 'utf8')) as { reward: number }[]).map(({ reward }) => reward)).toEqual([1, 0, 1])
  })

  it('is not gone on with by other rows or another reward, and what it kept stays', async () => {
    const out = path('out.jsonl')
    const rows = fileOf(
      'some.jsonl',
      linesOf(solutions.slice(0, 2)) + '{"task_id":"c","response":"1","reference":true}\n',
    )
    await score(rows, '--reward', 'math', '--out', out)
    const [part] = partsIn()
    fileOf('some.jsonl', solutions.slice(2, 4))
    const other = await score(rows, '--reward', 'math', '--out', out)
    expect(other.stderr).toContain(`${rows}, line 1 is not what the rows that ${path(part!)} holds are of`)
    expect(other.stderr).toContain('hint: remove it to score all rows anew')
    fileOf('some.jsonl', solutions.slice(0, 1))
    expect((await score(rows, '--reward', 'math', '--out', out)).stderr).toContain(
      'there are fewer rows than the rows that ',
    )
    rmSync(path('some.jsonl'))
    expect((await score(rows, '--reward', 'math', '--out', out)).stderr).toContain('cannot read ')
    expect(rowsIn(readFileSync(path(part!), 'utf8'))).toHaveLength(2)
    fileOf('some.jsonl', [{ task_id: 'a', response: '1', reference: '1 2' }])
    const reward = fileOf(
      'one.mjs',
      `export default { name: 'one', score: async (_, s) => s.map(() => ({ kind: 'scored', reward: 1 })) }`,
    )
    const { stderr } = await score(rows, '--reward', reward, '--out', out)
    expect(stderr).toBe(`note: ${path(part!)} is of another command, which did not end\n`)
    expect(partsIn()).toEqual([basename(part!)])
  })
})
