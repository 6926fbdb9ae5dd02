import { describe, expect, it } from 'vitest'
import { monteCarloTreeSearch, puctScore, uctScore } from '@posttrain/sampling'
import { Frontier } from '../../src/search/frontier.js'
import { SearchRun } from '../../src/search/search-run.js'
import { rewardScorer } from '../../src/search/step-scorer.js'
import { VisitTree } from '../../src/search/visit-tree.js'
import { goldOf, scoresOf, treeOf, treeSampler } from '../support/tree-sampler.js'
import vectors from '../vectors/searches.json' with { type: 'json' }

const task = { id: 't', prompt: '?' }
const stop = ['/']

describe.each(vectors.mcts)('$name', ({ tree: name, c, simulations, ...vector }) => {
  const tree = treeOf(name)
  const selection = vector.selection as 'uct' | 'puct'
  const rule = { selection, c, width: 3, priors: 'value', rollouts: true } as const

  it('answers with the best completion that it saw', async () => {
    const search = monteCarloTreeSearch({ ...rule, simulations, stop, by: scoresOf(tree), verify: goldOf(tree) })
    const sampler = treeSampler(tree)
    const decision = await search.run(sampler, task)
    expect(decision.answer).toBe(vector.best_leaf_seen)
    expect(decision.reason).toContain(`with ${vector.best_value_seen}`)
    expect(decision.stopped).toBe('complete')
    expect(decision.samples).toHaveLength(sampler.drawn)
    expect(sampler.drawn).toBeLessThanOrEqual(simulations * 4)
  })

  it('visits the first steps as often, and with the same mean worth', async () => {
    const run = new SearchRun(treeSampler(tree), task, Infinity, {})
    const frontier = new Frontier(run, { stop, scorer: rewardScorer(scoresOf(tree)), verify: goldOf(tree) })
    const visits = new VisitTree(run, frontier, rule)
    for (let i = 0; i < simulations; i++) expect(await visits.simulate()).toBe(true)
    expect(visits.root.visits).toBe(simulations)
    const first = visits.root.children!
    expect(first.map((child) => child.visits)).toEqual(vector.root_visits)
    first.forEach((child, i) => {
      const mean = vector.root_mean[i]!
      if (mean === null) expect(child.visits).toBe(0)
      else expect(child.total / child.visits).toBeCloseTo(mean, 11) // the vector has 12 decimals
    })
  })
})

describe('the selection formula', () => {
  it.each(vectors['mcts-formula'])('$name', ({ name, visits, total, parent, c, priors, scores, chosen }) => {
    const own = visits.map((n, i) => ({ visits: n, total: total[i]! }))
    const got = own.map((of, i) => (name === 'uct' ? uctScore(of, parent, c) : puctScore(of, parent, c, priors![i]!)))
    got.forEach((score, i) => expect(score).toBeCloseTo(scores[i]!, 14))
    expect(got.indexOf(Math.max(...got))).toBe(chosen)
  })

  it('puts what was not visited first under uct', () => {
    expect(uctScore({ visits: 0, total: 0 }, 5, 0)).toBe(Infinity)
  })
})

describe('monteCarloTreeSearch', () => {
  const tree = treeOf('T34_7')

  it('without rollouts takes the value of a step for its worth', async () => {
    const options = { simulations: 400, width: 3, stop, by: scoresOf(tree), verify: goldOf(tree) }
    const search = monteCarloTreeSearch({ ...options, selection: 'uct' })
    const { answer, samples } = await search.run(treeSampler(tree), task)
    expect(answer).toBe('2/0/0/2')
    expect(samples.length).toBeLessThanOrEqual(120) // all nodes of the tree below the root
  })

  it('refuses values that are no priors, and says what to do', async () => {
    const by = {
      ...scoresOf(tree),
      score: async (_: unknown, samples: readonly unknown[]) =>
        samples.map(() => ({ kind: 'scored', reward: -1 }) as const),
    }
    const search = monteCarloTreeSearch({ simulations: 4, selection: 'puct', priors: 'value', width: 3, stop, by })
    await expect(search.run(treeSampler(tree), task)).rejects.toMatchObject({
      code: 'invalid-data',
      message: 'the step 0 on task t has the value -1, which is no prior',
    })
  })

  it('ends where every step fails, and abstains', async () => {
    const failing = {
      async *sample(requests: Parameters<ReturnType<typeof treeSampler>['sample']>[0]) {
        for await (const sample of treeSampler(tree).sample(requests)) {
          yield { ...sample, finish: 'failed', failure: '503' } as const
        }
      },
    }
    for (const rollouts of [true, false]) {
      const options = { simulations: 9, selection: 'uct', width: 3, stop, by: scoresOf(tree), rollouts } as const
      const decision = await monteCarloTreeSearch(options).run(failing, task)
      expect(decision.answer).toBeUndefined()
      expect(decision.reason).toBe('none of 3 samples finished a completion')
      expect(decision.nodes!.map(({ value }) => value)).toEqual([null, null, null])
    }
  })
})
