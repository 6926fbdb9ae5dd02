import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as estimators from '@posttrain/estimators'
import { votes } from '../outcomes.js'

const { bordaWeights, familyOf, majorityAtK, parseObjective, weightedMajorityObjective } = estimators

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
    ['first-passing@3≥-0.5', 3],
    ['first-passing@3≥1e+21 by judge', 3],
    ['borda@8^0.5 by judge', 8],
    ['borda@8^0 by judge', 8],
    ['logprob-maj@8 by judge', 8],
    ['G-Pass@8_1e-7', 8],
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
    'weighted-maj@8 (weigh) by judge',
    'weighted-maj@8^2 by judge',
    'borda@8 by judge',
    'borda@8^-1 by judge',
    'borda@8^1e999 by judge',
    'borda@8_0.5 by judge',
    'first-passing@3≥ by judge',
    'first-passing@3≥1e by judge',
    'first-passing@3_1 by judge',
    'G-Pass@8_-0.5',
    'G-Pass@8^0.5',
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
          'mean, pass@K, pass^K, G-Pass@K_TAU, mG-Pass@K, max@K, maj@K, weighted-maj@K, borda@K^POWER, ' +
            'logprob-maj@K, agreement, best-of-K or first-passing@K, where',
        ) as string,
      })
    }
  })

  it('gives every objective of the package back by its name', () => {
    const by = fc.oneof(
      fc.string({ minLength: 1, unit: 'grapheme' }),
      fc.constantFrom('a by b', '\n', ' ', '8', '(f) by x'),
    )
    const finite = fc.double({ noNaN: true, noDefaultInfinity: true })
    const options = fc.record({
      k: fc.integer({ min: 1, max: 4 }),
      by,
      maybeBy: fc.option(by, { nil: undefined }),
      tau: fc.double({ min: 0, max: 1, noNaN: true }),
      power: fc.double({ min: 0, max: 30, noNaN: true }),
      threshold: fc.oneof(finite, fc.constantFrom(-0, 1, 0.5)),
      values: fc.array(fc.double({ min: -2, max: 0, noNaN: true }), { minLength: 5, maxLength: 5 }),
    })
    const all = fc.property(options, ({ k, by, maybeBy, tau, power, threshold, values }) => {
      const outcomes = votes('AB-AB').map((one, i) => {
        return { ...one, parts: { [by]: values[i]!, ...(maybeBy !== undefined && { [maybeBy]: values[i]! }) } }
      })
      for (const objective of [
        estimators.meanObjective(),
        estimators.agreementObjective(),
        estimators.passAtKObjective({ k }),
        estimators.passHatKObjective({ k }),
        estimators.maxAtKObjective({ k }),
        estimators.majorityObjective({ k }),
        estimators.gPassAtKObjective({ k, tau }),
        estimators.meanGPassAtKObjective({ k }),
        estimators.bestOfNObjective({ n: k, by: maybeBy }),
        estimators.firstPassingObjective({ k, by: maybeBy, threshold }),
        weightedMajorityObjective({ k, by }),
        weightedMajorityObjective({ k, by, weigh: bordaWeights(power) }),
        weightedMajorityObjective({ k, by, weigh: estimators.logprobWeights }),
      ]) {
        const { name, k: samples, reads, minimumSamples } = objective
        const again = parseObjective(name)
        expect(again).toMatchObject({ name, k: samples, minimumSamples })
        expect(again.reads).toEqual(reads)
        expect(again.estimate(outcomes)).toBe(objective.estimate(outcomes))
        expect(again.advantages(outcomes)).toEqual(objective.advantages(outcomes))
      }
    })
    fc.assert(all, { seed: 1, numRuns: 300 })
  })

  it('refuses the name of votes that a function of one own weighs, which says so', () => {
    const bordaLike = Object.defineProperty(() => [1], 'name', { value: 'bordaWeights(0.5)' })
    for (const [weigh, name] of [
      [(ones: readonly number[]) => ones, 'weighted-maj@4 (a function) by judge'],
      [bordaLike, 'weighted-maj@4 (bordaWeights(0.5)) by judge'],
    ] as const) {
      expect(weightedMajorityObjective({ k: 4, by: 'judge', weigh }).name).toBe(name)
      expect(() => parseObjective(name)).toThrow(`the objective '${name}' is unknown`)
    }
  })

  it('has no objective that reads a part without a name', () => {
    for (const name of ['best-of-2', 'first-passing@2', 'weighted-maj@2']) {
      expect(() => parseObjective(name, { by: '' })).toThrow('by is empty')
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
    expect(() => parseObjective('borda@4^0.5')).toThrow('borda@4^0.5 does not say what votes weigh')
    expect(() => parseObjective('weighted-maj@4 by judge', { ties: 'strict' })).toThrow(
      'weighted-maj@4 shares ties, but the rule is strict',
    )
  })
})

describe('objectiveName', () => {
  it('takes a name apart', () => {
    const { objectiveName } = estimators
    expect(objectiveName('mean')).toEqual({ family: 'mean' })
    expect(objectiveName('G-Pass@8_.75')).toEqual({ family: 'G-Pass@', k: 8, number: 0.75 })
    expect(objectiveName('borda@8^0 by a by b')).toEqual({ family: 'borda@', k: 8, number: 0, by: 'a by b' })
    expect(objectiveName('first-passing@2≥-1e3')).toEqual({ family: 'first-passing@', k: 2, number: -1000 })
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
    ['borda@4^0.5', 'borda@'],
    ['logprob-maj@4 by judge', 'logprob-maj@'],
    ['first-passing@4≥0.5', 'first-passing@'],
    ['agreement', 'agreement'],
  ])('%s is of %s', (name, family) => {
    expect(familyOf(name)).toBe(family)
  })
})
