import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { emptyFolder, posttrain } from './posttrain.js'

const DATA = resolve(fileURLToPath(new URL('../../..', import.meta.url)), '../shared/data')
const missing = (name: string): boolean => !existsSync(join(DATA, name))
const titled = (title: string, name: string): string =>
  missing(name) ? `${title} (skipped: ../shared/data/${name} is not here)` : title
const text = (path: string): string => readFileSync(join(DATA, path), 'utf8')
const jsonLines = <Row>(path: string): Row[] =>
  text(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row)

const cwd = emptyFolder()
afterAll(() => rmSync(cwd, { recursive: true }))

/** What a reader of these files' votes must know. */
const VOTE_NOTES: Readonly<Record<string, string>> = {
  'cot.jsonl':
    'note: answers of 1 tasks count as different that differ only in case, spaces or number form, for instance ' +
    '"answer: 2 * (10 - (3 * 3)) = 24" and "answer: 2 * (10 - (3 *  3)) = 24" (--canonical text or number makes them one)\n',
}

async function evaluate(file: string, ...options: string[]): Promise<ReadonlyMap<string, number>> {
  const { status, stdout, stderr } = await posttrain(['evaluate', file, ...options, '--json'], cwd)
  expect({ status, stderr }).toEqual({ status: 0, stderr: options.includes('--vote') ? (VOTE_NOTES[file] ?? '') : '' })
  const { metrics } = JSON.parse(stdout) as { metrics: { name: string; estimate: number }[] }
  return new Map(metrics.map(({ name, estimate }) => [name, estimate]))
}
function log(name: string, rows: readonly object[]): string {
  writeFileSync(join(cwd, name), rows.map((row) => JSON.stringify(row) + '\n').join(''))
  return name
}
function expectAll(found: ReadonlyMap<string, number>, expected: Record<string, number>): void {
  for (const [name, value] of Object.entries(expected)) {
    expect(Math.abs(found.get(name)! - value), name).toBeLessThan(1e-12)
  }
}

describe.skipIf(missing('tot_game24'))(titled('GPT-4 on 100 puzzles of the Game of 24', 'tot_game24'), () => {
  type Row = { idx: number; ys: string[]; accs?: boolean[]; infos?: { r: number }[] }
  const scores = ({ accs, infos }: Row): (number | boolean)[] => accs ?? infos!.map(({ r }) => r)
  const load = (prompt: string): Row[] =>
    JSON.parse(text(`tot_game24/gpt-4_0.7_naive_${prompt}_sample_100.json`)) as Row[]

  it('plain prompt, as a row per sample', async () => {
    const rows = load('standard').flatMap((row) => scores(row).map((reward) => ({ task_id: row.idx, reward })))
    expectAll(await evaluate(log('plain.jsonl', rows), '--k', '1,2,5,10,25,50,100'), {
      'pass@1': 0.0734,
      'pass@2': 0.10574545454545455,
      'pass@5': 0.1491772446482498,
      'pass@10': 0.1788870891446286,
      'pass@25': 0.2242380431372671,
      'pass@50': 0.27278807656386095,
      'pass@100': 0.33,
      'pass^2': 0.041054545454545455,
      'pass^10': 0.011626322110915036,
    })
  })

  it('chain of thought, as a row per task, with the vote of all 100 under both tie rules', async () => {
    const rows = load('cot').map((row) => ({
      task_id: row.idx,
      rewards: scores(row),
      answers: row.ys.map((y) => y.trim().split('\n').at(-1)!.toLowerCase()),
      samples: row.ys,
    }))
    const file = log('cot.jsonl', rows)
    expectAll(await evaluate(file, '--k', '1,2,5,10,25,50,100', '--vote', '100'), {
      'pass@1': 0.0403,
      'pass@2': 0.0728,
      'pass@5': 0.14292037392120235,
      'pass@10': 0.21476924101631448,
      'pass@25': 0.32242511862151935,
      'pass@50': 0.4068478461300689,
      'pass@100': 0.49,
      'pass^2': 0.0078,
      'pass^10': 9.157158910930266e-6,
      'maj@100': 0.53 / 6,
    })
    expectAll(await evaluate(file, '--vote', '100', '--ties', 'first'), { 'maj@100': 0.09 })
  })
})

describe.skipIf(missing('taubench_airline'))(titled('τ-bench airline', 'taubench_airline'), () => {
  it('pass^1 … 4 are the published ones, from the file as it is', async () => {
    expectAll(await evaluate(join(DATA, 'taubench_airline/gpt-4o-airline_rewards.jsonl'), '--k', '1,2,3,4'), {
      'pass^1': 21 / 50,
      'pass^2': 41 / 150,
      'pass^3': 11 / 50,
      'pass^4': 1 / 5,
      'pass@2': 17 / 30,
      'pass@3': 33 / 50,
      'pass@4': 18 / 25,
    })
  })
})

describe.skipIf(missing('codet'))(titled('16,400 samples of CodeGen-16B on HumanEval', 'codet'), () => {
  const expected = { 'pass@1': 145 / 656, 'pass@10': 0.5037022432822574, 'pass@100': 121 / 164 }

  it('from the counts, as the file has them', async () => {
    expectAll(await evaluate(join(DATA, 'codet/labels_cpython.jsonl'), '--k', '1,10,100'), expected)
  })

  it('from a row per label', async () => {
    const tasks = jsonLines<{ task_id: string; results: string[] }>('codet/labels_cpython.jsonl')
    const rows = tasks.flatMap(({ task_id, results }) =>
      results.map((result) => ({ task_id, passed: result === 'passed' })),
    )
    expect(rows).toHaveLength(16_400)
    expectAll(await evaluate(log('humaneval.jsonl', rows), '--k', '1,10,100'), expected)
  })
})

describe.skipIf(missing('gsm8k'))(titled('the vote of four systems on GSM8K', 'gsm8k'), () => {
  const systems = ['6b_finetuning', '6b_verification', '175b_finetuning', '175b_verification'] as const
  type Row = Record<(typeof systems)[number], { is_correct: boolean; solution: string }>

  /** The final answer as a number where it is one, as its own text otherwise, null where there is none. */
  function answerOf(solution: string): string | null {
    const written = /^A:(.*)$/.exec(solution.split('\n').at(-1)!)?.[1]?.trim() ?? ''
    const plain = written.replace(/[,$]/g, '').replace(/\.$/, '')
    if (written === '') return null
    return plain !== '' && Number.isFinite(Number(plain)) ? String(Number(plain)) : written
  }

  it('is right on 584 of 1,319 with first-seen ties and on 7,625/12 with shared ones', async () => {
    const rows = jsonLines<Row>('gsm8k/example_model_solutions.jsonl').flatMap((row, i) =>
      systems.map((system) => ({
        task_id: i,
        correct: row[system].is_correct,
        answer: answerOf(row[system].solution),
      })),
    )
    const file = log('gsm8k.jsonl', rows)
    expectAll(await evaluate(file, '--vote', '4', '--ties', 'first'), { 'maj@4': 584 / 1319 })
    expectAll(await evaluate(file, '--vote', '4'), { 'maj@4': 7625 / 12 / 1319 })
  })
})
