import { describe, expect, it } from 'vitest'
import { familyOf, majorityAtK, parseObjective } from '@posttrain/estimators'
import { votes } from '../outcomes.js'

describe('parseObjective', () => {
  it.each([
    ['mean', 1],
    ['pass@8', 8],
    ['pass^4', 4],
    ['max@16', 16],
    ['maj@1', 1],
    ['best-of-64', 64],
    ['best-of-4 by reward model@2', 4],
    ['first-passing@3', 3],
    ['first-passing@3 by visible tests', 3],
  ])('%s has k = %d and its own name', (name, k) => {
    expect(parseObjective(name)).toMatchObject({ name, k })
  })

  it.each([
    'pass',
    'pass@',
    'pass@0',
    'pass@-1',
    'pass@1.5',
    'pass@08',
    'PASS@8',
    'median',
    'constructor@2',
    'constructor2',
    '',
    'maj@8 ',
    'pass@8 by judge',
    'best-of-4 by ',
    'best-of-4 judge',
    'best-of-',
    'mean@2',
  ])("refuses '%s'", (name) => {
    expect(() => parseObjective(name)).toThrow(`the objective '${name}' is unknown`)
    expect(familyOf(name)).toBeUndefined()
  })

  it('names the accepted forms', () => {
    try {
      parseObjective('best')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({
        code: 'invalid-argument',
        hint: expect.stringContaining('mean, pass@K, pass^K, max@K, maj@K, best-of-K or first-passing@K') as string,
      })
    }
  })

  it('takes the rules of a vote', () => {
    const outcomes = votes('AB-')
    for (const ties of ['share', 'strict', 'first'] as const) {
      for (const unparsed of ['abstain', 'vote', 'wrong'] as const) {
        const { estimate } = parseObjective('maj@3', { ties, unparsed })
        expect(estimate(outcomes)).toBe(majorityAtK(outcomes, 3, { ties, unparsed }))
      }
    }
  })

  it('takes what is chosen by, unless the name says it; other names ignore it', () => {
    const by = 'judge'
    expect(parseObjective('best-of-4', { by })).toMatchObject({ name: 'best-of-4 by judge', reads: ['judge'] })
    expect(parseObjective('first-passing@4', { by })).toMatchObject({
      name: 'first-passing@4 by judge',
      reads: ['judge'],
    })
    expect(parseObjective('best-of-4 by tests', { by })).toMatchObject({ name: 'best-of-4 by tests', reads: ['tests'] })
    expect(parseObjective('pass@4', { by }).name).toBe('pass@4')
    expect(parseObjective('best-of-4').reads).toBeUndefined()
  })
})

describe('familyOf', () => {
  it.each([
    ['mean', 'mean'],
    ['pass@8', 'pass@'],
    ['pass^8', 'pass^'],
    ['max@2', 'max@'],
    ['maj@16', 'maj@'],
    ['best-of-4', 'best-of-'],
    ['best-of-4 by judge', 'best-of-'],
    ['first-passing@4', 'first-passing@'],
  ])('%s is of %s', (name, family) => {
    expect(familyOf(name)).toBe(family)
  })
})
