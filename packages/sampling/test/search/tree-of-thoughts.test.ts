import { describe, expect, it } from 'vitest'
import { treeOfThoughts, type ThoughtEvaluator } from '@posttrain/sampling'
import { goldOf, scoresOf, treeOf, treeSampler } from '../support/tree-sampler.js'
import vectors from '../vectors/searches.json' with { type: 'json' }

const task = { id: 't', prompt: '?', reference: 'secret' }
const [tree, stop] = [treeOf('T34_7'), ['/']]
const base = { width: 3, depth: 4, stop }

describe('breadth-first', () => {
  it.each(vectors['tot-bfs'])('$name', async ({ breadth, chosen, evaluated }) => {
    const search = treeOfThoughts({ ...base, evaluate: scoresOf(tree), breadth })
    const decision = await search.run(treeSampler(tree), task)
    expect(decision.answer).toBe(chosen)
    expect(decision.samples).toHaveLength(evaluated)
  })
})

describe('depth-first', () => {
  it.each(vectors['tot-dfs'])('$name', async (vector) => {
    const visited: string[] = []
    const sampler = treeSampler(tree)
    const gold = goldOf(tree)
    const verify: typeof gold = {
      ...gold,
      score(of, samples) {
        visited.push(...samples.map(({ text }) => text))
        return gold.score(of, samples)
      },
    }
    const drawing: typeof sampler = {
      ...sampler,
      sample(requests, options) {
        for (const { id } of requests) visited.push((JSON.parse(id!) as unknown[]).slice(2).join('/'))
        return sampler.sample(requests, options)
      },
    }
    const { prune_at_or_below: threshold, goal, visit_limit: visitLimit } = vector
    const search = treeOfThoughts({ ...base, evaluate: scoresOf(tree), threshold, goal, visitLimit, verify })
    const decision = await search.run(drawing, task)
    expect(visited.slice(0, 20)).toEqual(vector.order_first20)
    expect(visited).toHaveLength(vector.visited)
    expect(decision.answer ?? null).toBe(vector.best)
    expect(decision.stopped).toBe(vector.found ? 'decided' : 'complete')
  })

  it('passes over nothing before a floor is spent, and goes on where the full budget is due', async () => {
    const search = treeOfThoughts({ ...base, evaluate: scoresOf(tree), threshold: 0.95, goal: 0.9, visitLimit: 1000 })
    const samples = async (rules: object, tags = {}): Promise<number> =>
      (await search.run(treeSampler(tree), { ...task, tags }, { rules })).samples.length
    expect(await samples({})).toBe(3) // no child of the root is above 0.95
    expect(await samples({ floor: { samples: 7 } })).toBe(9)
    expect(await samples({ always: { customer: ['gold'] } }, { customer: 'gold' })).toBe(120) // 3 + 9 + 27 + 81
  })
})

it('is either breadth-first or depth-first', () => {
  const both = { ...base, evaluate: scoresOf(tree), breadth: 2, goal: 1, visitLimit: 9 }
  expect(() => treeOfThoughts(both)).toThrow('treeOfThoughts has a breadth and a goal')
  expect(() => treeOfThoughts({ ...base, evaluate: {} as never, breadth: 2 })).toThrow('evaluate is')
})

describe('a model that evaluates its own thoughts', () => {
  const asked: string[] = []
  const evaluate: ThoughtEvaluator = {
    prompt(of, text) {
      expect(of.reference).toBeUndefined()
      asked.push(text)
      return `value of ${text}`
    },
    read: (reply) => (reply === '' ? undefined : Number(reply)),
    replies: 2,
  }
  /** Proposes as the tree does, and says the score of a thought. */
  const speaker = (reply: (score: number, index: number) => string): ReturnType<typeof treeSampler> => {
    const inner = treeSampler(tree)
    return {
      ...inner,
      async *sample(requests) {
        for (const request of requests) {
          const of = /^value of (.*?)\/?$/.exec(request.prompt as string)?.[1]
          for await (const sample of inner.sample([request])) {
            const text = of === undefined ? sample.text : reply(tree.get(of)!.score, sample.index)
            yield { ...sample, text }
          }
        }
      },
    }
  }

  it('chooses what a reward of the same values chooses, and pays for the replies', async () => {
    const search = treeOfThoughts({ ...base, evaluate, breadth: 3, propose: (_, text) => `next after ${text}` })
    const decision = await search.run(
      speaker((score, index) => String(score + (index - 0.5) / 8)),
      task,
    )
    expect(decision.answer).toBe(vectors['tot-bfs'][1]!.chosen)
    expect(decision.samples).toHaveLength(3 * vectors['tot-bfs'][1]!.evaluated)
    expect(asked.slice(0, 3)).toEqual(['0/', '1/', '2/'])
    expect(decision.sample?.prompt).toMatch(/^next after /)
  })

  it('averages the replies that give a value, and leaves a thought without one', async () => {
    const search = treeOfThoughts({ ...base, depth: 1, evaluate, breadth: 3 })
    const half = await search.run(
      speaker((score, index) => (index === 0 ? '' : String(score))),
      task,
    )
    expect(half.nodes!.map(({ value }) => value)).toEqual(['0', '1', '2'].map((path) => tree.get(path)!.score))
    const none = await search.run(
      speaker(() => ''),
      task,
    )
    expect(none.nodes!.map(({ value }) => value)).toEqual([null, null, null])
    expect(none.answer).toBeUndefined()
  })

  it.each([
    ['propose', { propose: () => 7 as never, evaluate }, 'propose gave 7 on task t, not a prompt'],
    [
      'evaluate.prompt',
      { evaluate: { ...evaluate, prompt: () => null as never } },
      'evaluate.prompt gave null on task t',
    ],
    ['evaluate.read', { evaluate: { ...evaluate, read: () => NaN } }, 'evaluate.read gave NaN on task t'],
    [
      'evaluate.read that throws',
      {
        evaluate: {
          ...evaluate,
          read: (): number => {
            throw new Error('no')
          },
        },
      },
      'evaluate.read failed on task t: no',
    ],
  ])('names %s where that gives something else', async (_, options, message) => {
    const search = treeOfThoughts({ ...base, breadth: 3, ...options })
    await expect(search.run(treeSampler(tree), task)).rejects.toThrow(message)
  })
})
