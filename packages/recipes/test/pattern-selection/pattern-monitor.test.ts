import { describe, expect, it } from 'vitest'
import type { Group, Outcome, RewardFunction } from '@posttrain/core'
import { TabularPolicy } from '@posttrain/models'
import { gradientFlow, patternMonitor } from '@posttrain/recipes'
import { rloo, trainOnline, type Algorithm } from '@posttrain/trainers'
import { samplesOf } from '../samples.js'

const groupOf = (id: string, texts: readonly string[], outcomes?: readonly Outcome[]): Group => ({
  task: { id, prompt: id },
  samples: samplesOf(texts).map((sample) => ({ ...sample, id, taskId: id })),
  outcomes: outcomes ?? texts.map((text) => ({ kind: 'scored', reward: Number(text.endsWith('!')) })),
})
const classify = ({ text }: { readonly text: string }): string | undefined => text.replace('!', '') || undefined

describe('patternMonitor', () => {
  it('gives shares and success of each step, and patterns that were not there in the first', () => {
    const monitor = patternMonitor({ classify })
    expect(monitor.add(3, [groupOf('a', ['sum', 'sum!']), groupOf('b', ['product', 'sum!'])])).toEqual([])
    expect(monitor.add(4, [groupOf('a', ['sum', 'quotient']), groupOf('b', ['quotient!', ''])])).toEqual([
      { pattern: 'quotient', step: 4, samples: 2, first: { taskId: 'a', text: 'quotient' } },
    ])
    expect(monitor.add(5, [groupOf('a', ['quotient', 'product'])])).toEqual([])
    const { steps, newPatterns } = monitor.report()
    expect(
      steps.map(({ step, patterns }) => [
        step,
        patterns.map(({ pattern, share, success }) => [pattern, share, success]),
      ]),
    ).toEqual([
      [
        3,
        [
          ['sum', 0.75, 2 / 3],
          ['product', 0.25, 0],
        ],
      ],
      [
        4,
        [
          ['quotient', 0.5, 0.5],
          ['sum', 0.25, 0],
          [undefined, 0.25, 0],
        ],
      ],
      [
        5,
        [
          ['quotient', 0.5, 0],
          ['product', 0.5, 0],
        ],
      ],
    ])
    expect(newPatterns).toEqual([
      { pattern: 'quotient', step: 4, samples: 3, first: { taskId: 'a', text: 'quotient' } },
    ])
  })

  it('learns until the step that is said', () => {
    const monitor = patternMonitor({ classify, newFrom: 2 })
    expect(monitor.add(0, [groupOf('a', ['sum'])])).toEqual([])
    expect(monitor.add(1, [groupOf('a', ['product'])])).toEqual([])
    expect(monitor.add(2, [groupOf('a', ['product', 'quotient'])]).map(({ pattern }) => pattern)).toEqual(['quotient'])
    const fromTheStart = patternMonitor({ classify, newFrom: 0 })
    expect(fromTheStart.add(0, [groupOf('a', ['sum'])])).toHaveLength(1)
  })

  it('leaves out samples without a score, and takes two groups of a task as one', () => {
    const monitor = patternMonitor({ classify })
    const outcomes: Outcome[] = [
      { kind: 'unscored', reason: 'timeout' },
      { kind: 'scored', reward: 1 },
    ]
    monitor.add(0, [groupOf('a', ['sum', 'product'], outcomes), groupOf('a', ['sum'])])
    monitor.add(1, [groupOf('a', ['sum'], [{ kind: 'unscored', reason: 'timeout' }])])
    const [first, second] = monitor.report().steps
    expect(first).toMatchObject({ tasks: 1, unscored: 1, patterns: [{ share: 0.5 }, { share: 0.5 }] })
    expect(second).toEqual({ step: 1, tasks: 0, unscored: 1, patterns: [] })
  })

  it('names what a classifier does wrong, and takes nothing of that step', () => {
    let answer: unknown = 'sum'
    const monitor = patternMonitor({
      classify: () => {
        if (answer instanceof Error) throw answer
        return answer as string
      },
    })
    monitor.add(0, [groupOf('a', ['x'])])
    const before = monitor.report()
    answer = 7
    expect(() => monitor.add(1, [groupOf('a', ['x'])])).toThrow('classify of sample 0 of task a is 7')
    answer = ''
    expect(() => monitor.add(1, [groupOf('a', ['x'])])).toThrow('classify of sample 0 of task a is ""')
    answer = Promise.resolve('sum')
    expect(() => monitor.add(1, [groupOf('a', ['x'])])).toThrow('classify of sample 0 of task a is')
    answer = new Error('no idea')
    expect(() => monitor.add(1, [groupOf('a', ['x'])])).toThrow('classify failed on sample 0 of task a: no idea')
    expect(() => monitor.add(0, [])).toThrow('step 0 comes after step 0')
    expect(() => monitor.add(0.5, [])).toThrow('step')
    expect(() => patternMonitor({ classify, newFrom: -1 })).toThrow('newFrom')
    expect(monitor.report()).toEqual(before)
  })
})

/** A table over three patterns of which each is right as often as its rate says, trained for 30 steps. */
const SHARES = [0.5, 0.5 - 1e-9, 1e-9]
const words = ['sum', 'product', 'quotient']
const rates: Readonly<Record<string, number>> = { sum: 0.9, product: 0.25, quotient: 0.1 }
const reward: RewardFunction = {
  name: 'rate',
  score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: rates[text]! })),
}

async function monitored(goal: {
  readonly algorithm: Algorithm
}): Promise<ReturnType<ReturnType<typeof patternMonitor>['report']>> {
  const policy = new TabularPolicy({ prompts: ['x'], words })
  policy.setLogits('x', [], SHARES.map(Math.log))
  const monitor = patternMonitor({ classify })
  const optimizer = { learningRate: 0.5e8, betas: [0, 0] as const, epsilon: 1e8 } // plain gradient ascent at 0.5
  const settings = { policy, reward, tasks: [{ id: 'x', prompt: 'x' }], samplesPerPrompt: 1000, steps: 20, seed: 4 }
  for await (const event of trainOnline({ ...settings, optimizer, ...goal })) {
    if (event.kind === 'step') monitor.add(event.step, event.groups)
  }
  return monitor.report()
}

describe('patternMonitor on a run of trainOnline', () => {
  it('sees the shares move as the gradient flow says', async () => {
    const { steps, newPatterns } = await monitored({ algorithm: rloo({ klCoefficient: 0 }) })
    const training = { shares: SHARES, rewards: words.map((word) => rates[word]!) }
    const flow = gradientFlow(
      training,
      steps.map(({ step }) => 0.5 * step),
    )
    expect(steps).toHaveLength(20)
    steps.forEach(({ patterns }, i) => {
      const seen = patterns.find(({ pattern }) => pattern === 'sum')!
      // Five standard errors of a share of 1,000 samples.
      expect(Math.abs(seen.share - flow[i]![0]!)).toBeLessThan(5 * Math.sqrt(0.25 / 1000))
      expect(seen.success).toBeCloseTo(0.9, 12)
    })
    expect(steps.at(-1)!.patterns[0]!.share).toBeGreaterThan(0.8)
    expect(newPatterns).toEqual([])
  })

  it('goes by the reward of the task where the algorithm makes another of it', async () => {
    const transformReward = (inner: RewardFunction): RewardFunction => ({
      ...inner,
      score: async (task, samples, options) =>
        (await inner.score(task, samples, options)).map((outcome) =>
          outcome.kind === 'scored' ? { ...outcome, reward: -3 * outcome.reward } : outcome,
        ),
    })
    const { steps } = await monitored({ algorithm: { ...rloo({ klCoefficient: 0 }), transformReward } })
    const [first, last] = [steps[0]!.patterns, steps.at(-1)!.patterns]
    expect(first.find(({ pattern }) => pattern === 'sum')!.success).toBeCloseTo(0.9, 12)
    expect(last.find(({ pattern }) => pattern === 'sum')?.share ?? 0).toBeLessThan(0.2)
  })
})
