import { describe, expect, it } from 'vitest'
import type { ScoredOutcome } from '@posttrain/core'
import { majorityAtK, passAtK, passHatK } from '@posttrain/estimators'
import type { VoteRules } from '@posttrain/estimators'
import { json, jsonLines, missing, titled } from './real-data.js'

interface Counted {
  readonly n: number
  readonly c: number
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length
const passCurve = (tasks: readonly Counted[], k: number): number => mean(tasks.map(({ n, c }) => passAtK(n, c, k)))
const hatCurve = (tasks: readonly Counted[], k: number): number => mean(tasks.map(({ n, c }) => passHatK(n, c, k)))
const majority = (groups: readonly ScoredOutcome[][], rules: VoteRules): number =>
  mean(groups.map((group) => majorityAtK(group, group.length, rules)))

describe.skipIf(missing('tot_game24'))(
  titled('100 samples by GPT-4 on 100 puzzles of the Game of 24', 'tot_game24'),
  () => {
    type Row = { ys: string[]; accs?: boolean[]; infos?: { r: number }[] }
    const load = (prompt: string): Row[] =>
      missing('tot_game24') ? [] : (json(`tot_game24/gpt-4_0.7_naive_${prompt}_sample_100.json`) as Row[])
    const verdicts = ({ accs, infos }: Row): number[] => (accs ? accs.map(Number) : infos!.map(({ r }) => r))
    const counts = (rows: readonly Row[]): Counted[] =>
      rows.map((row) => ({ n: row.ys.length, c: verdicts(row).reduce((a, b) => a + b, 0) }))
    const plain = counts(load('standard'))
    const thought = counts(load('cot'))

    it.each([
      [1, 0.0734, 0.0403],
      [2, 0.10574545454545455, 0.0728],
      [5, 0.1491772446482498, 0.14292037392120235],
      [10, 0.1788870891446286, 0.21476924101631448],
      [25, 0.2242380431372671, 0.32242511862151935],
      [50, 0.27278807656386095, 0.4068478461300689],
      [100, 0.33, 0.49],
    ])('pass@%d is %d with the plain prompt and %d with chain of thought', (k, standard, cot) => {
      expect(Math.abs(passCurve(plain, k) - standard)).toBeLessThan(1e-12)
      expect(Math.abs(passCurve(thought, k) - cot)).toBeLessThan(1e-12)
    })

    it.each([
      [1, 0.0734, 0.0403],
      [2, 0.041054545454545455, 0.0078],
      [5, 0.018299183583148974, 0.0003897839907596903],
      [10, 0.011626322110915036, 9.157158910930266e-6],
      [100, 0, 0],
    ])('pass^%d is %d with the plain prompt and %d with chain of thought', (k, standard, cot) => {
      expect(Math.abs(hatCurve(plain, k) - standard)).toBeLessThan(1e-12)
      expect(Math.abs(hatCurve(thought, k) - cot)).toBeLessThan(1e-12)
    })

    it('maj@100 of the last lines is 9 of 100 with first-seen ties and 8.8333 of 100 with shared ones', () => {
      const groups = load('cot').map((row) =>
        row.ys.map((text, i): ScoredOutcome => {
          const answer = text.trim().split('\n').at(-1)!.toLowerCase()
          return { kind: 'scored', reward: verdicts(row)[i]!, answer }
        }),
      )
      expect(majority(groups, { ties: 'first' })).toBeCloseTo(0.09, 12)
      expect(majority(groups, { ties: 'share' })).toBeCloseTo(0.53 / 6, 12)
    })
  },
)

describe.skipIf(missing('taubench_airline'))(titled('τ-bench airline', 'taubench_airline'), () => {
  it('pass^1 … 4 are the published 0.420, 0.273, 0.220, 0.200, and pass@k its counterparts', () => {
    const tasks = jsonLines('taubench_airline/gpt-4o-airline_rewards.jsonl') as Counted[]
    const exactHat = [21 / 50, 41 / 150, 11 / 50, 1 / 5]
    const exactPass = [21 / 50, 17 / 30, 33 / 50, 18 / 25]
    ;[1, 2, 3, 4].forEach((k, i) => {
      expect(hatCurve(tasks, k)).toBeCloseTo(exactHat[i]!, 14)
      expect(passCurve(tasks, k)).toBeCloseTo(exactPass[i]!, 14)
    })
  })
})

describe.skipIf(missing('codet'))(titled('16,400 samples of CodeGen-16B on HumanEval', 'codet'), () => {
  it.each([
    [1, 145 / 656],
    [2, 0.30780857354028085],
    [5, 0.4201595646668768],
    [10, 0.5037022432822574],
    [25, 0.6154162888207263],
    [50, 0.6868740726814124],
    [100, 121 / 164],
  ])('pass@%d from the labels is %d', (k, expected) => {
    const tasks = jsonLines('codet/labels_cpython.jsonl') as (Counted & { results: string[] })[]
    const counted = tasks.map(({ results }) => ({ n: results.length, c: results.filter((r) => r === 'passed').length }))
    expect(counted.reduce((sum, { n }) => sum + n, 0)).toBe(16_400)
    expect(Math.abs(passCurve(counted, k) - expected)).toBeLessThan(1e-12)
  })
})

describe.skipIf(missing('gsm8k'))(titled('the vote of four systems on GSM8K', 'gsm8k'), () => {
  const systems = ['6b_finetuning', '6b_verification', '175b_finetuning', '175b_verification'] as const
  type Row = Record<(typeof systems)[number], { is_correct: boolean; solution: string }>

  /** The final answer as a number where it is one, as its own text otherwise, undefined where there is none. */
  const answerOf = (solution: string): string | undefined => {
    const text = solution
      .split('\n')
      .at(-1)!
      .match(/^A:(.*)$/)?.[1]
      ?.trim()
    if (text === undefined || text === '') return undefined
    const plain = text.replace(/[,$]/g, '').replace(/\.$/, '')
    return plain !== '' && Number.isFinite(Number(plain)) ? String(Number(plain)) : text
  }

  it('is right on 584 of 1,319 with first-seen ties and 7,625/12 with shared ones', () => {
    const groups = (jsonLines('gsm8k/example_model_solutions.jsonl') as Row[]).map((row) =>
      systems.map((system): ScoredOutcome => {
        const { is_correct, solution } = row[system]
        const answer = answerOf(solution)
        const scored = { kind: 'scored', reward: Number(is_correct) } as const
        return answer === undefined ? scored : { ...scored, answer }
      }),
    )
    expect(groups.length).toBe(1319)
    expect(1319 * majority(groups, { ties: 'first' })).toBeCloseTo(584, 9)
    expect(1319 * majority(groups, { ties: 'share' })).toBeCloseTo(7625 / 12, 9)
  })
})
