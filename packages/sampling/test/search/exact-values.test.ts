import { textOf, type Procedure, type RewardFunction, type Sample, type Sampler } from '@posttrain/core'
import { TabularPolicy } from '@posttrain/models'
import {
  beamSearch,
  diverseVerifierTreeSearch,
  evaluate,
  graphOfThoughts,
  monteCarloTreeSearch,
  revisionChain,
  treeOfThoughts,
} from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'

const task = { id: 't', prompt: '?' }
const DEPTH = 2
/** The chance that a step is a b, and that one of two is. */
const P = 0.25
const Q = 1 - (1 - P) ** 2

/** How many steps are a b. */
const by: RewardFunction = {
  name: 'bs',
  score: async (_, samples) => samples.map(({ text }) => ({ kind: 'scored', reward: text.split('b').length - 1 })),
}

/** Completions of two steps, each of them an a or, as `choose` says, a b. */
const steps = (choose: () => boolean): Sampler => ({
  async *sample(requests) {
    for (const { task: of, id = of.id, count, firstIndex = 0, seed, prompt, prefix = [], stop = [] } of requests) {
      for (let index = firstIndex; index < firstIndex + count; index++) {
        const text = textOf(prefix) + (choose() ? 'b' : 'a')
        const isStep = stop.includes('/') && !text.includes('/')
        const usage = { promptTokens: 1, completionTokens: 1 }
        const own = { id, taskId: of.id, index, seed, prompt, usage }
        yield { ...own, text, finish: 'stop', stoppedBy: isStep ? '/' : undefined } satisfies Sample
      }
    }
  },
})

/** The expected value of what a procedure answers: over all that can be drawn, in all orders. */
async function expectedValue(procedure: Procedure): Promise<number> {
  const tape: boolean[] = []
  let expected = 0
  do {
    let [at, probability] = [0, 1]
    const choose = (): boolean => {
      const isB = (tape[at++] ??= false)
      probability *= isB ? P : 1 - P
      return isB
    }
    const { answer } = await procedure.run(steps(choose), task)
    expected += probability * (answer!.split('b').length - 1)
    while (tape.at(-1) === true) tape.pop()
    if (tape.length > 0) tape[tape.length - 1] = true
  } while (tape.length > 0)
  return expected
}

/** The best of two independent sums of a step of chance P and one of chance Q. */
const bestOfTwo = 1 - ((1 - P) * (1 - Q)) ** 2 + 1 - (1 - P * Q) ** 2
const shape = { width: 2, depth: DEPTH, stop: ['/'] }
const prompt = (): string => '?'

/** Every procedure that chooses, with the exact expected value of its answer. */
const table: readonly (readonly [title: string, procedure: Procedure, value: number])[] = [
  ['beamSearch, one beam: the better of two at each step', beamSearch({ ...shape, beams: 1, by }), DEPTH * Q],
  [
    'beamSearch, all beams: the best of both first steps with the better next',
    beamSearch({ ...shape, beams: 2, by }),
    bestOfTwo,
  ],
  ['diverseVerifierTreeSearch', diverseVerifierTreeSearch({ ...shape, subtrees: 2, by }), bestOfTwo],
  ['treeOfThoughts, breadth-first', treeOfThoughts({ ...shape, breadth: 1, evaluate: by }), DEPTH * Q],
  ['treeOfThoughts, depth-first', treeOfThoughts({ ...shape, goal: 2, visitLimit: 7, evaluate: by }), bestOfTwo],
  ['monteCarloTreeSearch', monteCarloTreeSearch({ ...shape, simulations: 16, selection: 'uct', c: 9, by }), bestOfTwo],
  ['revisionChain', revisionChain({ revise: prompt, length: 3, by }), 1 - (1 - P) ** 3],
  ['graphOfThoughts', graphOfThoughts({ operations: [{ kind: 'generate', count: 3, prompt }], by }), 1 - (1 - P) ** 3],
]

describe('the expected value of an answer', () => {
  it.each(table)('%s', async (_, procedure, value) => {
    expect(await expectedValue(procedure)).toBeCloseTo(value, 12)
  })
})

it('is 0 in an evaluation where a search abstains, whatever its samples are worth', async () => {
  const reward: RewardFunction = {
    name: 'any',
    score: async (_, samples) => samples.map(() => ({ kind: 'scored', reward: 1 })),
  }
  const means = [1, 2].map(async (depth) => {
    const procedure = beamSearch({ ...shape, depth, beams: 2, by })
    const tasks = [task, { ...task, id: 'u' }]
    const report = await evaluate({ sampler: steps(() => true), tasks, reward, procedure, samplesPerTask: 2 })
    return report.estimates[0]!.value
  })
  expect(await Promise.all(means)).toEqual([0, 1]) // one step of two finishes nothing
})

it('is that of a softmax table of the same steps, on average over seeds', async () => {
  const words = ['a', 'b', '/', '.']
  const policy = new TabularPolicy({ prompts: ['?'], words, end: '.', length: 4 })
  const follow = (prefix: readonly number[]): void => {
    const { length } = prefix
    const odds = [
      [1 - P, P, 0, 0],
      [0, 0, 1, 0],
      [1 - P, P, 0, 0],
      [0, 0, 0, 1],
    ][length]!
    policy.setLogits(
      '?',
      prefix,
      odds.map((p) => (p === 0 ? -200 : Math.log(p))),
    )
    if (length < 3) odds.forEach((p, word) => p > 0 && follow([...prefix, word]))
  }
  follow([])
  const search = beamSearch({ ...shape, beams: 2, by })
  const runs = 1_000
  let sum = 0
  for (let seed = 0; seed < runs; seed++) {
    const { answer } = await search.run(policy, task, { seed })
    expect(answer).toMatch(/^[ab] \/ [ab] \.$/)
    sum += answer!.split('b').length - 1
  }
  // Values lie between 0 and 2, so that their standard deviation is at most 1: four standard errors.
  expect(Math.abs(sum / runs - bestOfTwo)).toBeLessThan(4 / Math.sqrt(runs))
})
