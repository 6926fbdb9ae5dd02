import {
  textOf,
  type Outcome,
  type RewardFunction,
  type Sample,
  type Sampler,
  type SampleRequest,
} from '@posttrain/core'
import vectors from '../vectors/searches.json' with { type: 'json' }

/** A tree of steps: by path, what a process reward says of a step, and what a whole completion is worth. */
export type Tree = ReadonlyMap<string, { readonly score: number; readonly gold?: number | undefined }>

/** The trees that the vectors are of. */
export const treeOf = (name: string): Tree =>
  new Map(Object.entries(vectors.trees[name as keyof typeof vectors.trees] as Record<string, { score: number }>))

/** Children of a path, the lowest index first. */
export const childrenOf = (tree: Tree, path: string): string[] => {
  const children: string[] = []
  for (let i = 0; tree.has(below(path, i)); i++) children.push(below(path, i))
  return children
}
const below = (path: string, index: number): string => (path === '' ? `${index}` : `${path}/${index}`)

/** A sampler that remembers what it drew. */
export interface TreeSampler extends Sampler {
  readonly requests: SampleRequest[]
  drawn: number
}

/**
 * Draws steps of a tree. The text is the path; `/` ends a step, and a leaf ends a completion. Sample i of a request is child
 * i, from the start again after the last, and costs a token. Where `/` is no stop text it goes down to a leaf, to the child
 * of the highest score.
 */
export function treeSampler(tree: Tree): TreeSampler {
  const sampler: TreeSampler = {
    requests: [],
    drawn: 0,
    async *sample(requests) {
      sampler.requests.push(...requests)
      for (const request of requests) {
        const { task, count, firstIndex = 0, id = task.id, seed, prefix = [], prompt, stop = [] } = request
        const from = textOf(prefix).replace(/\/$/, '')
        for (let index = firstIndex; index < firstIndex + count; index++) {
          sampler.drawn++
          const children = childrenOf(tree, from)
          const greedy = request.temperature === 0 || !stop.includes('/')
          let text = greedy ? best(tree, children) : children[index % children.length]!
          while (!stop.includes('/') && childrenOf(tree, text).length > 0) text = best(tree, childrenOf(tree, text))
          const stoppedBy = childrenOf(tree, text).length > 0 ? '/' : undefined
          const usage = { promptTokens: 1, completionTokens: 1 }
          yield { id, taskId: task.id, index, seed, prompt, text, finish: 'stop', stoppedBy, usage } satisfies Sample
        }
      }
    },
  }
  return sampler
}

const best = (tree: Tree, children: readonly string[]): string =>
  children.reduce((a, b) => (tree.get(b)!.score > tree.get(a)!.score ? b : a))

const reward = (name: string, of: (text: string) => number | undefined): RewardFunction => ({
  name,
  score: async (_, samples) =>
    samples.map(({ text }): Outcome => {
      const value = of(text)
      return value === undefined ? { kind: 'unscored', reason: 'no such path' } : { kind: 'scored', reward: value }
    }),
})

/** The scores of a tree. */
export const scoresOf = (tree: Tree): RewardFunction => reward('scores', (text) => tree.get(text)?.score)

/** What the leaves of a tree are worth. */
export const goldOf = (tree: Tree): RewardFunction => reward('gold', (text) => tree.get(text)?.gold)
