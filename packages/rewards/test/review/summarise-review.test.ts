import { createStream } from '@posttrain/core'
import { clopperPearsonInterval } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { calibrationOf } from '../../src/learned/calibration.js'
import { labelAgreement } from '../../src/judge/label-agreement.js'
import { rewardDisagreement } from '../../src/monitor/disagreement.js'
import { pickForReview } from '../../src/review/pick-for-review.js'
import { groupsOfReview, type ReviewedRow } from '../../src/review/review-row.js'
import { summariseReview } from '../../src/review/summarise-review.js'
import { groupOf } from '../monitor/groups.js'
import { rowOf } from './rows.js'

const picked = (index: number, reward: number | null, gold: 0 | 1 | null, weight = 1): ReviewedRow =>
  rowOf(index, { reward, gold, why: ['signs'], weight })
const control = (index: number, reward: number, gold: 0 | 1 | null, weight: number): ReviewedRow =>
  rowOf(index, { reward, gold, why: ['control'], weight })

describe('summariseReview', () => {
  const rows = [
    picked(0, 1, 0),
    picked(1, 1, 0),
    picked(2, 1, 1),
    picked(3, null, 1),
    control(4, 1, 1, 20),
    control(5, 1, 0, 20),
    control(6, 0, 0, 20),
    control(7, 0, 0, 20),
    control(8, 1, null, 20),
  ]
  const found = summariseReview(rows)

  it('counts what was judged, and what the rows stand for', () => {
    expect(found).toMatchObject({ rows: 9, judged: 7, cannotTell: 1, notJudged: 0, unscored: 1, samples: 103 })
    const { gold: _, ...open } = control(9, 1, 1, 20)
    const half = summariseReview([...rows, open])
    expect(half).toMatchObject({ rows: 10, judged: 7, cannotTell: 1, notJudged: 1, samples: 123 })
    expect(half.whole!.agreement.value).toBeCloseTo((1 + 0.75 * 120) / 123, 12)
  })

  it('estimates the whole by weights: what cannot be told is as the others of its kind', () => {
    const { agreement, falseAccept, falseReject, n } = found.whole!
    expect(n).toBe(7)
    expect(agreement.value).toBeCloseTo((1 + 75) / 103, 12)
    // Wrong are 2 picked and 3 · 25 others; accepted of these 2 and 25.
    expect(falseAccept!.value).toBeCloseTo(27 / 77, 12)
    expect(falseReject!.value).toBe(0)
    const { lower, upper } = clopperPearsonInterval(3, 4)
    expect(agreement.interval).toEqual({
      lower: (1 + 100 * lower) / 103,
      upper: (1 + 100 * upper) / 103,
      level: 0.95,
      method: 'clopper-pearson of the controls',
    })
  })

  it('says per reason how often reward and person agree', () => {
    expect(found.byReason.map(({ reason, rows }) => [reason, rows])).toEqual([
      ['signs', 4],
      ['control', 5],
    ])
    expect(found.byReason.map(({ agreement }) => [agreement!.value, agreement!.n])).toEqual([
      [1 / 3, 3],
      [0.75, 4],
    ])
  })

  it('says nothing of the whole without a judged control', () => {
    const { whole, byReason } = summariseReview([...rows.slice(0, 3), control(8, 1, null, 20)])
    expect(whole).toBeUndefined()
    expect(byReason[1]!.agreement).toBeUndefined()
    expect(summariseReview([]).byReason).toEqual([])
  })

  it('is unbiased over the draw of the controls: enumerated over all pairs of six', () => {
    const rest: readonly [number, 0 | 1][] = [
      [1, 1],
      [1, 0],
      [0, 0],
      [0, 1],
      [1, 1],
      [0, 0],
    ]
    const chosen = [picked(10, 1, 0), picked(11, 1, 1)]
    const estimates: number[] = []
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j < i; j++) {
        const drawn = [i, j].map((k) => control(k, ...rest[k]!, 3))
        estimates.push(summariseReview([...chosen, ...drawn]).whole!.agreement.value)
      }
    }
    const truth = (1 + rest.filter(([reward, gold]) => reward === gold).length) / 8
    expect(estimates.reduce((total, one) => total + one, 0) / estimates.length).toBeCloseTo(truth, 12)
  })

  it('covers the error rate of the samples that were picked from, from picking to summary', () => {
    const runs = 300
    let [covered, total] = [0, 0]
    for (let run = 0; run < runs; run++) {
      const stream = createStream(run, 'reviews')
      const golds = new Map<string, 0 | 1>()
      // A reward that is wrong in 15 %; half of its errors are near the threshold.
      const groups = Array.from({ length: 100 }, (_, t) => {
        const gold = stream.uniform() < 0.5 ? 1 : 0
        const isWrong = stream.uniform() < 0.15
        const isNear = isWrong && stream.uniform() < 0.5
        golds.set(`${t}`, gold)
        const accepts = isWrong ? 1 - gold : gold
        return groupOf(`${t}`, [{ text: `${t}`, reward: isNear ? (accepts === 1 ? 0.55 : 0.45) : accepts }])
      })
      const agree = (reward: number, id: string): boolean => reward >= 0.5 === (golds.get(id) === 1)
      const truth = groups.filter(({ task, outcomes: [outcome] }) => {
        return outcome!.kind === 'scored' && agree(outcome!.reward, task.id)
      }).length
      const rows = pickForReview(groups, { count: 40, seed: run }).map((row) => ({
        ...row,
        gold: golds.get(row.task_id)!,
      }))
      const { interval, value } = summariseReview(rows).whole!.agreement
      if (interval!.lower <= truth / 100 && truth / 100 <= interval!.upper) covered++
      total += value - truth / 100
    }
    expect(covered / runs).toBeGreaterThanOrEqual(0.95)
    // The mean error of 300 estimates, each with a standard deviation of about 0.04.
    expect(Math.abs(total / runs)).toBeLessThan((4 * 0.04) / Math.sqrt(runs))
  })
})

describe('groupsOfReview', () => {
  const rows = [
    rowOf(0, { reward: 1, gold: 0, why: ['signs'], weight: 1, parts: { signs: 2 } }),
    rowOf(1, { reward: 0.8, gold: 1, why: ['control'], weight: 4 }),
    rowOf(0, { task_id: 'b', reward: 0, gold: 0, why: ['control'], weight: 4, answer: null, reference: null }),
    rowOf(1, { task_id: 'b', reward: null, unscored: 'timeout', gold: 1, why: ['unscored'], weight: 1 }),
    rowOf(2, { task_id: 'b', reward: 1, gold: null, why: ['control'], weight: 4 }),
  ]

  it('gives the probe of disagreement its truth, and labelAgreement and calibrationOf theirs', () => {
    const groups = groupsOfReview(rows)
    expect(groups.map(({ task, samples }) => [task.id, samples.length])).toEqual([
      ['a', 2],
      ['b', 3],
    ])
    expect(groups[0]!.outcomes[0]).toEqual({ kind: 'scored', reward: 1, answer: '2', parts: { signs: 2, gold: 0 } })
    expect(groups[1]!.task).toEqual({ id: 'b', prompt: '1+1=' })
    const found = rewardDisagreement(groups, { truth: 'gold' })
    expect([found.n, found.unscored]).toEqual([3, 2])
    expect(found.counts).toEqual({ bothAccept: 1, onlyTried: 1, onlyTruth: 0, bothRefuse: 1 })
    const judged = rows.filter(({ reward, gold }) => reward !== null && gold !== null)
    const { kappa } = labelAgreement(
      judged.map(({ reward }) => reward! >= 0.5),
      judged.map(({ gold }) => gold === 1),
    )
    expect(found.kappa!.value).toBeCloseTo(kappa!, 12)
    const { brier } = calibrationOf(
      judged.map(({ reward }) => reward!),
      judged.map(({ gold }) => gold!),
    )
    expect(brier).toBeCloseTo((1 + 0.04 + 0) / 3, 12)
  })
})
