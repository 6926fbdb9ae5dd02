import { describe, expect, it } from 'vitest'
import { createStream, type Procedure, type Sampler, type Task } from '@posttrain/core'
import { majorityVote, singleSample, splitCanary, type SplitCanaryOptions } from '@posttrain/sampling'

const says = (text: string): Sampler => ({
  async *sample(requests) {
    for (const { task, id = task.id, count, seed, firstIndex = 0 } of requests) {
      for (let index = firstIndex; index < firstIndex + count; index++) {
        const usage = { promptTokens: 1, completionTokens: 2, cost: 1 }
        yield { id, taskId: task.id, index, seed, text, finish: 'stop', usage }
      }
    }
  },
})
const task = (id: string): Task => ({ id, prompt: '?' })
const [a, b] = [{ procedure: singleSample() }, { procedure: majorityVote({ k: 3 }) }]

/** Runs requests, each worth 1 with the probability of its side. @returns the sides they went to */
async function traffic(
  options: Partial<SplitCanaryOptions>,
  { requests, worth }: { requests: number; worth: { a: number; b: number } },
) {
  const split = splitCanary({ a, b, ...options })
  const sides: string[] = []
  const shares: number[] = []
  for (let i = 0; i < requests; i++) {
    const { samples } = await split.procedure.run(says('x'), task(`r${i}`))
    const side = samples.length === 3 ? 'b' : 'a'
    sides.push(side)
    shares.push(split.state().share)
    split.settle(`r${i}`, createStream(1, 'worth', i).uniform() < worth[side] ? 1 : 0)
  }
  return { split, sides, shares }
}

describe('a split', () => {
  it('begins with a small share of b, grows by stages, and gives b everything once it is shown to be better', async () => {
    const options = { stages: [0.1, 0.5], perStage: 10 }
    const { split, sides, shares } = await traffic(options, { requests: 3000, worth: { a: 0.5, b: 0.75 } })
    const { verdict, share, b: totals, a: others } = split.state()
    expect([verdict, share]).toEqual(['better', 1])
    expect([...new Set(shares)]).toEqual([0.1, 0.5, 1])
    const first = shares.lastIndexOf(0.1) + 1
    expect(sides.slice(0, first).filter((side) => side === 'b')).toHaveLength(10)
    expect(totals).toMatchObject({ samples: 3 * totals.decisions, usage: { cost: 3 * totals.decisions } })
    expect(others.decisions + totals.decisions).toBe(shares.indexOf(1)) // later ones are no part of the test
    expect(new Set(sides.slice(shares.indexOf(1) + 1))).toEqual(new Set(['b']))
  })

  it('takes b back where it is worse', async () => {
    const { split, sides } = await traffic({ stages: [0.5] }, { requests: 1500, worth: { a: 0.9, b: 0.4 } })
    expect(split.state()).toMatchObject({ verdict: 'worse', share: 0 })
    expect(sides.at(-1)).toBe('a')
    const { samples, reason } = await split.procedure.run(says('x'), task('later'))
    expect([samples.length, reason]).toEqual([1, 'single sample: the only sample'])
  })

  it('lets a cheaper one take over that is shown not to be worse by the margin', async () => {
    const { split } = await traffic({ stages: [0.5], margin: 0.25 }, { requests: 3000, worth: { a: 0.8, b: 0.8 } })
    expect(split.state()).toMatchObject({ verdict: 'not-worse', share: 1 })
  })

  it('of sides that are alike decides wrongly no more often than its level says', async () => {
    let wrong = 0
    for (let seed = 0; seed < 40; seed++) {
      const split = splitCanary({ a, b, stages: [0.5], level: 0.9 })
      for (let i = 0; i < 150; i++) {
        await split.procedure.run(says('x'), task(`r${i}`), { seed })
        split.settle(`r${i}`, createStream(seed, 'worth', i).uniform() < 0.7 ? 1 : 0)
      }
      if (split.state().verdict !== 'undecided') wrong++
    }
    expect(wrong).toBeLessThanOrEqual(10) // more than 10 of 40 at 10 % have a chance of 0.001
  })

  it('assigns by seed and id alone, and takes each reward once', async () => {
    const [one, two] = [splitCanary({ a, b, stages: [0.5] }), splitCanary({ a, b, stages: [0.5] })]
    for (let i = 0; i < 30; i++) {
      const run = { seed: 4, id: `run ${i}` }
      const decisions = [
        await one.procedure.run(says('x'), task('t'), run),
        await two.procedure.run(says('x'), task('t'), run),
      ]
      expect(decisions[0]!.samples.length).toBe(decisions[1]!.samples.length)
    }
    expect(one.state().pending).toBe(30)
    expect([one.settle('run 3', 1), one.settle('run 3', 1), one.settle('run 99', 1)]).toEqual([true, false, false])
    expect(one.state()).toMatchObject({ pending: 29 })
    expect(() => one.settle('run 4', 2)).toThrow('reward must be a finite number from 0 to 1')
  })

  it('counts what a judge cannot score, leaves it out, and takes a reward for it later', async () => {
    const split = splitCanary({ a, b, stages: [0.5], perStage: 1 })
    const sides: ('a' | 'b')[] = []
    for (let i = 0; i < 8; i++) {
      sides.push((await split.procedure.run(says('x'), task(`r${i}`))).samples.length === 3 ? 'b' : 'a')
    }
    const of = (side: string): string => `r${sides.findIndex((one) => one === side)}`
    const before = split.state()
    expect([split.settle(of('b'), null), split.settle(of('b'), null), split.settle('nobody', null)]).toEqual([
      true,
      false,
      false,
    ])
    expect(split.state()).toMatchObject({ pending: 8, b: { decisions: 1, unscored: 1, samples: 3, meanReward: NaN } })
    expect([split.waits(of('b')), split.waits('nobody')]).toEqual([true, false])
    expect(split.state().interval).toEqual(before.interval)
    expect([split.settle(of('b'), 0.5), split.waits(of('b')), split.settle(of('b'), 1)]).toEqual([true, false, false])
    expect(split.state()).toMatchObject({ pending: 7, b: { decisions: 1, unscored: 0, samples: 3, meanReward: 0.5 } })
  })

  it('draws from a sampler of its own where a side has one, and forgets the oldest that wait', async () => {
    const split = splitCanary({
      a: { ...a, sampler: says('old') },
      b: { ...a, sampler: says('new') },
      stages: [0.5],
      pending: 3,
    })
    const answers = new Set<string | undefined>()
    for (let i = 0; i < 20; i++) answers.add((await split.procedure.run(says('none'), task(`r${i}`))).answer)
    expect(answers).toEqual(new Set(['old', 'new']))
    expect(split.state().pending).toBe(3)
    expect([split.settle('r0', 1), split.settle('r19', 1)]).toEqual([false, true])
  })

  it('passes on what a side throws', async () => {
    const failing: Procedure = { name: 'bad', run: () => Promise.reject(new Error('boom')) }
    const split = splitCanary({ a: { procedure: failing }, b: { procedure: failing } })
    await expect(split.procedure.run(says('x'), task('t'))).rejects.toThrow('the procedure bad failed')
    expect(split.state().pending).toBe(0)
  })

  it.each([
    [{ stages: [] }, 'stages is empty'],
    [{ stages: [0.5, 1] }, 'stages[1]'],
    [{ perStage: 0 }, 'perStage'],
    [{ pending: 0 }, 'pending'],
    [{ margin: -1 }, 'margin'],
    [{ level: 0 }, 'level'],
    [{ a: { procedure: 'x' } as never }, 'a.procedure'],
  ])('is not made with %j', (options, message) => {
    expect(() => splitCanary({ a, b, ...options })).toThrow(message)
  })
})
