import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { posttrainHere } from './in-process.js'
import { emptyFolder, posttrain } from './posttrain.js'

const DATA = resolve(fileURLToPath(new URL('../../..', import.meta.url)), '../shared/data/bradley_terry')
const folder = emptyFolder()
afterAll(() => rmSync(folder, { recursive: true }))

const fileOf = (name: string, rows: readonly unknown[] | string): string => {
  const text = typeof rows === 'string' ? rows : rows.map((row) => JSON.stringify(row) + '\n').join('')
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

interface Ranking {
  readonly items: readonly {
    name: string
    ability: number
    se: number
    low: number
    high: number
    comparisons: number
  }[]
  readonly comparisons: number
  readonly logLikelihood: number
  readonly homeAdvantage?: { value: number; se: number }
  readonly tie?: { value: number; se: number }
}
async function ranked(...args: readonly string[]): Promise<Ranking> {
  const { status, stdout, stderr } = await posttrainHere(['rank', ...args, '--json'])
  expect({ status, stderr: stderr.replace(/^note: .*\n/gm, '') }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout) as Ranking
}

const battle = (a: string, b: string, winner: string): object => ({ question_id: 'q', model_a: a, model_b: b, winner })
const battles = [
  ...Array.from({ length: 6 }, () => battle('opus', 'haiku', 'model_a')),
  ...Array.from({ length: 2 }, () => battle('haiku', 'opus', 'model_a')),
  battle('haiku', 'opus', 'tie'),
  battle('opus', 'haiku', 'tie (bothbad)'),
]

describe('posttrain rank', () => {
  it('prints abilities relative to the first item, the best first, and says what became of ties', async () => {
    const { status, stdout, stderr } = await posttrainHere(['rank', fileOf('battles.jsonl', battles)])
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: 'note: 2 ties count as half a win for either (--ties davidson models them)\n',
    })
    // 7 of 10: log 7/3 = 0.847, with 1.96 · √(1/7 + 1/3) on either side.
    expect(stdout).toBe(
      [
        '                      ability  standard error  comparisons',
        '──────────────────────────────────────────────────────────',
        'opus     0.000 [0.000, 0.000]           0.000           10',
        'haiku  −0.847 [−2.200, 0.505]           0.690           10',
        'log-odds of being preferred to opus, with Wald intervals of level 0.95; 10 comparisons',
        '',
      ].join('\n'),
    )
  })

  it('reads counts, CSV, several files and standard input alike', async () => {
    const counted = fileOf('counted.jsonl', [
      { winner: 'opus', loser: 'haiku', count: 7 },
      { winner: 'haiku', loser: 'opus', count: 3 },
    ])
    const table = fileOf('counted.csv', 'winner,loser,count\nopus,haiku,5\nhaiku,opus,3\n')
    const rest = fileOf(
      'rest.json',
      JSON.stringify([
        { winner: 'opus', loser: 'haiku' },
        { winner: 'opus', loser: 'haiku' },
      ]),
    )
    const one = await ranked(counted)
    expect(one.items).toEqual([
      { name: 'opus', ability: 0, se: 0, low: 0, high: 0, comparisons: 10 },
      expect.objectContaining({ name: 'haiku', comparisons: 10 }),
    ])
    expect(one.items[1]!.ability).toBeCloseTo(Math.log(3 / 7), 12)
    expect(one.items[1]!.se).toBeCloseTo(Math.sqrt(1 / 3 + 1 / 7), 12)
    expect(await ranked(table, rest)).toEqual(one)
    const piped = await posttrain(
      ['rank', '-', '--json'],
      folder,
      undefined,
      '{"winner":"a","loser":"b"}\n{"winner":"b","loser":"a"}\n',
    )
    expect(JSON.parse(piped.stdout)).toMatchObject({
      comparisons: 2,
      reference: 'a',
      items: [{ ability: 0 }, { ability: 0 }],
    })
  })

  it("fits Davidson's ties and the advantage of standing first where that is asked", async () => {
    const file = fileOf('judged.jsonl', [
      ...battles,
      battle('haiku', 'opus', 'model_b'),
      battle('opus', 'haiku', 'model_b'),
    ])
    const tied = await ranked(file, '--ties', 'davidson', '--relative-to', 'haiku')
    expect(tied.items[0]!.ability).toBeCloseTo(Math.log(7 / 3), 12)
    expect(tied.tie!.value).toBeCloseTo(Math.log(2 / Math.sqrt(21)), 12)
    // The one first wins 6 of 7 and 2 of 3, ties apart; with ties as halves 6.5 of 8 and 2.5 of 4.
    const first = await ranked(file, '--home', 'model_a')
    const [opus, haiku] = ['opus', 'haiku'].map((name) => first.items.find((item) => item.name === name)!.ability)
    expect(opus! - haiku! + first.homeAdvantage!.value).toBeCloseTo(Math.log(6.5 / 1.5), 11)
    expect(haiku! - opus! + first.homeAdvantage!.value).toBeCloseTo(Math.log(2.5 / 1.5), 11)
  })

  it.each<[string, readonly unknown[] | string, string]>([
    [
      'no loser',
      [{ winner: 'a', loser: 'b' }, { winner: 'a' }],
      'line 2: loser must be the name of an item, but is missing',
    ],
    ['no text', [{ winner: 'a', loser: null }], 'line 1: loser must be the name of an item, but is null'],
    ['an unknown verdict', [battle('a', 'b', 'b')], 'line 1: winner must be model_a, model_b or tie, but is "b"'],
    [
      'half a battle',
      [{ model_a: 'a', winner: 'model_a' }],
      'line 1: model_b must be the name of an item, but is missing',
    ],
    ['an item with itself', [{ winner: 'a', loser: 'a' }], 'line 1: "a" is compared with itself'],
    [
      'a negative count',
      [{ winner: 'a', loser: 'b', count: -1 }],
      'line 1: count must be a number of at least 0, but is -1',
    ],
    ['a count in words', 'winner,loser,count\na,b,two\n', 'row 1: count must be a number of at least 0, but is "two"'],
    ['nothing', '', 'is empty'],
    ['no JSON', 'winner: a\n', 'line 1: this is not JSON'],
  ])('refuses %s and says where', async (_, rows, message) => {
    const file = fileOf('wrong.jsonl', rows)
    const { status, stdout, stderr } = await posttrainHere(['rank', file])
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toContain(`${message}\nhint: `)
    expect(stderr).toContain(file)
  })

  it('refuses comparisons without a finite fit, an item nobody knows, and a file given twice', async () => {
    const file = fileOf('chain.jsonl', [
      { winner: 'a', loser: 'b' },
      { winner: 'b', loser: 'c' },
    ])
    expect((await posttrainHere(['rank', file])).stderr).toBe(
      'error: the abilities have no bound: the items fall into 3 groups, and none was ever preferred to one of a group before ' +
        'its own: a | b | c\nhint: add comparisons, leave items out, or shrink by a ridge penalty\n',
    )
    expect((await ranked(file, '--ridge', '1')).items.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(await posttrainHere(['rank', file, '--relative-to', 'z'])).toMatchObject({
      status: 2,
      stderr: 'error: no comparison has an item "z"\nhint: name one that was compared\n',
    })
    expect(await posttrainHere(['rank', file, file])).toMatchObject({
      status: 2,
      stderr: `error: ${file} is ${file}, too\nhint: name each file once\n`,
    })
  })

  it.skipIf(!existsSync(DATA))(
    `ranks four journals as published${existsSync(DATA) ? '' : ' (skipped: ../shared/data/bradley_terry is not here)'}`,
    async () => {
      const { items } = await ranked(join(DATA, 'citations.tsv'), '--count', 'freq', '--relative-to', 'Biometrika')
      expect(items.map(({ name, ability, se }) => [name, ability.toFixed(4), se.toFixed(4)])).toEqual([
        ['JRSS-B', '0.2690', '0.0708'],
        ['Biometrika', '0.0000', '0.0000'],
        ['JASA', '-0.4796', '0.0606'],
        ['Comm Statist', '-2.9491', '0.1025'],
      ])
    },
  )
})
