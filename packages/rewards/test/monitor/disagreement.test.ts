import { describe, expect, it } from 'vitest'
import { rewardDisagreement } from '../../src/monitor/disagreement.js'
import { groupOf } from './groups.js'

describe('rewardDisagreement', () => {
  const groups = [
    groupOf('a', [
      { text: 'hack', reward: 1, parts: { gold: 0 } },
      { text: 'fine', reward: 1, parts: { gold: 1 } },
      { text: 'unread', reward: 0, parts: { gold: 1 } },
    ]),
    groupOf('b', [
      { text: 'bad', reward: 0, parts: { gold: 0 } },
      { text: 'who knows', reward: 1, parts: { gold: null } },
      { text: 'late', reward: null },
    ]),
  ]

  it('lists the samples that only one accepts, and counts those without a verdict', () => {
    const found = rewardDisagreement(groups, { truth: 'gold' })
    expect(found.onlyTried.map(({ task, sample }) => [task.id, sample.text])).toEqual([['a', 'hack']])
    expect(found.onlyTruth.map(({ sample }) => sample.text)).toEqual(['unread'])
    expect([found.n, found.unscored, found.agreement.value]).toEqual([4, 2, 0.5])
    expect(found.counts).toEqual({ bothAccept: 1, onlyTried: 1, onlyTruth: 1, bothRefuse: 1 })
  })

  it('has intervals over tasks: more samples of the same tasks make them no narrower', () => {
    const twice = groups.map(({ task, samples, outcomes }) => ({
      task,
      samples: [...samples, ...samples],
      outcomes: [...outcomes, ...outcomes],
    }))
    const [once, doubled] = [groups, twice].map((of) => rewardDisagreement(of, { truth: 'gold' }).agreement.interval!)
    expect(doubled).toEqual(once)
  })

  it('accepts from the threshold on, and compares any two parts', () => {
    const of = (x: number, y: number) => groupOf('a', [{ reward: 0, parts: { x, y } }])
    const agree = (x: number, y: number): number =>
      rewardDisagreement([of(x, y)], { score: 'x', truth: 'y', threshold: 0.7 }).agreement.value
    expect([agree(0.7, 0.9), agree(0.69, 0.7), agree(0.1, 0.2)]).toEqual([1, 0, 1])
    expect(() => rewardDisagreement(groups, { truth: 'people' })).toThrow('sample 0 of task a has no part people')
  })
})
