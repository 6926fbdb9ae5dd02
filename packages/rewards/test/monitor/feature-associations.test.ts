import { mean } from '@posttrain/core'
import { scoreInterval } from '@posttrain/estimators'
import { describe, expect, it } from 'vitest'
import { featureAssociations } from '../../src/monitor/feature-associations.js'
import { formFeatures } from '../../src/monitor/form-features.js'
import { sampleOf } from '../sample.js'
import { groupOf, type Judged } from './groups.js'

const length = { length: formFeatures.length }
const of = (text: string, reward: number | null): Judged => ({ text, reward })
const onLength = (...groups: Parameters<typeof featureAssociations>[0][]) =>
  featureAssociations(
    [...groups].flatMap((some) => [...some]),
    { features: length },
  )[0]!

describe('featureAssociations', () => {
  it('is D of pairs of one task with unlike rewards, ties in the feature counting half', () => {
    // Task a: the better is longer in 3 of 4 pairs, D = 0.5. Task b: in one of two it is equal, D = 0.5.
    const a = groupOf('a', [of('xxxx', 1), of('xx', 1), of('x', 0), of('xxx', 0)])
    const b = groupOf('b', [of('xx', 1), of('xx', 0), of('x', 0)])
    const { estimate, uninformative } = onLength([a, b])
    expect(estimate).toMatchObject({ value: 0.5, tasks: 2, samplesPerTask: { min: 3, max: 4 }, unscored: 0 })
    expect(uninformative).toBe(0)
  })

  it('is not faked by difficulty: long answers and few right ones on hard tasks alone', () => {
    const groups = Array.from({ length: 40 }, (_, t) => {
      const isHard = t % 2 === 0
      // Within a task every reward meets every length once.
      const rewards = isHard ? [1, 0, 0, 0] : [1, 1, 1, 0]
      const text = (i: number): string => 'x'.repeat((isHard ? 1000 : 10) + ((i + t) % 4))
      return groupOf(
        `${t}`,
        rewards.flatMap((reward) => [0, 1, 2, 3].map((i) => of(text(i), reward))),
      )
    })
    const { estimate, pValue } = onLength(groups)
    expect(estimate!.value).toBe(0)
    expect(pValue).toBe(1)
  })

  it('is unbiased for rewards of two values: enumerated over all groups of 4', () => {
    // (length, reward) with probabilities; longer answers are right more often.
    const outcomes = [
      { text: 'x', reward: 0, p: 0.3 },
      { text: 'x', reward: 1, p: 0.1 },
      { text: 'xx', reward: 0, p: 0.15 },
      { text: 'xx', reward: 1, p: 0.25 },
      { text: 'xxx', reward: 1, p: 0.2 },
    ]
    const right = outcomes.filter(({ reward }) => reward === 1)
    const wrong = outcomes.filter(({ reward }) => reward === 0)
    let [truth, pairs] = [0, 0]
    for (const a of right) {
      for (const b of wrong) {
        truth += a.p * b.p * Math.sign(a.text.length - b.text.length)
        pairs += a.p * b.p
      }
    }
    truth /= pairs
    let [expected, informative] = [0, 0]
    for (let code = 0; code < outcomes.length ** 4; code++) {
      const drawn = [0, 1, 2, 3].map((i) => outcomes[Math.floor(code / outcomes.length ** i) % outcomes.length]!)
      const p = drawn.reduce((product, { p }) => product * p, 1)
      // The same group as two tasks: an estimate needs two.
      const { estimate } = onLength([groupOf('a', drawn), groupOf('b', drawn)])
      if (estimate === undefined) continue
      expected += p * estimate.value
      informative += p
    }
    expect(expected / informative).toBeCloseTo(truth, 12)
    expect(truth).toBeGreaterThan(0.3)
  })

  it('counts what it leaves out: unscored, failed, and tasks whose samples have one reward', () => {
    const pair = [of('xx', 1), of('x', 0)]
    const groups = [
      groupOf('a', [...pair, of('x', null)]),
      groupOf('b', [...pair, { text: '', reward: null, failed: true }]),
      groupOf('c', [of('x', 1), of('xxx', 1)]),
    ]
    const { estimate, uninformative } = onLength(groups)
    expect(estimate).toMatchObject({ value: 1, tasks: 2, unscored: 2, unscoredPolicy: 'exclude' })
    expect(uninformative).toBe(1)
    expect(onLength(groups.slice(1)).estimate).toBeUndefined()
    expect(onLength(groups.slice(1)).pValue).toBe(1)
  })

  it('has an interval within its range, over tasks: groups of one task count as one', () => {
    const pair = [of('xx', 1), of('x', 0)]
    const ofOneTaskEach = Array.from({ length: 12 }, (_, t) => groupOf(`${t}`, pair))
    const ofFour = Array.from({ length: 12 }, (_, t) => groupOf(`${t % 4}`, pair))
    const [many, few] = [onLength(ofOneTaskEach), onLength(ofFour)].map(({ estimate }) => estimate!)
    expect([many!.value, few!.value, many!.tasks, few!.tasks]).toEqual([1, 1, 12, 4])
    expect(many!.interval).toMatchObject({ upper: 1, level: 0.95, method: 'score' })
    expect(many!.interval.lower).toBe(2 * (scoreInterval(new Array<number>(12).fill(1)).lower - 0.5))
    expect(few!.interval.lower).toBeLessThan(many!.interval.lower - 0.3)
  })

  it('adjusts p-values for all features looked at', () => {
    const groups = Array.from({ length: 30 }, (_, t) => groupOf(`${t}`, [of('xx', 1), of('x', 0)]))
    const alone = featureAssociations(groups, { features: length })[0]!.pValue
    const two = { ...length, none: () => 0 }
    const [first, second] = featureAssociations(groups, { features: two })
    expect(first!.pValue).toBeCloseTo(2 * alone, 12)
    expect(second).toMatchObject({ pValue: 1, estimate: { value: 0 } })
    expect(alone).toBeLessThan(1e-6)
  })

  it('reads a part, so that the error of a proxy can be asked', () => {
    const groups = ['a', 'b'].map((id) =>
      groupOf(id, [
        { text: 'x', reward: 1, parts: { error: 0 } },
        { text: 'xxx', reward: 0, parts: { error: 1 } },
      ]),
    )
    const estimate = featureAssociations(groups, { features: length, score: 'error' })[0]!.estimate!
    expect([estimate.name, estimate.value]).toEqual(['D(error, length)', 1])
    expect(() => featureAssociations(groups, { score: 'gold' })).toThrow('sample 0 of task a has no part gold')
  })

  it('names a feature that throws or is no number', () => {
    const groups = [groupOf('a', [of('x', 1), of('xx', 0)]), groupOf('b', [of('x', 1), of('xx', 0)])]
    const withFeature = (feature: () => number) => () => featureAssociations(groups, { features: { odd: feature } })
    expect(withFeature(() => NaN)).toThrow('the feature odd of sample 0 of task a must be a finite number, but is NaN')
    expect(
      withFeature(() => {
        throw new Error('no')
      }),
    ).toThrow('the feature odd failed on task a: no')
  })
})

describe('formFeatures', () => {
  const text = '# Plan\n- **first** verified\n```python\nprint("Score: 3")\n```\nso \\boxed{4}'
  it.each([
    ['length', text.length],
    ['repetition', 0],
    ['boxed', 1],
    ['code', 1],
    ['list', 1],
    ['heading', 1],
    ['bold', 1],
    ['self-praise', 1],
    ['verdict words', 1],
    ['cut', 0],
  ] as const)('%s of a text that has everything is %d', (name, expected) => {
    expect(formFeatures[name](sampleOf(text))).toBe(expected)
    if (name !== 'length') expect(formFeatures[name](sampleOf('x - y # z 1.5'))).toBe(0)
  })

  it('sees what is repeated, and what was cut', () => {
    expect(formFeatures.repetition(sampleOf('a b c a b c'))).toBeCloseTo(0.25, 12)
    expect(formFeatures.cut({ ...sampleOf(''), finish: 'length' })).toBe(1)
    expect(mean(Object.values(formFeatures).map((of) => of(sampleOf(''))))).toBe(0)
  })

  it('reads a million blank lines at once', () => {
    const blank = sampleOf('\n '.repeat(1_000_000))
    const before = performance.now()
    Object.values(formFeatures).forEach((of) => of(blank))
    expect(performance.now() - before).toBeLessThan(5000)
  })
})
