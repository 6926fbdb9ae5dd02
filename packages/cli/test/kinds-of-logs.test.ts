import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { posttrainHere } from './in-process.js'
import { emptyFolder } from './posttrain.js'

const folder = emptyFolder()
afterAll(() => rmSync(folder, { recursive: true }))

const file = (text: string): string => {
  const path = join(folder, 'log.jsonl')
  writeFileSync(path, text)
  return path
}
const lines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row) + '\n').join('')

/** Verdicts of tasks: the first `solved` of them are right. */
const verdicts = (solved: number, tasks: number, fields: object = {}): object[] =>
  Array.from({ length: tasks }, (_, i) => ({ task_id: `t${i}`, passed: i < solved, ...fields }))
const votes = (...answers: readonly (readonly [answer: unknown, correct: number])[]): object[] =>
  ['a', 'b'].flatMap((task_id) => answers.map(([answer, correct]) => ({ task_id, answer, correct })))

type Figures = Readonly<Record<string, number>>

async function evaluate(
  text: string,
  options: string,
): Promise<{ figures: Figures; stderr: string; status: number | null }> {
  const { status, stdout, stderr } = await posttrainHere(['evaluate', file(text), '--json', ...options.split(' ')])
  if (status !== 0) return { figures: {}, stderr, status }
  const { metrics } = JSON.parse(stdout) as { metrics: { name: string; estimate: number }[] }
  return { figures: Object.fromEntries(metrics.map(({ name, estimate }) => [name, estimate])), stderr, status }
}

describe('each kind of log has the figures that its rows say', () => {
  const two = [...verdicts(4, 4, { model: 'm1', meta: { t: 0 } }), ...verdicts(1, 4, { model: 'm2', meta: { t: 1 } })]
  const tried = ['1', '01', '000', '001'].flatMap((tries, i) =>
    [...tries].map((one, attempt) => ({ task_id: i, attempt, passed: one === '1' })),
  )
  const cases: [kind: string, text: string, options: string, figures: Figures, note?: RegExp][] = [
    ['a value of a field', lines(two), '--where model=m2 --k 1', { 'pass@1': 0.25 }],
    ['a value of a nested field', lines(two), '--where meta.t=0 --k 1', { 'pass@1': 1 }],
    ['pooled values', lines(two), '--pool model --k 2', { 'pass@2': 1, 'pass^2': 0.25 }],
    [
      'rows given again',
      lines([...two.slice(0, 4), ...two.slice(0, 4)].map((row, i) => ({ ...row, epoch: i % 2, task_id: `t${i % 2}` }))),
      '--sample epoch --k 1',
      { 'pass@1': 1 },
      /6 rows say again/,
    ],
    [
      'tries until a success',
      lines(tried),
      '--k 1,2',
      { 'pass@1': 0.25, 'pass@2': 0.5 },
      /stopped at the first success/,
    ],
    ['tries that were fixed', lines(tried), '--k 1 --stopping fixed', { 'pass@1': (1 + 1 / 2 + 1 / 3) / 4 }],
    [
      'absent tasks by number',
      lines(verdicts(3, 4)),
      '--k 1 --expect 6',
      { 'pass@1': 0.5 },
      /2 of 6 expected tasks are absent/,
    ],
    [
      'weights',
      lines(verdicts(1, 2).map((row, i) => ({ ...row, points: 3 - 2 * i }))),
      '--k 1 --weight points',
      { 'pass@1': 0.75 },
    ],
    ['a named score', lines(verdicts(2, 4, { reward: 0 })), '--score passed --k 1', { 'pass@1': 0.5 }],
    [
      'a nested score',
      lines(['a', 'b'].map((task_id, value) => ({ task_id, scores: { match: { value } } }))),
      '--score scores.match.value --k 1',
      { 'pass@1': 0.5 },
    ],
    [
      'a list of scores under a name',
      lines([
        { q: 1, ok: [true, false] },
        { q: 2, ok: [false, false] },
      ]),
      '--id q --score ok --k 1',
      { 'pass@1': 0.25 },
    ],
    [
      'a list of scores',
      lines([
        { task_id: 1, correct: [1, 0] },
        { task_id: 2, correct: [0, 0] },
      ]),
      '--k 2',
      { 'pass@2': 0.5 },
    ],
    ['null beside a score', lines(verdicts(1, 2).map((row) => ({ ...row, reward: null }))), '--k 1', { 'pass@1': 0.5 }],
    [
      'texts as booleans',
      lines([
        { task_id: 1, passed: 'True' },
        { task_id: 2, passed: 'false' },
      ]),
      '--k 1',
      { 'pass@1': 0.5 },
    ],
    [
      'letters',
      lines(['C', 'I', 'P', 'N'].map((correct, task_id) => ({ task_id, correct }))),
      '--verdicts C=1,I=0,P=0.5,N=null --best-of 1',
      { 'best-of-1': 1.5 / 4 },
      /1 of 4 samples have no score/,
    ],
    [
      'partial credit',
      lines([0.2, 0.5, 0.9, 1].map((reward, task_id) => ({ task_id, reward }))),
      '--threshold 0.9 --k 1',
      { 'pass@1': 0.5 },
    ],
    [
      '±1',
      lines([1, -1, -1, -1].map((reward, task_id) => ({ task_id, reward }))),
      '--threshold 1 --k 1',
      { 'pass@1': 0.25 },
    ],
    [
      'NaN as a score',
      '{"task_id":1,"reward":NaN}\n{"task_id":2,"reward":1}\n',
      '--unscored exclude --drop-short --k 1',
      { 'pass@1': 1 },
      /left out/,
    ],
    ['NaN elsewhere', '{"task_id":1,"reward":0,"x":NaN}\n{"task_id":2,"reward":1}\n', '--k 1', { 'pass@1': 0.5 }],
    [
      'ids beyond 2⁵³',
      '{"task_id":1750000000000000001,"passed":true}\n{"task_id":1750000000000000002,"passed":false}\n',
      '--k 1',
      { 'pass@1': 0.5 },
    ],
    [
      'ids under a name',
      lines([
        { doc: { id: 0 }, reward: 0 },
        { doc: { id: '1' }, reward: 1 },
      ]),
      '--id doc.id --k 1',
      { 'pass@1': 0.5 },
    ],
    [
      'answers beyond 2⁵³',
      votes([1, 1], [2, 0], [3, 0])
        .map((row) => JSON.stringify(row).replace(/"answer":(\d)/, '"answer":900719925474099$1'))
        .join('\n'),
      '--vote 3',
      { 'maj@3': 1 / 3 },
    ],
    [
      'empty answers',
      lines(votes(['7', 1], ['7', 1], ['', 0], ['[invalid]', 0], [' ', 0])),
      '--vote 5',
      { 'maj@5': 1 },
      /6 of 10 answers are empty/,
    ],
    [
      'other texts for no answer',
      lines(votes(['7', 1], ['n/a', 0], ['N/A', 0])),
      '--vote 3 --blanks ,n/a',
      { 'maj@3': 1 },
      /4 of 6 answers are empty/,
    ],
    [
      'spellings',
      lines(votes(['1,000', 1], ['1000', 1], ['9', 0], ['9', 0], ['1000.0', 1])),
      '--vote 5',
      { 'maj@5': 0 },
      /"1,000" and "1000" \(--canonical text or number/,
    ],
    [
      'one spelling',
      lines(votes(['1,000', 1], ['1000', 1], ['9', 0], ['9', 0], ['1000.0', 1])),
      '--vote 5 --canonical number',
      { 'maj@5': 1 },
    ],
    [
      'answers that are lists, under a name',
      lines(votes([[1, 2], 1], [[1, 2], 1], [[2, 1], 0])).replaceAll('answer', 'final'),
      '--answer final --vote 3',
      { 'maj@3': 1 },
    ],
    [
      'references as number and text',
      lines([4, '4'].map((reference) => ({ task_id: 'a', reward: 1, reference }))),
      '--k 1',
      { 'pass@1': 1 },
    ],
    ['one task', lines([{ task_id: 'a', rewards: [1, 0, 0, 0] }]), '--k 1', { 'pass@1': 0.25 }],
  ]
  it.each(cases)('%s', async (_, text, options, figures, note) => {
    const { figures: found, stderr } = await evaluate(text, options)
    for (const [name, value] of Object.entries(figures))
      expect(found[name], `${name}: ${stderr}`).toBeCloseTo(value, 12)
    if (note) expect(stderr).toMatch(note)
    else expect(stderr).toBe('')
  })
})

describe('or is refused, with the way on', () => {
  const cases: [kind: string, text: string, options: string, message: RegExp][] = [
    [
      'two models',
      lines([...verdicts(1, 2, { model: 'x' }), ...verdicts(1, 2, { model: 'y' })]),
      '--k 1',
      /line 3: the rows differ in model \("x", "y"\)[^]*hint: group by it with --group-by model/,
    ],
    [
      'another prompt of a task',
      lines(['p', 'q'].map((prompt) => ({ task_id: 'a', passed: true, prompt }))),
      '--k 1',
      /line 2: task "a" has another prompt[^]*pool them with --pool prompt/,
    ],
    [
      'two verdicts of one sample',
      lines([0, 1].map((reward) => ({ task_id: 'a', sample: 0, reward }))),
      '--k 1',
      /line 2: task "a" has sample 0 a second time, and other than in .*line 1\n[^]*--pool FIELD/,
    ],
    [
      'two scores',
      lines([{ task_id: 'a', reward: 1.1, correct: true }]),
      '--k 1',
      /reward and correct contradict each other\nhint: choose one with --score reward/,
    ],
    [
      'letters',
      lines([{ task_id: 'a', correct: 'C' }]),
      '--k 1',
      /but is "C"\nhint: say what each text is worth with --verdicts C=1/,
    ],
    [
      'a letter that was not named',
      lines([{ task_id: 'a', correct: 'P' }]),
      '--verdicts C=1,I=0 --k 1',
      /but is "P"\nhint: .*--verdicts P=1/,
    ],
    [
      '±1',
      lines([1, -1].map((reward, task_id) => ({ task_id, reward }))),
      '--k 1',
      /the reward -1, which is neither 0 nor 1\nhint: .*--threshold/,
    ],
    [
      'an id under another name',
      lines([{ doc_id: 0, reward: 1 }]),
      '--k 1',
      /hint: name the field with --id; the row has doc_id, reward/,
    ],
    ['no score at all', lines([{ task_id: 'a', score: 1 }]), '--k 1', /hint: .*name another field with --score/],
    ['a torn last line', `${lines(verdicts(1, 2))}{"task_id":"c","pas`, '--k 1', /line 3: the last line is cut off/],
    [
      'more tasks than are expected',
      lines(verdicts(1, 3)),
      '--expect 2 --k 1',
      /2 tasks are expected, but there are 3/,
    ],
    [
      'a cluster that a row lacks',
      lines([...verdicts(1, 1, { p: 1 }), ...verdicts(0, 1)]),
      '--cluster p --k 1',
      /line 2: p must be in every row/,
    ],
    ['a where without a value', lines(verdicts(1, 2)), '--where model', /must be of the form model=m1/],
    ['verdicts without numbers', lines(verdicts(1, 2)), '--verdicts C=yes', /must be a number/],
  ]
  it.each(cases)('%s', async (_, text, options, message) => {
    const { status, stderr } = await evaluate(text, options)
    expect(stderr).toMatch(message)
    expect(status).toBe(2)
  })
})

describe('results for several', () => {
  it('groups', async () => {
    const log = file(lines([...verdicts(4, 4, { model: 'm1' }), ...verdicts(1, 4, { model: 'm2' })]))
    const { stdout } = await posttrainHere(['evaluate', log, '--k', '1', '--group-by', 'model', '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      groups: [
        { group: { model: 'm1' }, tasks: 4, metrics: [{ estimate: 1 }, { estimate: 1 }] },
        { group: { model: 'm2' }, tasks: 4, metrics: [{ estimate: 0.25 }, { estimate: 0.25 }] },
      ],
    })
  })

  it('tags, with absent tasks that a file names', async () => {
    const tasks = join(folder, 'tasks.jsonl')
    writeFileSync(
      tasks,
      lines(Array.from({ length: 10 }, (_, i) => ({ task_id: `t${i}`, level: i < 8 ? 'easy' : 'hard' }))),
    )
    const log = file(lines(verdicts(8, 8, { level: 'easy' })))
    const { stdout } = await posttrainHere(['evaluate', log, '--k', '1', '--tag', 'level', '--expect', tasks, '--json'])
    expect(JSON.parse(stdout)).toMatchObject({
      tasks: 10,
      absent: 2,
      metrics: [{ name: 'pass@1', estimate: 0.8 }, {}],
      tags: [
        { tag: 'easy', metrics: [{ estimate: 1 }, {}] },
        { tag: 'hard', metrics: [{ estimate: 0 }, {}] },
      ],
      meanOverTags: [{ estimate: 0.5 }, {}],
    })
  })

  it('two systems of one file compared', async () => {
    const log = file(lines([...verdicts(1, 8, { model: 'm1' }), ...verdicts(5, 8, { model: 'm2' })]))
    const which = ['--where-a', 'model=m1', '--where-b', 'model=m2']
    const { stdout } = await posttrainHere(['compare', log, log, '--metric', 'pass@1', '--json', ...which])
    expect(JSON.parse(stdout)).toMatchObject({ tasks: 8, a: 1 / 8, b: 5 / 8 })
  })

  it('two logs compared, of which one has crashed on what the other solves', async () => {
    const a = join(folder, 'a.jsonl')
    writeFileSync(a, lines(verdicts(40, 40)))
    const b = file(lines(verdicts(10, 10)))
    const args = ['compare', a, b, '--metric', 'pass@1', '--json']
    expect(JSON.parse((await posttrainHere(args)).stdout)).toMatchObject({ tasks: 10, a: 1, b: 1, worse: false })
    const { stdout } = await posttrainHere([...args, '--expect', a])
    expect(JSON.parse(stdout)).toMatchObject({ tasks: 40, a: 1, b: 0.25, worse: true })
  })
})
