import { existsSync, readFileSync } from 'node:fs'
import type { Outcome } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { extractAnswerExpression, game24Reward, verifyExpression } from '@posttrain/recipes'
import { parsePrompt } from '../../src/game24/prompt.js'
import { samplesOf } from '../samples.js'

describe('verifyExpression', () => {
  it.each([
    ['(10 - 4) * (13 - 9)', true, 'uses each number once and is 24'],
    ['10 - 4 * (13 - 9)', false, 'uses each number once and is -6'],
    ['(10 - 4) * 4', false, 'uses 4, 4, 10 instead of 4, 9, 10, 13'],
    ['13 / (9 - 9) + 4', false, 'uses 4, 9, 9, 13 instead of 4, 9, 10, 13'],
    ['(10 - 4) * (13 - 9', false, "expected an operator or ')' at position 19"],
  ])('judges %j', (expression, correct, reason) => {
    const verdict = verifyExpression(expression, [4, 9, 10, 13])
    expect(verdict.correct).toBe(correct)
    expect(verdict.reason).toContain(reason)
  })

  it('is exact: 8 / (3 - 8 / 3) is 24, and a division by 0 is named', () => {
    expect(verifyExpression('8 / (3 - 8 / 3)', [3, 3, 8, 8]).correct).toBe(true)
    expect(verifyExpression('1 / (2 - 2)', [1, 2, 2])).toEqual({ correct: false, reason: 'divides by 0' })
    expect(verifyExpression('1 + 2', [1, 2], 3).correct).toBe(true)
    expect(() => verifyExpression('1', [1.5])).toThrow('numbers[0] must be an integer, but is 1.5')
  })
})

describe('game24Reward', () => {
  const score = (prompt: string, ...texts: string[]): Promise<readonly Outcome[]> =>
    game24Reward().score({ id: 't', prompt }, samplesOf(texts))

  it('gives one key to the same solution, another to a wrong one, and none to what is no trace', async () => {
    const solved = '13 - 9 4 10 4 | 10 - 4 4 6 | 6 * 4 24 .'
    const commuted = '13 - 9 10 4 4 | 10 - 4 4 6 | 4 * 6 24 .'
    const wrong = '13 - 9 4 10 5 | 10 - 4 5 6 | 6 * 5 30 .'
    expect(await score('24 : 4 9 10 13', solved, commuted, wrong, '24')).toEqual([
      { kind: 'scored', reward: 1, answer: '(10 - 4) * (13 - 9)' },
      { kind: 'scored', reward: 1, answer: '(10 - 4) * (13 - 9)' },
      { kind: 'scored', reward: 0, answer: '(10 - 4) * 5' },
      { kind: 'scored', reward: 0 },
    ])
  })

  it('refuses a task that is no puzzle', async () => {
    expect(parsePrompt('24 : 4 9 10 13')).toEqual({ target: 24, numbers: [4, 9, 10, 13] })
    await expect(score('4 9 10 13', '4')).rejects.toThrow('"4 9 10 13" is not a puzzle')
  })
})

const folder = '../shared/data/tot_game24'
const title = existsSync(folder) ? '' : ' (skipped: ../shared/data/tot_game24 is not there)'

describe.skipIf(!existsSync(folder))(`20,500 labelled answers of GPT-4${title}`, () => {
  interface Row {
    readonly idx: number
    readonly ys: readonly string[]
    readonly accs?: readonly boolean[]
    readonly infos?: readonly { readonly r: number }[]
  }
  it.each([
    ['naive_standard_sample_100', 10_000, 734],
    ['naive_cot_sample_100', 10_000, 403],
    ['propose1_value3_greedy5', 500, 119],
  ])('reproduces every label of %s', (name, total, correct) => {
    const puzzles = readFileSync(`${folder}/24.csv`, 'utf8').split('\n').slice(1)
    const numbersOf = (row: number): number[] => puzzles[row]!.split(',')[1]!.split(' ').map(Number)
    const rows = JSON.parse(readFileSync(`${folder}/gpt-4_0.7_${name}.json`, 'utf8')) as readonly Row[]
    const labels = rows.flatMap((row) => row.accs ?? row.infos!.map(({ r }) => r === 1))
    const verdicts = rows.flatMap((row) =>
      row.ys.map((text) => verifyExpression(extractAnswerExpression(text), numbersOf(row.idx)).correct),
    )
    expect(verdicts).toEqual(labels)
    expect([verdicts.length, verdicts.filter(Boolean).length]).toEqual([total, correct])
  })
})
