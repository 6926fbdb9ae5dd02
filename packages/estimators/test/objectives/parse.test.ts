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
    ['G-Pass@8_0.75', 8],
    ['G-Pass@8_1', 8],
    ['mG-Pass@8', 8],
    ['agreement', 2],
    ['weighted-maj@8 by judge', 8],
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
    'mean2',
    'G-Pass@8',
    'G-Pass@8_1.5',
    'G-Pass@8_',
    'pass@8_0.5',
    'agreement2',
    'agreement by judge',
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
        hint: expect.stringContaining(
          'mean, pass@K, pass^K, G-Pass@K_TAU, mG-Pass@K, max@K, maj@K, weighted-maj@K, agreement, best-of-K or ' +
            'first-passing@K, where',
        ) as string,
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
    expect(parseObjective('weighted-maj@4', { by })).toMatchObject({
      name: 'weighted-maj@4 by judge',
      reads: ['judge'],
    })
  })

  it('refuses weighted votes that nothing weighs, and under a rule that they do not have', () => {
    expect(() => parseObjective('weighted-maj@4')).toThrow('weighted-maj@4 does not say what votes weigh')
    expect(() => parseObjective('weighted-maj@4 by judge', { ties: 'strict' })).toThrow(
      'weighted-maj@4 shares ties, but the rule is strict',
    )
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
    ['G-Pass@4_0.5', 'G-Pass@'],
    ['mG-Pass@4', 'mG-Pass@'],
    ['weighted-maj@4', 'weighted-maj@'],
    ['agreement', 'agreement'],
  ])('%s is of %s', (name, family) => {
    expect(familyOf(name)).toBe(family)
  })
})
