import { describe, expect, it } from 'vitest'
import { labelAgreement } from '../../src/judge/label-agreement.js'
import { confusionOf, type JudgedTwice } from '../../src/monitor/confusion.js'

const pairsOf = (bothAccept: number, onlyTried: number, onlyTruth: number, bothRefuse: number): JudgedTwice[] =>
  [
    { times: bothAccept, tried: true, truth: true },
    { times: onlyTried, tried: true, truth: false },
    { times: onlyTruth, tried: false, truth: true },
    { times: bothRefuse, tried: false, truth: false },
  ].flatMap(({ times, tried, truth }, cell) =>
    Array.from({ length: times }, (_, i) => ({ tried, truth, weight: 1, cluster: `${cell}/${i}` })),
  )

const plain = { level: 0.95, clustered: false }

describe('confusionOf', () => {
  it('is the table of the two, with both error rates', () => {
    const { n, counts, agreement, falseAccept, falseReject } = confusionOf(pairsOf(40, 10, 5, 45), plain)
    expect([n, counts]).toEqual([100, { bothAccept: 40, onlyTried: 10, onlyTruth: 5, bothRefuse: 45 }])
    expect(agreement.value).toBeCloseTo(0.85, 12)
    expect(falseAccept!.value).toBeCloseTo(10 / 55, 12)
    expect(falseReject!.value).toBeCloseTo(5 / 45, 12)
    expect([falseAccept!.n, falseReject!.n]).toEqual([55, 45])
    expect(agreement.interval).toMatchObject({ method: 'score', level: 0.95 })
    expect(agreement.interval!.lower).toBeCloseTo(0.7664, 3)
    expect(agreement.interval!.upper).toBeCloseTo(0.9073, 3)
  })

  it('has the κ of labelAgreement, and its asymptotic standard error (Fleiss, Cohen & Everitt 1969)', () => {
    const [a, b, c, d] = [40, 10, 5, 45]
    const pairs = pairsOf(a, b, c, d)
    const n = a + b + c + d
    const { kappa } = confusionOf(pairs, plain)
    const reference = labelAgreement(
      pairs.map(({ tried }) => tried),
      pairs.map(({ truth }) => truth),
    ).kappa!
    expect(kappa!.value).toBeCloseTo(reference, 12)
    // Rows: tried; columns: truth.
    const p = [
      [a / n, b / n],
      [c / n, d / n],
    ] as const
    const rows = p.map(([x, y]) => x + y)
    const columns = [0, 1].map((j) => p[0][j]! + p[1][j]!)
    const chance = rows[0]! * columns[0]! + rows[1]! * columns[1]!
    const same = [0, 1].reduce((t, i) => t + p[i]![i]! * (1 - (rows[i]! + columns[i]!) * (1 - reference)) ** 2, 0)
    const other = p[0][1] * (columns[0]! + rows[1]!) ** 2 + p[1][0] * (columns[1]! + rows[0]!) ** 2
    const variance =
      (same + (1 - reference) ** 2 * other - (reference - chance * (1 - reference)) ** 2) / (n * (1 - chance) ** 2)
    const t975 = 1.984216951 // Student, 99 degrees of freedom
    const reach = t975 * Math.sqrt((variance * n) / (n - 1))
    expect(kappa!.interval!.upper - kappa!.value).toBeCloseTo(reach, 8)
    expect(kappa!.value - kappa!.interval!.lower).toBeCloseTo(reach, 8)
  })

  it('counts a sample of weight w as w samples', () => {
    const weighted = pairsOf(4, 1, 1, 4).map((pair) => ({ ...pair, weight: pair.tried ? 3 : 1 }))
    const { agreement, kappa, falseAccept } = confusionOf(weighted, plain)
    const repeated = confusionOf(pairsOf(12, 3, 1, 4), plain)
    expect(agreement.value).toBeCloseTo(repeated.agreement.value, 12)
    expect(kappa!.value).toBeCloseTo(repeated.kappa!.value, 12)
    expect(falseAccept!.value).toBeCloseTo(repeated.falseAccept!.value, 12)
    expect(agreement.n).toBe(10)
  })

  it('says nothing where there is nothing to say', () => {
    const accepted = confusionOf(pairsOf(3, 0, 0, 0), plain)
    expect([accepted.agreement.value, accepted.kappa, accepted.falseAccept]).toEqual([1, undefined, undefined])
    expect(accepted.falseReject).toMatchObject({ value: 0, n: 3 })
    const alone = confusionOf(pairsOf(1, 0, 0, 0), plain)
    expect(alone.agreement).toEqual({ value: 1, interval: undefined, n: 1 })
    expect(confusionOf(pairsOf(5, 0, 0, 5), plain).kappa).toEqual({ value: 1, interval: undefined, n: 10 })
    const ofOneTask = pairsOf(2, 2, 0, 0).map((pair) => ({ ...pair, cluster: 'a' }))
    expect(confusionOf(ofOneTask, { level: 0.95, clustered: true }).agreement.interval).toBeUndefined()
  })
})
