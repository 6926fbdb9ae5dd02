import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitBradleyTerry, type PairedComparison, type PreferenceFit } from '@posttrain/rewards'

const won = (winner: string, loser: string, count = 1): PairedComparison => ({ winner, loser, count })
const tied = (winner: string, loser: string, count = 1): PairedComparison => ({ winner, loser, count, tie: true })
const abilityOf = (fit: PreferenceFit, name: string): number => fit.items.find((item) => item.name === name)!.ability
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

const NAMES = ['a', 'b', 'c', 'd', 'e']
/** Comparisons whose maximum is finite: each item once beat the next and the last the first, then anything. */
const connected = fc
  .array(
    fc.record({
      pair: fc.shuffledSubarray(NAMES, { minLength: 2, maxLength: 2 }),
      count: fc.integer({ min: 1, max: 9 }),
    }),
    {
      maxLength: 12,
    },
  )
  .map((more) => [
    ...NAMES.map((name, i) => won(name, NAMES[(i + 1) % NAMES.length]!)),
    ...more.map(({ pair, count }) => won(pair[0]!, pair[1]!, count)),
  ])

describe('fitBradleyTerry', () => {
  it('is the log-odds of two items, with the standard error √(1/wins + 1/losses)', () => {
    const fit = fitBradleyTerry([won('A', 'B', 30), won('B', 'A', 10)], { reference: 'B', level: 0.9 })
    const [best, other] = fit.items as [PreferenceFit['items'][0], PreferenceFit['items'][0]]
    const se = Math.sqrt(1 / 30 + 1 / 10)
    expect(best).toMatchObject({ name: 'A', comparisons: 40 })
    expect(best.ability).toBeCloseTo(Math.log(3), 14)
    expect(best.se).toBeCloseTo(se, 14)
    expect(best.interval).toMatchObject({ level: 0.9, method: 'wald' })
    expect(best.interval.lower).toBeCloseTo(Math.log(3) - 1.6448536269514722 * se, 13)
    expect(best.interval.upper).toBeCloseTo(Math.log(3) + 1.6448536269514722 * se, 13)
    expect(other).toMatchObject({ name: 'B', ability: 0, se: 0, interval: { lower: 0, upper: 0 } })
    expect(fit).toMatchObject({ reference: 'B', comparisons: 40 })
    expect(fit.logLikelihood).toBeCloseTo(30 * Math.log(0.75) + 10 * Math.log(0.25), 12)
    expect(fit.difference('B', 'A').value).toBeCloseTo(-Math.log(3), 14)
  })

  it('is where the expected wins of every item are those seen', () => {
    fc.assert(
      fc.property(connected, (comparisons) => {
        const fit = fitBradleyTerry(comparisons)
        for (const name of NAMES) {
          const score = comparisons
            .filter(({ winner, loser }) => winner === name || loser === name)
            .map(({ winner, loser, count = 1 }) => {
              const p = sigmoid(abilityOf(fit, winner) - abilityOf(fit, loser))
              return count * (winner === name ? 1 - p : p - 1)
            })
          expect(score.reduce((a, b) => a + b, 0)).toBeCloseTo(0, 10)
        }
      }),
    )
  })

  it('does not change by other names, another order, another reference, or all data twice but for √2 in the errors', () => {
    fc.assert(
      fc.property(connected, fc.constantFrom(...NAMES), (comparisons, reference) => {
        const fit = fitBradleyTerry(comparisons)
        const renamed = fitBradleyTerry(
          comparisons.map(({ winner, loser, count }) => won(`${winner}!`, `${loser}!`, count)).reverse(),
          { reference: `${reference}!` },
        )
        const twice = fitBradleyTerry([...comparisons, ...comparisons], { reference })
        for (const name of NAMES) {
          const { value, se } = fit.difference(name, reference)
          for (const [other, found, factor] of [
            [renamed, `${name}!`, 1],
            [twice, name, Math.SQRT1_2],
          ] as const) {
            const item = other.items.find((one) => one.name === found)!
            expect(item.ability).toBeCloseTo(value, 10)
            expect(item.se).toBeCloseTo(se * factor, 10)
          }
        }
      }),
    )
  })

  it('asks of a winner with a margin to be better by so much', () => {
    // 3 of 4 by a margin of 0.5 either way: σ(θ − 0.5) and σ(−θ − 0.5) cannot both be; the slopes cancel at the maximum.
    const fit = fitBradleyTerry(
      [
        { winner: 'A', loser: 'B', count: 3, margin: 0.5 },
        { winner: 'B', loser: 'A', margin: 0.5 },
      ],
      { reference: 'B' },
    )
    const theta = abilityOf(fit, 'A')
    expect(3 * sigmoid(0.5 - theta) - sigmoid(0.5 + theta)).toBeCloseTo(0, 12)
    expect(theta).toBeGreaterThan(Math.log(3))
  })

  it('shrinks by the penalty, and then fits items that never lost', () => {
    // The maximum of log σ(θ) − λ/2 · 2 (θ/2)² is where σ(−θ) = λθ/2.
    const fit = fitBradleyTerry([won('A', 'B')], { reference: 'B', ridge: 0.5 })
    const theta = abilityOf(fit, 'A')
    expect(sigmoid(-theta)).toBeCloseTo(0.25 * theta, 12)
    const information = sigmoid(theta) * sigmoid(-theta) + 0.25
    expect(fit.items[0]!.se).toBeCloseTo(1 / Math.sqrt(information), 12)
    expect(fit.logLikelihood).toBeCloseTo(Math.log(sigmoid(theta)), 12)
  })
})

describe('ties', () => {
  const data = [won('A', 'B', 12), won('B', 'A', 3), tied('B', 'A', 6)]

  it('count as half wins if nothing else is said', () => {
    const fit = fitBradleyTerry(data, { reference: 'B' })
    expect(abilityOf(fit, 'A')).toBeCloseTo(Math.log(15 / 6), 13)
    expect(fit.tie).toBeUndefined()
    expect(fit.comparisons).toBe(21)
  })

  it("are the third outcome of Davidson's model, which two items satisfy exactly", () => {
    const fit = fitBradleyTerry(data, { reference: 'B', ties: 'davidson' })
    expect(abilityOf(fit, 'A')).toBeCloseTo(Math.log(12 / 3), 12)
    expect(fit.items[0]!.se).toBeCloseTo(Math.sqrt(1 / 12 + 1 / 3), 12)
    expect(fit.tie!.value).toBeCloseTo(Math.log(6 / Math.sqrt(12 * 3)), 12)
    expect(fit.tie!.se).toBeCloseTo(Math.sqrt(1 / 6 + 1 / 48 + 1 / 12), 12)
    expect(fit.logLikelihood).toBeCloseTo(12 * Math.log(12 / 21) + 3 * Math.log(3 / 21) + 6 * Math.log(6 / 21), 10)
  })

  it('have the expected number that was seen, with a home advantage too', () => {
    const games = [
      ...['ab', 'bc', 'ca', 'ba'].map((pair) => ({ ...won(pair[0]!, pair[1]!, 3), home: pair[0] })),
      ...['ac', 'cb', 'ba'].map((pair) => ({ ...won(pair[0]!, pair[1]!, 2), home: pair[1] })),
      ...['ab', 'bc'].map((pair) => ({ ...tied(pair[0]!, pair[1]!, 2), home: pair[0] })),
    ]
    const fit = fitBradleyTerry(games, { ties: 'davidson', homeAdvantage: true })
    const [h, nu] = [fit.homeAdvantage!.value, Math.exp(fit.tie!.value)]
    let [expectedTies, expectedHome] = [0, 0]
    for (const { winner, loser, count, home } of games) {
      const away = home === winner ? loser : winner
      const [atHome, visiting] = [Math.exp(abilityOf(fit, home!) + h), Math.exp(abilityOf(fit, away))]
      const tie = nu * Math.sqrt(atHome * visiting)
      const total = atHome + visiting + tie
      expectedTies += (count! * tie) / total
      expectedHome += (count! * (atHome + tie / 2)) / total
    }
    expect(expectedTies).toBeCloseTo(4, 9)
    expect(expectedHome).toBeCloseTo(12 + 2, 9)
  })
})

describe('what has no finite fit is refused', () => {
  it.each<[string, string, PairedComparison[], object?]>([
    [
      'items that were never compared',
      'the items fall into 2 groups that were never compared with each other: a, b | c, d',
      [won('a', 'b'), won('b', 'a'), won('c', 'd'), won('d', 'c')],
    ],
    [
      'the same with a penalty',
      'the items fall into 2 groups that were never compared with each other: a, b | c, d',
      [won('a', 'b'), won('c', 'd')],
      { ridge: 1 },
    ],
    [
      'items that never lost to others',
      'the abilities have no bound: the items fall into 3 groups, and none was ever preferred to one of a group before ' +
        'its own: a, b | c | d',
      [won('a', 'b'), won('b', 'a'), won('b', 'c'), won('c', 'd'), won('a', 'd')],
    ],
    [
      'an item that did not lose once',
      'the abilities have no bound: the items fall into 2 groups, and none was ever preferred to one of a group before ' +
        'its own: a | b',
      [won('a', 'b', 3), won('b', 'a', 0)],
    ],
    ['nothing', 'there is no comparison to fit', []],
    [
      'a home advantage that nothing shows',
      'no comparison says which item was at home',
      [won('a', 'b'), won('b', 'a')],
      { homeAdvantage: true },
    ],
    [
      'a home advantage where who is at home always wins',
      'the comparisons do not determine the home advantage: the likelihood has no single finite maximum',
      [
        { winner: 'a', loser: 'b', home: 'a' },
        { winner: 'b', loser: 'a', home: 'b' },
      ],
      { homeAdvantage: true },
    ],
    [
      'a home advantage of an item that is always at home',
      'the comparisons do not determine the home advantage: the likelihood has no single finite maximum',
      [
        { winner: 'a', loser: 'b', home: 'a' },
        { winner: 'b', loser: 'a', home: 'a', count: 2 },
      ],
      { homeAdvantage: true },
    ],
    [
      "Davidson's model without ties",
      'the comparisons do not determine the probability of ties: the likelihood has no single finite maximum',
      [won('a', 'b'), won('b', 'a')],
      { ties: 'davidson' },
    ],
    [
      "Davidson's model of one that wins or ties and never loses",
      'the comparisons do not determine the probability of ties: the likelihood has no single finite maximum',
      [won('a', 'b'), tied('a', 'b')],
      { ties: 'davidson' },
    ],
  ])('%s', (_, message, comparisons, options) => {
    expect(() => fitBradleyTerry(comparisons, options)).toThrow(
      expect.objectContaining({ code: 'invalid-data', message }) as Error,
    )
  })

  it('names at most six groups and items of each', () => {
    const many = Array.from({ length: 20 }, (_, i) => won(`w${i}`, `l${i}`))
    expect(() => fitBradleyTerry([...many, won('w0', 'l1')])).toThrow(
      'the items fall into 19 groups that were never compared with each other: w0, l0, w1, l1 | w2, l2 | w3, l3 | w4, ' +
        'l4 | w5, l5 | w6, l6 | and 13 groups more',
    )
  })
})

describe('what says something impossible is refused', () => {
  it.each<[string, PairedComparison, object?]>([
    ['comparison 1 is of "a" with itself', won('a', 'a')],
    ['count of comparison 1 must be a finite number of at least 0, but is -1', won('a', 'b', -1)],
    ['margin of comparison 1 must be a finite number, but is NaN', { ...won('a', 'b'), margin: NaN }],
    ['comparison 1 is a tie with a margin', { ...tied('a', 'b'), margin: 1 }],
    ['home of comparison 1 is "c", which is neither of the two', { ...won('a', 'b'), home: 'c' }],
    ['loser of comparison 1 must be a text', { winner: 'a', loser: 3 as never }],
    ['no comparison has an item "c"', won('a', 'b'), { reference: 'c' }],
    ['level must be a finite number above 0 and below 1, but is 95', won('a', 'b'), { level: 95 }],
    ['ridge must be a finite number of at least 0, but is -1', won('a', 'b'), { ridge: -1 }],
    ['ties must be one of half-wins, davidson, but is "rao-kupper"', won('a', 'b'), { ties: 'rao-kupper' }],
  ])('%s', (message, comparison, options) => {
    expect(() => fitBradleyTerry([won('b', 'a'), comparison], options)).toThrow(message)
  })

  it('names an item of difference that was not compared', () => {
    const fit = fitBradleyTerry([won('a', 'b'), won('b', 'a')])
    expect(() => fit.difference('a', 'z')).toThrow('no comparison has an item "z"')
  })
})
