import { describe, expect, it } from 'vitest'
import type { Decision } from '@posttrain/core'
import { beamSearch, diverseVerifierTreeSearch, type SearchAggregation } from '@posttrain/sampling'
import { scoresOf, treeOf, treeSampler, type Tree } from '../support/tree-sampler.js'
import vectors from '../vectors/searches.json' with { type: 'json' }

const task = { id: 't', prompt: '?' }
const stop = ['/']
const aggregations: Readonly<Record<string, SearchAggregation>> = { prod: 'product' }
const aggregateOf = (name: string): SearchAggregation => aggregations[name] ?? (name as SearchAggregation)

/** What was kept at each depth, told by what was expanded next, and by the decision at the end. */
function frontiers(requests: readonly { readonly id?: string | undefined }[], depth: number): string[][] {
  const levels = Array.from({ length: depth - 1 }, (): string[] => [])
  for (const { id } of requests) {
    const [, , ...path] = JSON.parse(id!) as (string | number)[]
    if (path.length > 0) levels[path.length - 1]!.push(path.join('/'))
  }
  return levels
}

describe('beamSearch', () => {
  it.each(vectors.beam)('$name', async ({ tree: name, depth, width, beam, aggregation, ...expected }) => {
    const tree = treeOf(name)
    const sampler = treeSampler(tree)
    const aggregate = aggregateOf(aggregation)
    const search = beamSearch({ beams: beam, width, depth, by: scoresOf(tree), stop, aggregate })
    const decision = await search.run(sampler, task)
    expect(decision.answer).toBe(expected.chosen)
    expect(frontiers(sampler.requests, depth)).toEqual(expected.frontier.slice(0, -1))
    expect(decision.samples).toHaveLength(expected.scored_nodes)
    expect(decision.answer === expected.global_best).toBe(expected.finds_optimum)
    expect(decision.stopped).toBe('complete')
  })
})

describe('diverseVerifierTreeSearch', () => {
  const cases = vectors.dvts.flatMap((vector) => ('tree' in vector ? [vector] : []))
  it.each(cases)('$name', async ({ tree: name, subtrees, m, aggregation, ...expected }) => {
    const tree = treeOf(name!)
    const sampler = treeSampler(tree)
    const search = diverseVerifierTreeSearch({
      subtrees: subtrees!,
      width: m!,
      depth: 4,
      by: scoresOf(tree),
      stop,
      aggregate: aggregateOf(aggregation),
    })
    const decision = await search.run(sampler, task)
    expect(decision.answer).toBe(expected.chosen)
    expect(frontiers(sampler.requests, 4)).toEqual(expected.per_step!.slice(0, -1))
    expect(decision.samples).toHaveLength(expected.scored_nodes!)
  })

  it('finds the optimum where a beam search of the same samples ends below one first step', async () => {
    const inline = vectors.dvts.find((vector) => 'tree_inline' in vector)!
    const tree: Tree = new Map(Object.entries(inline.tree_inline!).map(([path, score]) => [path, { score }]))
    const options = { width: 2, depth: 3, by: scoresOf(tree), stop }
    const answer = async (search: { run: typeof beam.run }): Promise<Decision['answer']> =>
      (await search.run(treeSampler(tree), task)).answer
    const beam = beamSearch({ ...options, beams: 2 })
    expect(await answer(beam)).toBe(inline.beam2_chosen)
    expect(await answer(diverseVerifierTreeSearch({ ...options, subtrees: 2 }))).toBe(inline.dvts_chosen)
    expect(inline.dvts_chosen).toBe(inline.optimum)
  })
})
