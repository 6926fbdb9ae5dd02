import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitBradleyTerry, fitPlackettLuce, type PreferenceFit, type Ranking } from '@posttrain/rewards'

const NAMES = ['a', 'b', 'c', 'd']
const abilityOf = (fit: PreferenceFit, name: string): number => fit.items.find((item) => item.name === name)!.ability
const rankings = fc
  .array(fc.shuffledSubarray(NAMES, { minLength: 2 }), { maxLength: 10 })
  .map((more): Ranking[] => [NAMES, [...NAMES].reverse(), ...more].map((ranked) => ({ ranked })))

describe('fitPlackettLuce', () => {
  it('is Bradley–Terry for rankings of two', () => {
    const pairs = ['ab', 'ba', 'ab', 'bc', 'cb', 'cb', 'ac'].map((pair) => pair.split('') as [string, string])
    const ranked = fitPlackettLuce(pairs.map((pair) => ({ ranked: pair })))
    const compared = fitBradleyTerry(pairs.map(([winner, loser]) => ({ winner, loser })))
    expect(ranked.items).toEqual(compared.items)
    expect(ranked.logLikelihood).toBe(compared.logLikelihood)
  })

  it('is the log-odds of the shares where the best of all is named', () => {
    const fit = fitPlackettLuce(
      [
        { ranked: ['a'], below: ['b', 'c'], count: 5 },
        { ranked: ['b'], below: ['a', 'c'], count: 3 },
        { ranked: ['c'], below: ['a', 'b'], count: 2 },
      ],
      { reference: 'c' },
    )
    expect(abilityOf(fit, 'a')).toBeCloseTo(Math.log(5 / 2), 13)
    expect(abilityOf(fit, 'b')).toBeCloseTo(Math.log(3 / 2), 13)
    expect(fit.items[0]!.se).toBeCloseTo(Math.sqrt(1 / 5 + 1 / 2), 12)
    expect(fit.items.map(({ comparisons }) => comparisons)).toEqual([10, 10, 10])
  })

  it('is where each item is chosen as often as is expected', () => {
    fc.assert(
      fc.property(rankings, (data) => {
        const fit = fitPlackettLuce(data)
        const surplus = new Map(NAMES.map((name) => [name, 0]))
        for (const { ranked } of data) {
          for (let at = 0; at < ranked.length - 1; at++) {
            const left = ranked.slice(at)
            const total = left.reduce((sum, name) => sum + Math.exp(abilityOf(fit, name)), 0)
            surplus.set(left[0]!, surplus.get(left[0]!)! + 1)
            for (const name of left) surplus.set(name, surplus.get(name)! - Math.exp(abilityOf(fit, name)) / total)
          }
        }
        for (const value of surplus.values()) expect(value).toBeCloseTo(0, 10)
      }),
    )
  })

  it('refuses a ranking of nothing, an item twice and an item that is first in all', () => {
    expect(() => fitPlackettLuce([{ ranked: ['a'] }])).toThrow('ranking 0 says nothing')
    expect(() => fitPlackettLuce([{ ranked: [], below: ['a', 'b'] }])).toThrow('ranking 0 says nothing')
    expect(() => fitPlackettLuce([{ ranked: ['a', 'b', 'a'] }])).toThrow('ranking 0 has "a" twice')
    expect(() => fitPlackettLuce([{ ranked: 'ab' as never }])).toThrow('ranked of ranking 0 must be a list of texts')
    expect(() => fitPlackettLuce([{ ranked: ['a', 'b'], count: -1 }])).toThrow('count of ranking 0 must be')
    expect(() => fitPlackettLuce([{ ranked: ['a', 'b', 'c'] }, { ranked: ['a', 'c', 'b'] }])).toThrow(
      'the abilities have no bound: the items fall into 2 groups, and none was ever preferred to one of a group before ' +
        'its own: a | b, c',
    )
  })
})
