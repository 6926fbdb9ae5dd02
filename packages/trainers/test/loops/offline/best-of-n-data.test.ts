import type { Sample, Sampler, Task } from '@posttrain/core'
import { bestOfNDistribution, forwardKlGradient, fromProbabilities } from '@posttrain/kl'
import { enumerateSequences } from '@posttrain/laws'
import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import {
  bestOfNPairs,
  bestOfNSequences,
  drawBestOfN,
  type BestOfNDraw,
  type DrawBestOfNOptions,
} from '../../../src/loops/offline/best-of-n-data.js'
import { supervisedLoss } from '@posttrain/losses'
import { rewardOf } from '../../support/enumerated-update.js'

const words = ['a', 'b', 'c', 'd']
const p = [0.4, 0.3, 0.2, 0.1]
const rewards = [0, 5, 5, 7]
const reward = rewardOf('raw', Object.fromEntries(words.map((word, i) => [word, rewards[i]!])))
const tasks: Task[] = [{ id: 'x', prompt: 'x' }]

/** A sampler that gives these words, in this order. */
const saying = (tokens: readonly number[]): Sampler => ({
  async *sample([request]) {
    const usage = { promptTokens: 1, completionTokens: 1 }
    for (const [index, token] of tokens.entries()) {
      const text = words[token]!
      yield {
        id: request!.task.id,
        taskId: request!.task.id,
        index,
        seed: 0,
        text,
        tokens: [token],
        finish: 'stop',
        usage,
      }
    }
  },
})
const collect = async (options: DrawBestOfNOptions): Promise<BestOfNDraw[]> => {
  const draws: BestOfNDraw[] = []
  for await (const draw of drawBestOfN(options)) draws.push(draw)
  return draws
}

describe('drawBestOfN', () => {
  it.each([2, 3])('n = %d: the chosen answers are distributed as best-of-n, ties included', async (n) => {
    const chosen = p.map(() => 0)
    for (const sequence of enumerateSequences(4, n)) {
      const tokens = [...sequence]
      const [draw] = await collect({ sampler: saying(tokens), tasks, reward, n })
      chosen[draw!.best.tokens![0]!]! += tokens.reduce((product, y) => product * p[y]!, 1)
    }
    bestOfNDistribution(fromProbabilities(p), rewards, n).forEach((q, i) => expect(chosen[i]).toBeCloseTo(q, 14))
  })

  it('cuts several draws out of one group, and pairs best with worst but where all tie', async () => {
    const draws = await collect({ sampler: saying([0, 3, 1, 2, 1, 0]), tasks, reward, n: 2, draws: 3 })
    expect(draws.map(({ bestReward, worstReward, candidates }) => [bestReward, worstReward, candidates])).toEqual([
      [7, 0, 2],
      [5, 5, 2],
      [5, 0, 2],
    ])
    expect(bestOfNSequences(draws)).toEqual([3, 1, 1].map((token) => ({ prompt: 'x', tokens: [token] })))
    expect(bestOfNPairs(draws)).toEqual([
      { prompt: 'x', chosen: [3], rejected: [0] },
      { prompt: 'x', chosen: [1], rejected: [0] },
    ])
  })

  it('keeps what was chosen and what was not: one mask asks for the other', () => {
    const sample = (token: number, rest: Partial<Sample>): Sample => ({
      id: 'x',
      taskId: 'x',
      index: token,
      seed: 0,
      text: '',
      tokens: [token, 0],
      finish: 'stop',
      usage: { promptTokens: 1, completionTokens: 1 },
      ...rest,
    })
    const draw = { task: tasks[0]!, bestReward: 1, worstReward: 0, candidates: 2 }
    const mask = Uint8Array.of(0, 1)
    expect(bestOfNPairs([{ ...draw, best: sample(3, { mask }), worst: sample(1, {}) }])).toEqual([
      { prompt: 'x', chosen: [3, 0], rejected: [1, 0], masks: [mask, Uint8Array.of(1, 1)] },
    ])
    const chat = [{ role: 'user' as const, content: 'hi' }]
    const [same, other] = [sample(3, { prompt: chat }), sample(1, { prompt: [...chat] })]
    expect(bestOfNPairs([{ ...draw, best: same, worst: other }])[0]!.prompt).toBe(chat)
    expect(() => bestOfNPairs([{ ...draw, best: same, worst: sample(1, {}) }])).toThrow(
      'the best and the worst sample of task x continue different prompts',
    )
  })

  it('chooses among what has a score, and leaves out a draw without any', async () => {
    const picky = {
      name: 'picky',
      score: async (...[, samples]: Parameters<typeof reward.score>) =>
        samples.map(({ text }) =>
          text === 'd'
            ? { kind: 'unscored' as const, reason: 'd' }
            : { kind: 'scored' as const, reward: text.charCodeAt(0) },
        ),
    }
    const draws = await collect({ sampler: saying([3, 3, 3, 1, 0, 2]), tasks, reward: picky, n: 2, draws: 3 })
    expect(draws.map(({ best, candidates }) => [best.text, candidates])).toEqual([
      ['b', 1],
      ['c', 2],
    ])
  })

  it('refuses a best of one', async () => {
    await expect(collect({ sampler: saying([]), tasks, reward, n: 1 })).rejects.toThrow(
      'n must be an integer of at least 2',
    )
  })
})

describe('BoN-SFT', () => {
  it('has the expected update −∇KL(π_bon‖π)', async () => {
    const policy = new TabularPolicy({ prompts: ['x'], words })
    policy.setLogits('x', [], [0.2, -0.3, 0.5, -0.1])
    const pi = fromProbabilities((await policy.completions('x')).map(({ probability }) => probability))
    const bon = bestOfNDistribution(fromProbabilities(p), rewards, 3)
    const pass = await policy.forward(words.map((_, token) => ({ prompt: 'x', tokens: [token] })))
    const constants = Array.from(bon, (weight) => ({ advantage: 1, weight }))
    await pass.backward(supervisedLoss().evaluate(pass.scores, constants).cotangents)
    const gradient = await policy.gradient()
    forwardKlGradient(pi, fromProbabilities(bon)).forEach((value, i) => expect(gradient[i]).toBeCloseTo(value, 14))
  })
})
