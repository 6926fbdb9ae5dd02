import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { emptyFolder, posttrain } from './posttrain.js'
import { withoutBounds } from './without-bounds.js'

const cwd = emptyFolder()
afterAll(() => rmSync(cwd, { recursive: true }))

const lines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row) + '\n').join('')
const file = (name: string, content: string | Buffer): string => {
  writeFileSync(join(cwd, name), content)
  return name
}

/** Two tasks of four samples, in two shards of different shape: 2 of 4 and 0 of 3 correct, one unscored. */
const SHARD = lines([0, 1, 1, 0].map((reward, i) => ({ task_id: 'a', reward, answer: `${i % 3}`, completion: '…' })))
const ZIPPED = gzipSync(lines([{ task_id: 'b', rewards: [false, false, null, false], answers: ['x', 'x', null, 'y'] }]))

describe('posttrain evaluate', () => {
  it('prints one JSON object and nothing else on standard output', async () => {
    const files = [file('a.jsonl', SHARD), file('b.jsonl.gz', ZIPPED)]
    const args = ['--k', '2,1', '--vote', '3', '--best-of', '2', '--level', '0.9', '--json']
    const { status, stdout, stderr } = await posttrain(['evaluate', ...files, ...args], cwd)
    expect(stderr).toBe(
      'note: 1 of 8 samples have no score and count as failures (--unscored count-as-failure)\n' +
        'note: the log has no proxies: best-of-N chooses by the reward itself\n',
    )
    expect(status).toBe(0)
    const { metrics, ...rest } = JSON.parse(stdout) as { metrics: Record<string, unknown>[] }
    expect(rest).toEqual({ tasks: 2, samples: 8, unscored: 1, unscoredPolicy: 'count-as-failure' })
    const found = metrics.map(({ name, estimate }) => [name, Number((estimate as number).toFixed(12))])
    // Of a's votes (0 wrong or right alike, 1 and 2 right or wrong) see maj@3 below; b has no correct sample.
    expect(found).toEqual([
      ['pass@1', 0.25],
      ['pass@2', Number((5 / 12).toFixed(12))],
      ['pass^1', 0.25],
      ['pass^2', Number((1 / 12).toFixed(12))],
      // a's answers are 0 (wrong), 1 (right), 2 (right), 0 (wrong): 012 → 2/3, 010 → 0, 020 → 0, 120 → 2/3.
      ['maj@3', Number((4 / 3 / 4 / 2).toFixed(12))],
      ['best-of-2', Number((5 / 12).toFixed(12))],
    ])
    for (const { low, estimate, high, level, method, tasks, ...others } of metrics) {
      expect(low).toBeLessThanOrEqual(estimate as number)
      expect(high).toBeGreaterThanOrEqual(estimate as number)
      expect({ level, method, tasks, others: Object.keys(others) }).toEqual({
        level: 0.9,
        method: 'score',
        tasks: 2,
        others: ['name'],
      })
    }
  })

  it('reads standard input, prints a table and writes a report', async () => {
    const rows = lines(
      ['a', 'b', 'c'].map((task_id, c) => ({ task_id, n: 16, c: 4 * c, system: c === 1 ? 'one' : 'two' })),
    )
    const args = ['evaluate', '-', '--where', 'system=two', '--report', 'report.html']
    const { status, stdout, stderr } = await posttrain(args, cwd, undefined, rows)
    expect(stderr).toBe('note: no metric was asked for (--k, --vote, --best-of, --metric): these are --k 1,8,16\n')
    expect(status).toBe(0)
    expect(withoutBounds(stdout)).toMatchInlineSnapshot(`
      "k  pass@k  pass^k
      ─
      1  25.0 % […]  25.0 % […]
      8  50.0 % […]  0.0 % […]
      16  50.0 % […]  0.0 % […]
      n = 2 tasks × 16 samples; 95 % interval: …; unscored samples: 0, policy count-as-failure
      "
    `)
    const report = readFileSync(join(cwd, 'report.html'), 'utf8')
    expect(report).toContain('<h1>standard input</h1>')
    expect(report).toContain('pass@k against the number of samples')
    expect(report).toContain('no metric was asked for')
    expect(report).toContain('Of 2 tasks, by 16 samples each: never solved 1 (50.0 %), sometimes 1 (50.0 %)')
    expect(report.match(/<svg/g)).toHaveLength(2)
  })

  it('shows its progress on a large file', async () => {
    const row = JSON.stringify({ task_id: 'a', reward: 1, completion: 'x'.repeat(1000) })
    const large = file('large.jsonl', `${row}\n`.repeat(9000) + row.replace('"a"', '"b"'))
    const { status, stdout, stderr } = await posttrain(['evaluate', large, '--k', '1', '--json'], cwd)
    expect(stderr).toMatch(/reading .* 9\/10 MB · 9,001 rows|reading .* 10\/10 MB · 9,001 rows/)
    expect(status).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ tasks: 2, samples: 9001 })
  })
})

describe('wrong input ends with one sentence, a hint and status 2', () => {
  file(
    'good.jsonl',
    lines([
      { task_id: 'a', n: 2, c: 1 },
      { task_id: 'b', n: 8, c: 1 },
    ]),
  )
  file('malformed.jsonl', '{"task_id":"a","n":2,"c":1}\n{"task_id":}\n')
  file('nan.jsonl', '{"task_id":"a","reward":NaN}\n')
  file('negative.jsonl', '\n{"task_id":"a","n":-2,"c":0}\n')
  file('more.jsonl', '{"task_id":"a","n":2,"c":3}\n')
  file('empty.jsonl', '\n')
  file('binary.jsonl', Buffer.from([0xff, 0xd8, 0xff, 0xe0]))
  file(
    'references.jsonl',
    lines([
      { task_id: 'a', reward: 1, reference: '4' },
      { task_id: 'a', reward: 1, reference: '5' },
    ]),
  )
  file(
    'systems.jsonl',
    lines([
      { task_id: 'a', reward: 1, system: 'x' },
      { task_id: 'b', reward: 1, system: 'y' },
    ]),
  )
  file(
    'scoreless.jsonl',
    lines([
      { task_id: 'a', completion: '1' },
      { task_id: 'b', completion: '1' },
    ]),
  )
  file(
    'unscored.jsonl',
    lines([
      { task_id: 'a', rewards: [null, 1] },
      { task_id: 'b', reward: 1 },
    ]),
  )
  const cases: [string, string[], RegExp][] = [
    ['a malformed line', ['malformed.jsonl'], /malformed.jsonl, line 2: this is not JSON\nhint/],
    [
      'k > n',
      ['good.jsonl', '--k', '1,4'],
      /pass@4 needs 4 .*1 of 2 tasks have fewer: "a" \(2\)\nhint: lower K to at most 2, .* out with --drop-short/,
    ],
    [
      'other references',
      ['references.jsonl'],
      /references.jsonl, line 2: task "a" has the reference "5" here and "4" before/,
    ],
    ['NaN alone', ['nan.jsonl'], /none of the 1 samples has a score \(nan.jsonl, line 1\)\nhint: .*--score/],
    [
      'negative counts',
      ['negative.jsonl'],
      /negative.jsonl, line 2: n must be a whole number of at least 0, but is -2/,
    ],
    ['c > n', ['more.jsonl'], /more.jsonl, line 1: c = 3 samples are correct, but there are only n = 2/],
    ['an empty file', ['empty.jsonl'], /empty.jsonl is empty\nhint/],
    ['no text', ['binary.jsonl'], /binary.jsonl, line 1: this is not text/],
    [
      'no file',
      ['none.jsonl'],
      /cannot read none.jsonl: there is no such file or folder \(ENOENT\)\nhint: check the path\n/,
    ],
    [
      'a file twice',
      ['good.jsonl', './good.jsonl'],
      /\.\/good.jsonl is given twice, the first time as good.jsonl\nhint: its samples would count double\n/,
    ],
    [
      'several systems',
      ['systems.jsonl'],
      /line 2: the rows differ in system \("x", "y"\).*\nhint: group by it with --group-by system, choose one value with --where system=VALUE/,
    ],
    [
      'an absent system',
      ['systems.jsonl', '--where', 'system=z'],
      /no row has system = z\nhint: in the log system is "x", "y"/,
    ],
    [
      'no scores',
      ['scoreless.jsonl'],
      /none of the 2 samples has a score \(scoreless.jsonl, line 1\)\nhint: the score is called/,
    ],
    [
      'unscored samples that nothing is to become of',
      ['unscored.jsonl', '--unscored', 'throw'],
      /unscored.jsonl, line 1: a sample has no score.*\nhint: score them, or choose --unscored count-as-failure or exclude/,
    ],
    ['no list', ['good.jsonl', '--k', '1,x'], /must be a whole number of at least 1/],
    ['no level', ['good.jsonl', '--level', '95'], /must be a number between 0 and 1/],
    [
      'an unwritable report',
      ['good.jsonl', '--report', 'none/report.html'],
      /cannot write none\/report.html: there is no such file or folder \(ENOENT\)/,
    ],
    [
      'a report over its log',
      ['good.jsonl', '--report', './good.jsonl'],
      /the report .\/good.jsonl is the log good.jsonl itself\nhint: choose another --report\n/,
    ],
  ]
  it.each(cases)('%s', async (_, args, message) => {
    const { status, stdout, stderr } = await posttrain(['evaluate', ...args], cwd)
    expect(stderr).toMatch(message)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(existsSync(join(cwd, 'none'))).toBe(false)
  })
})
