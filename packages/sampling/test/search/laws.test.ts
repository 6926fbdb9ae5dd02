import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Procedure, Sample } from '@posttrain/core'
import * as sampling from '@posttrain/sampling'
import { childrenOf, scoresOf, treeSampler, type Tree } from '../support/tree-sampler.js'

const { beamSearch, diverseVerifierTreeSearch, monteCarloTreeSearch, stored, treeOfThoughts } = sampling

const task = { id: 't', prompt: '?' }
const stop = ['/']
const [WIDTH, DEPTH] = [2, 3]

/** Trees whose completions are of one to three steps, with a score for every step; not every node has both children. */
const trees = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 8 }), isThere: fc.boolean() }), { minLength: 14, maxLength: 14 })
  .map((entries): Tree => {
    const tree = new Map([['', { score: 0 }]])
    const paths = [
      '0',
      '1',
      '0/0',
      '0/1',
      '1/0',
      '1/1',
      ...['0/0', '0/1', '1/0', '1/1'].flatMap((p) => [`${p}/0`, `${p}/1`]),
    ]
    paths.forEach((path, i) => {
      const parent = path.slice(0, -2)
      const sibling = tree.has(`${path.slice(0, -1)}0`)
      const isFirst = path.endsWith('0')
      const { score, isThere } = entries[i]!
      const isKept = parent === '' || isThere
      if (tree.has(parent) && isKept && (isFirst || sibling)) tree.set(path, { score: score / 8 })
    })
    return tree
  })

const leavesOf = (tree: Tree, path = ''): string[] => {
  const children = childrenOf(tree, path)
  return children.length === 0 ? [path] : children.flatMap((child) => leavesOf(tree, child))
}

/** Every search, at full width: nothing is left out. */
const atFullWidth = (tree: Tree): Readonly<Record<string, Procedure>> => {
  const by = scoresOf(tree)
  const steps = { width: WIDTH, depth: DEPTH, stop }
  const visits = { simulations: 200, width: WIDTH, stop, by }
  return {
    beamSearch: beamSearch({ ...steps, beams: 4, by }),
    'beamSearch with lookahead': beamSearch({ ...steps, beams: 4, by, lookahead: 2 }),
    'diverseVerifierTreeSearch, one step': diverseVerifierTreeSearch({
      subtrees: WIDTH,
      width: WIDTH,
      depth: 1,
      by,
      stop,
    }),
    'treeOfThoughts, breadth-first': treeOfThoughts({ ...steps, evaluate: by, breadth: 4 }),
    'treeOfThoughts, depth-first': treeOfThoughts({ ...steps, evaluate: by, goal: 2, visitLimit: 15 }),
    'monteCarloTreeSearch, uct': monteCarloTreeSearch({ ...visits, selection: 'uct', c: 4 }),
    'monteCarloTreeSearch, uct, rollouts': monteCarloTreeSearch({ ...visits, selection: 'uct', c: 4, rollouts: true }),
    'monteCarloTreeSearch, puct': monteCarloTreeSearch({ ...visits, selection: 'puct', c: 40 }),
  }
}
const titles = Object.keys(atFullWidth(new Map()))

describe.each(titles)('%s', (title) => {
  it('finds the best completion of a tree that it sees whole', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        const leaves = leavesOf(tree).filter((path) => !title.includes('one step') || !path.includes('/'))
        const best = Math.max(...leaves.map((path) => tree.get(path)!.score))
        const { answer, stopped } = await atFullWidth(tree)[title]!.run(treeSampler(tree), task)
        expect(answer === undefined ? -Infinity : tree.get(answer)!.score).toBe(best)
        expect(stopped).toBe('complete')
      }),
    )
  })

  it('never exceeds a cap, and answers with a finished completion or not at all', async () => {
    const cap = fc.record({ samples: fc.integer({ min: 1, max: 16 }), tokens: fc.integer({ min: 1, max: 16 }) })
    const amount = cap.chain((both) => fc.constantFrom({ samples: both.samples }, { tokens: both.tokens }, both))
    await fc.assert(
      fc.asyncProperty(trees, amount, async (tree, limit) => {
        const sampler = treeSampler(tree)
        const decision = await atFullWidth(tree)[title]!.run(sampler, task, { rules: { cap: limit } })
        const { samples, usage, answer, nodes, stopped } = decision
        const most = Math.min(...Object.values(limit))
        expect(samples.length).toBe(sampler.drawn)
        expect(samples.length).toBeLessThanOrEqual(most)
        expect(usage.completionTokens).toBeLessThanOrEqual(most)
        if (stopped === 'capped') expect(samples.length).toBe(most)
        if (answer !== undefined) expect(leavesOf(tree)).toContain(answer)
        const chosen = nodes!.find(({ sample }) => samples[sample] === decision.sample)
        expect(chosen?.isFinished ?? true).toBe(true)
        expect(chosen === undefined).toBe(answer === undefined)
      }),
    )
  })

  it('names each node once, below nodes that came before', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        const { nodes, samples } = await atFullWidth(tree)[title]!.run(treeSampler(tree), task)
        const before = new Set<string>()
        for (const { id, parents } of nodes!) {
          expect(before.has(id)).toBe(false)
          for (const parent of parents) expect(before.has(parent)).toBe(true)
          before.add(id)
        }
        expect(nodes!.map(({ sample }) => sample).sort((a, b) => a - b)).toEqual(samples.map((_, i) => i))
      }),
    )
  })

  it('draws nothing twice after a stop, and decides the same', async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.nat({ max: 12 }), async (tree, after) => {
        const kept = new Map<string, Sample>()
        let left = after
        const store = {
          get: (key: string, index: number) => kept.get(`${index} ${key}`),
          put: (key: string, sample: Sample) => {
            if (left-- === 0) throw new Error('the power failed')
            kept.set(`${sample.index} ${key}`, sample)
          },
        }
        const search = atFullWidth(tree)[title]!
        const whole = await search.run(treeSampler(tree), task)
        await search.run(stored(treeSampler(tree), store), task).catch(() => undefined)
        left = Infinity
        const resumed = treeSampler(tree)
        const before = kept.size
        expect(await search.run(stored(resumed, store), task)).toEqual(whole)
        expect(resumed.drawn).toBe(whole.samples.length - before)
      }),
    )
  })
})
