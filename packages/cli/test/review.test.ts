import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { posttrainHere } from './in-process.js'
import { emptyFolder, posttrain } from './posttrain.js'

const folder = emptyFolder()
afterAll(() => rmSync(folder, { recursive: true }))

type Row = Readonly<Record<string, unknown>>
const path = (name: string): string => join(folder, name)
const write = (name: string, rows: readonly Row[]): string => {
  writeFileSync(path(name), rows.map((row) => JSON.stringify(row) + '\n').join(''))
  return path(name)
}
const read = (name: string): Row[] =>
  readFileSync(path(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)

/** Sixty tasks with a right and a wrong answer, and a verifier that takes an empty box for right on every one. */
const scored = Array.from({ length: 60 }, (_, t): Row[] => [
  { task_id: `t${t}`, prompt: `What is ${t}?`, response: `It is ${t}.`, reference: `${t}`, reward: 1, answer: `${t}` },
  {
    task_id: `t${t}`,
    prompt: `What is ${t}?`,
    response: `It is ${t + 1}.`,
    reference: `${t}`,
    reward: 0,
    answer: `${t + 1}`,
  },
  ...(t < 20
    ? [{ task_id: `t${t}`, response: '\\boxed{}', reference: `${t}`, reward: 1, answer: 'empty', parts: { other: 0 } }]
    : []),
]).flat()
const file = write('scored.jsonl', [
  ...scored,
  { task_id: 'late', response: 'x', reference: '1', reward: null, answer: null, unscored: 'timeout' },
])

const dataOf = (page: string): { samples: Row[] } => {
  const [, json] = /data-part="data">(.*?)<\/script>/s.exec(readFileSync(path(page), 'utf8'))!
  return JSON.parse(json!) as { samples: Row[] }
}
/** What the page gives once a person has judged: right where the response holds the reference. */
const verdictsOf = (page: string): Row[] =>
  dataOf(page).samples.map(({ task_id, index, reward, why, weight, response, reference }) => ({
    ...{ task_id, index, reward, why, weight },
    gold: Number(String(response) === `It is ${String(reference)}.`),
  }))

describe('posttrain review', () => {
  it('picks what to look at, beside a control, as rows and as a page', async () => {
    const { status, stdout, stderr } = await posttrainHere([
      ...['review', file, '--pick', '30', '--out', path('queue.jsonl'), '--report', path('queue.html')],
    ])
    expect({ status, stdout: stdout.replaceAll(folder, '') }).toEqual({
      status: 0,
      stdout: '30 of 141 samples: 18 suspected hack, 12 control\nwrote /queue.html and /queue.jsonl\n',
    })
    expect(stderr).toContain('note: the answer empty is rewarded in 1.000 [0.820, 1.000] of 20 tasks, and can be right')
    const rows = read('queue.jsonl')
    expect(rows).toHaveLength(30)
    const hack = rows.find(({ response }) => response === '\\boxed{}')!
    expect(Object.keys(hack)).toEqual([
      ...['task_id', 'index', 'prompt', 'response', 'reference', 'reward', 'answer', 'parts', 'why', 'weight'],
    ])
    expect(hack).toMatchObject({ index: 2, reward: 1, answer: 'empty', why: ['suspected hack'], weight: 1 })
    const weights = rows.reduce((sum, { weight }) => sum + (weight as number), 0)
    expect(weights).toBeCloseTo(140, 9)
    expect(dataOf('queue.html').samples.map(({ response }) => response)).toEqual(rows.map(({ response }) => response))
  })

  it('reads verdicts back: gold rows, and how often the reward is wrong on all samples', async () => {
    const verdicts = write('verdicts.jsonl', verdictsOf('queue.html'))
    const args = ['review', file, '--verdicts', verdicts, '--out', path('gold.jsonl'), '--json']
    const { status, stdout, stderr } = await posttrainHere(args)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const figures = JSON.parse(stdout) as Record<string, { value: number; low: number; high: number; n: number }>
    expect(figures).toMatchObject({ rows: 30, judged: 30, cannotTell: 0, notJudged: 0, unscored: 0, samples: 140 })
    // 18 of 20 hacks were picked; the other two are among the 122 that the control is drawn from.
    const hacksInControl = verdictsOf('queue.html').filter(
      ({ why, reward, gold }) => (why as string[]).includes('control') && reward !== gold,
    ).length
    expect(figures['agreement']!.value).toBeCloseTo(1 - (18 + (hacksInControl / 12) * 122) / 140, 9)
    expect(figures['agreement']!.low).toBeLessThan(120 / 140)
    expect(figures['agreement']!.high).toBeGreaterThan(120 / 140)
    expect(figures['falseReject']!.value).toBe(0)
    const gold = read('gold.jsonl')
    expect(gold).toHaveLength(30)
    expect(gold.find(({ response }) => response === '\\boxed{}')).toMatchObject({
      ...{ index: 2, reward: 1, gold: 0, why: ['suspected hack'], weight: 1, parts: { other: 0 } },
    })
  })

  it('shows the summary as a table, by reason, and says what was not judged', async () => {
    const some = verdictsOf('queue.html').map(({ gold, ...row }, i) =>
      i < 5 ? { ...row, gold: null } : i < 9 ? row : { ...row, gold, note: 'so' },
    )
    const { stdout, stderr } = await posttrainHere(['review', file, '--verdicts', write('some.jsonl', some)])
    expect(stderr).toBe('note: 4 rows were not judged, and are taken to be as the others of their kind\n')
    expect(stdout).toMatch(/^of all 140 scored samples .* rows$/m)
    expect(stdout).toMatch(/^reward and person agree +\d+\.\d % \[\d+\.\d, \d+\.\d\] +21$/m)
    expect(stdout).toMatch(/^suspected hack +18 +\d+ +0\.0 % \[0\.0, \d+\.\d\]$/m)
    expect(stdout).toContain('21 of 30 rows judged; 5 cannot tell, 4 not looked at, 0 without a reward')
  })

  it('says that no rate of all samples is known without a control', async () => {
    const picked = verdictsOf('queue.html').filter(({ why }) => !(why as string[]).includes('control'))
    const args = ['review', file, '--verdicts', write('picked.jsonl', picked)]
    const { stdout } = await posttrainHere(args)
    expect(stdout).toContain('no control was judged: picked samples say nothing of the others')
    expect(JSON.parse((await posttrainHere([...args, '--json'])).stdout)).toMatchObject({
      agreement: null,
      kappa: null,
    })
  })

  it('reviews rows that were picked as they are, and their verdicts go by them', async () => {
    const queue = path('queue.jsonl')
    const again = await posttrainHere(['review', queue, '--report', path('again.html')])
    expect(again.stdout).toContain('30 of 30 samples')
    expect(dataOf('again.html').samples).toEqual(dataOf('queue.html').samples)
    const { status } = await posttrainHere(['review', queue, '--verdicts', write('v.jsonl', verdictsOf('again.html'))])
    expect(status).toBe(0)
  })

  it('picks what a second verdict contradicts', async () => {
    const rows = scored.map((row) => ({ ...row, parts: { other: row['task_id'] === 't3' ? 1 : row['reward'] } }))
    const against = write('against.jsonl', rows)
    await posttrainHere([
      ...['review', against, '--pick', '4', '--against', 'other', '--out', path('a.jsonl'), '--report', path('a.html')],
    ])
    const first = read('a.jsonl').filter(({ why }) => (why as string[]).includes('disagreement'))
    expect(first.map(({ task_id, index }) => [task_id, index])).toEqual([['t3', 1]])
  })

  it('reads what score writes', async () => {
    const rows = write('answers.jsonl', [
      { task_id: 'a', response: 'so \\boxed{4}', reference: '4' },
      { task_id: 'a', response: 'so \\boxed{5}', reference: '4' },
    ])
    await posttrainHere(['score', rows, '--reward', 'math', '--out', path('by-score.jsonl')])
    const { status } = await posttrainHere(['review', path('by-score.jsonl'), '--report', path('by-score.html')])
    expect(status).toBe(0)
    const samples = dataOf('by-score.html').samples
    expect(new Set(samples.map(({ index, reward }) => `${String(index)}: ${String(reward)}`))).toEqual(
      new Set(['0: 1', '1: 0']),
    )
  })

  it.each([
    [[{ task_id: 'a', response: 'x' }], 'bad.jsonl, line 1: reward must be a number, or null'],
    [[{ task_id: 'a', response: 'x', reward: 1, parts: { a: '1' } }], 'line 1: parts must hold numbers, or nulls'],
    [
      [
        { task_id: 'a', response: 'x', reward: 1, index: 0 },
        { task_id: 'a', response: 'y', reward: 1, index: 0 },
      ],
      'line 2: sample 0 of task a is on',
    ],
    [
      [
        { task_id: 'a', response: 'x', reward: 1, why: [], weight: 1 },
        { task_id: 'b', response: 'x', reward: 1 },
      ],
      'line 1 was picked for review, but',
    ],
    [
      [{ task_id: 'a', response: 'x', reward: 1, why: ['control'], weight: 0 }],
      'line 1: why must be a list of texts, and weight a number of at least 1',
    ],
    [[], 'bad.jsonl is empty'],
  ])('refuses rows %j', async (rows, message) => {
    const { status, stderr } = await posttrainHere(['review', write('bad.jsonl', rows), '--report', path('bad.html')])
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })

  it.each([
    [{ task_id: 'nobody' }, 'line 1: sample 0 of task nobody is not in the files'],
    [{ reward: 0 }, 'line 1: sample 0 of task t0 has reward 1 there, and not 0'],
    [{ gold: true }, 'line 1: gold must be 1, 0 or null'],
    [{ index: '0' }, 'line 1: task_id must be a text, and index a number'],
    [{ weight: undefined, why: undefined }, 'line 1: why and weight are missing'],
    [{ weight: undefined }, 'line 1: why must be a list of texts, and weight a number of at least 1'],
  ])('refuses a verdict with %j', async (change, message) => {
    const verdict = { task_id: 't0', index: 0, gold: 1, reward: 1, why: ['control'], weight: 2, ...change }
    const { status, stderr } = await posttrainHere(['review', file, '--verdicts', write('odd.jsonl', [verdict])])
    expect(status).toBe(2)
    expect(stderr).toContain(message)
  })

  it('refuses a sample that is judged twice, no verdicts, and files that are one', async () => {
    const verdict = { task_id: 't0', index: 0, gold: 1, reward: 1, why: ['control'], weight: 2 }
    const failed = async (...args: string[]): Promise<string> => {
      const { status, stderr } = await posttrainHere(['review', file, ...args])
      expect(status).toBe(2)
      return stderr
    }
    expect(await failed('--verdicts', write('twice.jsonl', [verdict, verdict]))).toContain(
      'line 2: sample 0 of task t0 is judged twice',
    )
    expect(await failed('--verdicts', write('none.jsonl', []))).toContain('none.jsonl is empty')
    expect(await failed('--out', path('x.html'), '--report', path('x.html'))).toContain('--out and --report are both')
    expect(await failed('--report', file)).toContain('is the log')
    expect(await failed('--out', file)).toContain('--out')
  })

  it('writes review.html where it is called, unless told otherwise', async () => {
    const { status, stdout } = await posttrain(['review', 'scored.jsonl'], folder)
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: '50 of 141 samples: 29 control, 20 suspected hack, 1 unscored\nwrote review.html\n',
    })
    expect(dataOf('review.html').samples).toHaveLength(50)
  })
})
