import { describe, expect, it } from 'vitest'
import { signedPasses } from '../../src/monitor/signed-passes.js'
import { groupOf, type Judged } from './groups.js'

const of = (reward: number | null, signs: number): Judged => ({ reward, parts: { signs } })

describe('signedPasses', () => {
  it('counts passes that bear a sign, and names the tasks where every pass does', () => {
    const found = signedPasses([
      groupOf('hacked', [of(1, 1), of(1, 2), of(0, 0)]),
      groupOf('mixed', [of(1, 0), of(1, 1), of(0, 1)]),
      groupOf('single', [of(1, 1)]),
      groupOf('late', [of(null, 1)]),
    ])
    expect(found.tasks).toEqual(['hacked'])
    expect(found.samples.map(({ task, sample }) => `${task.id} ${sample.index}`)).toEqual([
      'hacked 0',
      'hacked 1',
      'mixed 1',
      'single 0',
    ])
    expect(found.signed).toMatchObject({ value: 0.8, n: 5, interval: { method: 'score' } })
    expect(found.unscored).toBe(1)
  })

  it('has no share where nothing passes, and refuses outcomes without the part', () => {
    expect(signedPasses([groupOf('a', [of(0, 1)])])).toEqual({
      signed: undefined,
      samples: [],
      tasks: [],
      unscored: 0,
    })
    expect(() => signedPasses([groupOf('a', [{ reward: 1 }])])).toThrow('sample 0 of task a has no part signs')
  })
})
