import type { Group } from '@posttrain/core'
import { describe, expect, it } from 'vitest'
import { pickForReview } from '../../src/review/pick-for-review.js'
import { groupOf, type Judged } from '../monitor/groups.js'

/** Forty tasks with a right and a wrong sample each, nothing to suspect. */
const plain = Array.from({ length: 40 }, (_, t) =>
  groupOf(
    `plain ${t}`,
    [
      { text: `${t}`, reward: 1, answer: `${t}` },
      { text: `${-t - 1}`, reward: 0, answer: `${-t - 1}` },
    ],
    `${t}`,
  ),
)

const one = (id: string, judged: Judged, reference?: string): Group => groupOf(id, [judged], reference)
const suspicious: readonly Group[] = [
  one('late', { reward: null }),
  one('near', { reward: 0.55, answer: 'n' }),
  ...Array.from({ length: 12 }, (_, t) => one(`hack ${t}`, { reward: 1, answer: 'hack' }, `unlike ${t}`)),
  one('signed', { reward: 1, answer: 's', parts: { signs: 2 } }),
  one('differs', { reward: 1, answer: 'd', parts: { other: 0 } }),
  groupOf('contradicts', [
    { text: 'so 4', reward: 1, answer: '4' },
    { text: 'hence 4', reward: 0, answer: '4' },
  ]),
]
const all = [...plain, ...suspicious]
const reasonsOf = (rows: ReturnType<typeof pickForReview>): string[] => rows.map(({ why }) => why.join(' + '))

describe('pickForReview', () => {
  it('picks by the order of reasons', () => {
    const rows = pickForReview(all, { count: 18, control: 0, truth: 'other' })
    expect(reasonsOf(rows)).toEqual([
      'contradiction',
      'contradiction',
      'disagreement',
      'signs',
      ...new Array<string>(12).fill('suspected hack'),
      'near the threshold',
      'unscored',
    ])
    expect(rows.every(({ weight }) => weight === 1)).toBe(true)
    expect(rows[2]).toEqual({
      task_id: 'differs',
      index: 0,
      prompt: 'prompt of differs',
      response: '',
      reference: null,
      reward: 1,
      answer: 'd',
      parts: { other: 0 },
      why: ['disagreement'],
      weight: 1,
    })
    expect(rows.at(-1)).toMatchObject({ reward: null, unscored: 'timeout', answer: null })
  })

  it('keeps the share of controls, whatever there is to suspect, and gives them what is not picked', () => {
    const rows = pickForReview(all, { count: 10, control: 0.4, truth: 'other' })
    const controls = rows.filter(({ why }) => why.includes('control'))
    expect([rows.length, controls.length]).toEqual([10, 4])
    const many = pickForReview(plain, { count: 10, control: 0.1 })
    expect(reasonsOf(many)).toEqual(new Array(10).fill('control'))
    expect(many.every(({ weight }) => weight === 8)).toBe(true)
  })

  it('has weights that add up to the scored samples, in every mixture', () => {
    const scored = 2 * 40 + 17
    for (const count of [1, 2, 7, 30, 97, 98, 500]) {
      for (const control of [0.01, 0.4, 1]) {
        const rows = pickForReview(all, { count, control, truth: 'other', seed: count })
        const total = rows.filter(({ reward }) => reward !== null).reduce((sum, { weight }) => sum + weight, 0)
        expect(total).toBeCloseTo(scored, 9)
        expect(rows.length).toBe(Math.min(count, rows.some(({ reward }) => reward === null) ? 98 : 97))
        expect(new Set(rows.map(({ task_id, index }) => `${task_id}/${index}`)).size).toBe(rows.length)
      }
    }
  })

  it('draws every sample that is not picked equally often, so that a weighted sum is unbiased', () => {
    const draws = 2000
    const counts = new Map<string, number>()
    for (let seed = 0; seed < draws; seed++) {
      for (const { task_id, index } of pickForReview(plain, { count: 8, seed })) {
        counts.set(`${task_id}/${index}`, (counts.get(`${task_id}/${index}`) ?? 0) + 1)
      }
    }
    // Each of the 80 samples is drawn with probability 0.1: 200 times, with a standard deviation of 13.4.
    expect(counts.size).toBe(80)
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(5 * 13.4)
  })

  it('spreads the controls over the rows, and is the same again for the same seed', () => {
    const rows = pickForReview(all, { count: 20, control: 0.5, truth: 'other', seed: 3 })
    for (const half of [rows.slice(0, 10), rows.slice(10)]) {
      expect(half.filter(({ why }) => why.includes('control')).length).toBe(5)
    }
    expect(pickForReview(all, { count: 20, control: 0.5, truth: 'other', seed: 3 })).toEqual(rows)
    expect(pickForReview(all, { count: 20, control: 0.5, truth: 'other', seed: 4 })).not.toEqual(rows)
  })

  it('leaves out failed samples, and refuses to pick of nothing', () => {
    const failed = groupOf('f', [{ reward: null, failed: true }])
    expect(pickForReview([failed, ...plain]).every(({ task_id }) => task_id !== 'f')).toBe(true)
    expect(() => pickForReview([failed])).toThrow('there is no sample to look at')
    expect(() => pickForReview(plain, { count: 0 })).toThrow('count must be an integer of at least 1, but is 0')
    expect(() => pickForReview(plain, { control: 2 })).toThrow('control must be a finite number from 0 to 1, but is 2')
  })
})
