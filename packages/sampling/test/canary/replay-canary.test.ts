import { describe, expect, it } from 'vitest'
import { createStream, shuffled } from '@posttrain/core'
import type { Outcome, Procedure, RewardFunction, Sampler, Task } from '@posttrain/core'
import { confidenceSequence } from '@posttrain/estimators'
import { majorityVote, replayCanary, singleSample } from '@posttrain/sampling'
import type { CanaryState, ReplayCanaryOptions } from '@posttrain/sampling'

/** Says 1 with a probability of its own, each sample by its own stream, after a while that varies. */
const coin = (p: number, text = '1', delay = false): Sampler => ({
  async *sample(requests) {
    for (const { task, id = task.id, count, seed, firstIndex = 0 } of requests) {
      for (let index = firstIndex; index < firstIndex + count; index++) {
        const stream = createStream(seed, id, index, p.toString())
        if (delay) await new Promise((resolve) => setTimeout(resolve, createStream(seed, 'delay', id).integer(4)))
        const usage = { promptTokens: 2, completionTokens: 3, cost: 1 }
        yield { id, taskId: task.id, index, seed, text: stream.uniform() < p ? text : '0', finish: 'stop', usage }
      }
    }
  },
})
const reward: RewardFunction = {
  name: 'one',
  score: async (_, samples) =>
    samples.map(({ text }): Outcome =>
      text === '?' ? { kind: 'unscored', reason: 'odd' } : { kind: 'scored', reward: Number(text) },
    ),
}
const tasks = (n: number): readonly Task[] => Array.from({ length: n }, (_, i) => ({ id: `t${i}`, prompt: '?' }))
const side = (sampler: Sampler, procedure: Procedure = singleSample()) => ({ procedure, sampler })

async function statesOf(options: Partial<ReplayCanaryOptions>): Promise<CanaryState[]> {
  const states: CanaryState[] = []
  const given = { a: side(coin(0.5)), b: side(coin(0.5)), tasks: tasks(2000), reward, ...options }
  for await (const state of replayCanary(given)) states.push(state)
  return states
}

describe('a canary', () => {
  it('ends as soon as b is shown to be better, or worse', async () => {
    const better = await statesOf({ b: side(coin(0.9)) })
    expect(better.at(-1)!.verdict).toBe('better')
    expect(better.slice(0, -1).every(({ verdict }) => verdict === 'undecided')).toBe(true)
    expect(better.length).toBeLessThan(150)
    const worse = await statesOf({ b: side(coin(0.1)) })
    expect(worse.at(-1)).toMatchObject({ verdict: 'worse', interval: { upper: expect.any(Number) } })
  })

  it('ends where b is shown not to be worse by the margin, and says what each cost', async () => {
    const vote = majorityVote({ k: 5 })
    const states = await statesOf({ a: side(coin(0.95), vote), b: side(coin(0.95)), margin: 0.2 })
    const { a, b, verdict, interval, difference } = states.at(-1)!
    expect(verdict).toBe('not-worse')
    expect(interval.lower).toBeGreaterThan(-0.2)
    expect(a).toMatchObject({ decisions: states.length, samples: 5 * states.length, abstained: 0, unscored: 0 })
    expect(b).toMatchObject({
      samples: states.length,
      usage: { completionTokens: 3 * states.length, cost: states.length },
    })
    expect(b.meanReward - a.meanReward).toBeCloseTo(difference, 12)
  })

  it('is undecided where there are no more tasks', async () => {
    const states = await statesOf({ tasks: tasks(20) })
    expect(states).toHaveLength(20)
    expect(states.at(-1)!.verdict).toBe('undecided')
  })

  it('gives wrong verdicts no more often than its level says, of sides that are alike', async () => {
    let wrong = 0
    for (let seed = 0; seed < 60; seed++) {
      const states = await statesOf({ a: side(coin(0.6)), b: side(coin(0.60001)), seed, tasks: tasks(60), level: 0.9 })
      if (states.at(-1)!.verdict !== 'undecided') wrong++
    }
    expect(wrong).toBeLessThanOrEqual(13) // more than 13 of 60 at 10 % have a chance of 0.002
  })

  it('counts tasks in their own order, whichever is done first', async () => {
    const order = shuffled(tasks(40), createStream(1, 'order'))
    const options = { b: side(coin(0.7)), tasks: order, tasksInFlight: 7 }
    const fast = await statesOf(options)
    const slow = await statesOf({ ...options, a: side(coin(0.5, '1', true)), b: side(coin(0.7, '1', true)) })
    expect(slow.map(({ interval }) => interval)).toEqual(fast.map(({ interval }) => interval))
  })

  it('counts an abstention as 0, and leaves a pair without a score out under exclude alone', async () => {
    const abstaining: Procedure = {
      name: 'none',
      run: async (sampler, task, options) => ({
        ...(await singleSample().run(sampler, task, options)),
        sample: undefined,
        answer: undefined,
      }),
    }
    const all = { a: side(coin(1), abstaining), b: side(coin(1, '?')), tasks: tasks(5) }
    const counted = (await statesOf(all)).at(-1)!
    expect(counted).toMatchObject({
      difference: 0,
      a: { abstained: 5, meanReward: 0 },
      b: { unscored: 5, meanReward: 0 },
    })
    const left = (await statesOf({ ...all, unscored: 'exclude' })).at(-1)!
    expect(left).toMatchObject({ difference: NaN, b: { unscored: 5, decisions: 5, meanReward: NaN } })
    expect(left.interval).toMatchObject({ lower: -1, upper: 1 })
    await expect(statesOf({ ...all, unscored: 'throw' })).rejects.toMatchObject({ code: 'unscored' })
  })

  it('is the confidence sequence of the differences', async () => {
    const states = await statesOf({ b: side(coin(0.8)), tasks: tasks(30) })
    const sequence = confidenceSequence({ min: -1, max: 1 })
    let before = 0
    for (const { a, b, interval } of states) {
      const total = (b.meanReward - a.meanReward) * b.decisions
      sequence.add(Math.round(total - before))
      before = total
      expect(interval).toEqual(sequence.interval())
    }
  })

  it('runs nothing more once it has ended, or once nobody reads it', async () => {
    let asked = 0
    const counting: Sampler = {
      async *sample(requests, options) {
        asked++
        yield* coin(1).sample(requests, options)
      },
    }
    const given = { a: side(coin(0)), b: side(counting), tasks: tasks(2000), reward, tasksInFlight: 3 }
    for await (const state of replayCanary(given)) if (state.b.decisions === 2) break
    expect(asked).toBeLessThanOrEqual(6)
  })

  it.each([
    [{ margin: 0 }, 'margin'],
    [{ rewards: { min: 1, max: 0 } }, 'nothing is between'],
    [{ level: 1 }, 'level'],
    [{ tasksInFlight: 0 }, 'width'],
    [{ a: { procedure: 4, sampler: coin(1) } as never }, 'a.procedure'],
    [{ rewards: { min: 0, max: 0.5 } }, 'value'],
  ])('is refused with %j', async (options, message) => {
    await expect(statesOf({ b: side(coin(1)), a: side(coin(0)), ...options })).rejects.toThrow(message)
  })

  it('ends at the signal, even where a procedure hangs', async () => {
    const hanging: Procedure = { name: 'slow', run: () => new Promise(() => {}) }
    const controller = new AbortController()
    const running = statesOf({ b: side(coin(1), hanging), signal: controller.signal })
    setTimeout(() => controller.abort(), 10)
    await expect(running).rejects.toMatchObject({ code: 'aborted' })
  })
})
