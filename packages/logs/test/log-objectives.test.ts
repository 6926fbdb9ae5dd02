import { meanObjective, symmetricObjective } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { isBinary, objectivesOf, readsProxy, requireReadable } from '../src/log-objectives.js'
import { logOf } from './in-memory.js'

const plain = logOf([{ task_id: 'a', rewards: [1, 0], answers: ['x', 'y'] }])
const proxied = logOf([{ task_id: 'a', rewards: [1, 0], proxies: [0.2, 0.7] }])
const outcomes = [
  { kind: 'scored', reward: 1, parts: { proxy: 0.2 } },
  { kind: 'scored', reward: 0, parts: { proxy: 0.7 } },
] as const

describe('objectivesOf', () => {
  it.each(['mean', 'pass@1', 'pass^4', 'max@2', 'maj@32', 'best-of-16', 'first-passing@3'])(
    '%s keeps its name',
    (name) => {
      const [objective] = objectivesOf([name], plain, {})
      expect(objective!.name).toBe(name)
      expect(objective!.reads).toBeUndefined()
    },
  )

  it.each(['pass', 'pass@', 'pass@0', 'pass@1.5', 'pass@-1', 'Pass@1', 'maj^2', 'best-of-08', ''])(
    '%j is none',
    (name) => {
      expect(() => objectivesOf([name], plain, {})).toThrow(`the objective '${name}' is unknown`)
    },
  )

  it('chooses by the proxy where the log has proxies, and by the reward where it has none', () => {
    const [byProxy] = objectivesOf(['best-of-2'], proxied, {})
    expect(byProxy).toMatchObject({ name: 'best-of-2', k: 2, reads: ['proxy'] })
    expect(byProxy!.estimate(outcomes)).toBe(0)
    const [byReward] = objectivesOf(['best-of-2'], plain, {})
    expect(byReward!.estimate(outcomes)).toBe(1)
    expect(objectivesOf(['best-of-2 by proxy'], proxied, {})[0]!.name).toBe('best-of-2 by proxy')
  })

  it('hands the rules of a vote on', () => {
    const tied = [
      { kind: 'scored', reward: 1, answer: 'x' },
      { kind: 'scored', reward: 0, answer: 'y' },
    ] as const
    const worth = (ties: 'share' | 'strict' | 'first'): number =>
      objectivesOf(['maj@2'], plain, { ties })[0]!.estimate(tied)
    expect([worth('share'), worth('strict'), worth('first')]).toEqual([0.5, 0, 1])
  })

  it('takes objectives as they are', () => {
    const own = symmetricObjective({ name: 'own', k: 1, f: ([only]) => only?.reward ?? 0 })
    expect(objectivesOf([own, 'mean'], plain, {})[0]).toBe(own)
  })
})

it('requireReadable refuses what a log does not have', () => {
  const asked =
    (name: string, log = plain) =>
    () =>
      objectivesOf([name], log, {}).forEach((objective) => requireReadable(objective, log))
  for (const name of ['mean', 'maj@2', 'best-of-2']) expect(asked(name)).not.toThrow()
  expect(asked('maj@2', proxied)).toThrow('maj@2 needs answers, but no sample has one')
  const forgotten = logOf([{ task_id: 'a', reward: 1, answer: 'x' }], false)
  expect(asked('maj@1', forgotten)).toThrow(
    expect.objectContaining({
      message: 'maj@1 needs answers, but the log was read without them',
      hint: 'read it with keepAnswers: true',
    }),
  )
  expect(asked('best-of-2 by judge')).toThrow('best-of-2 by judge reads the part judge, which no log has')
  expect(asked('best-of-2 by proxy')).toThrow('best-of-2 by proxy needs proxies, but no sample has one')
})

it('knows which objectives need rewards of 0 and 1, and which read proxies', () => {
  const names = ['mean', 'pass@2', 'pass^2', 'max@2', 'best-of-2', 'first-passing@2']
  const objectives = objectivesOf(names, proxied, {})
  expect(objectives.map(isBinary)).toEqual([false, true, true, false, false, false])
  expect(objectives.map(readsProxy)).toEqual([false, false, false, false, true, true])
  expect(isBinary(meanObjective())).toBe(false)
})
