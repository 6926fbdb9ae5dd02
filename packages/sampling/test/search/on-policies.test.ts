import { createReferenceDevice } from '@posttrain/compute'
import {
  PosttrainError,
  type Decision,
  type Procedure,
  type RewardFunction,
  type Sample,
  type Sampler,
} from '@posttrain/core'
import { endpointDialects, endpointSampler } from '@posttrain/endpoints'
import { llamaLike, TabularPolicy, TransformerPolicy } from '@posttrain/models'
import * as sampling from '@posttrain/sampling'
import { wordTokenizer } from '@posttrain/text'
import { describe, expect, it } from 'vitest'

const task = { id: 'q', prompt: 'a' }
const stop = [';']
const words = ['a', 'b', ';', '.']
/** Tokens of a whole completion. */
const LIMIT = 8

/** How many of the words on the way are a b. */
const by: RewardFunction = {
  name: 'bs',
  score: async (_, samples) =>
    samples.map(({ text }) => ({
      kind: 'scored',
      reward: [...text].filter((character) => character === 'b').length,
      usage: { promptTokens: text.length, completionTokens: 1 },
    })),
}

/** A server that goes on with a word and `;`, or ends after three steps, as the seed says. */
function fetch(_: unknown, init?: { readonly body?: unknown }): Promise<Response> {
  const body = JSON.parse(init?.body as string) as {
    readonly messages: readonly { readonly content: string }[]
    readonly n?: number
    readonly seed: number
    readonly stop?: readonly string[]
    readonly continue_final_message?: true
  }
  const { messages, n = 1, seed, stop: ends = [] } = body
  const before = body.continue_final_message ? messages.at(-1)!.content : ''
  const choices = Array.from({ length: n }, (__, index) => {
    const word = words[(seed + index) % 2]!
    const isEnd = before.split(';').length > 3
    const isStep = !isEnd && ends.includes(';')
    const content = isEnd ? '.' : isStep ? word : `${word};.`
    return { index, message: { content }, finish_reason: 'stop', stop_reason: isStep ? ';' : null }
  })
  return Promise.resolve(Response.json({ choices, usage: { prompt_tokens: 1, completion_tokens: 2 * n } }))
}

const samplers: Readonly<Record<string, Sampler>> = {
  'a softmax table': new TabularPolicy({ prompts: ['a', 'again', 'value'], words, end: '.', length: LIMIT }),
  'a transformer': new TransformerPolicy({
    device: createReferenceDevice(),
    config: llamaLike({ vocabulary: 4, context: 24, width: 8, layers: 1, heads: 2, keyValueHeads: 1 }),
    tokenizer: wordTokenizer(words, '.'),
    seed: 5,
  }),
  'an endpoint': endpointSampler({ url: 'http://localhost', model: 'm', abilities: 'vllm', fetch }),
}

/** Tokens that were drawn on the way to a node. */
function tokensUpTo({ nodes, samples }: Decision, id: string): number {
  const { sample, parents } = nodes!.find((node) => node.id === id)!
  const before = parents.length === 0 ? 0 : tokensUpTo({ nodes, samples } as Decision, parents[0]!)
  return before + samples[sample]!.usage.completionTokens
}

const steps = { width: 3, depth: 6, stop }
const again = (): string => 'a'
/** Every search and every other procedure that goes on from what was said. */
const procedures: Readonly<Record<string, Procedure>> = {
  beamSearch: sampling.beamSearch({ ...steps, beams: 2, by }),
  'beamSearch with lookahead': sampling.beamSearch({ ...steps, beams: 1, by, lookahead: 2 }),
  diverseVerifierTreeSearch: sampling.diverseVerifierTreeSearch({ ...steps, subtrees: 2, by }),
  treeOfThoughts: sampling.treeOfThoughts({ ...steps, breadth: 2, evaluate: by, propose: again }),
  'treeOfThoughts, asking the model': sampling.treeOfThoughts({
    ...steps,
    breadth: 2,
    evaluate: { prompt: again, read: (reply) => reply.length },
  }),
  'treeOfThoughts, depth-first': sampling.treeOfThoughts({ ...steps, evaluate: by, goal: 2, visitLimit: 12 }),
  monteCarloTreeSearch: sampling.monteCarloTreeSearch({ simulations: 6, selection: 'uct', width: 3, stop, by }),
  'monteCarloTreeSearch with rollouts': sampling.monteCarloTreeSearch({
    simulations: 6,
    selection: 'puct',
    priors: 'value',
    width: 3,
    stop,
    by,
    rollouts: true,
  }),
  graphOfThoughts: sampling.graphOfThoughts({
    operations: [
      { kind: 'generate', count: 3, prompt: again },
      { kind: 'keep', count: 2 },
      { kind: 'aggregate', count: 2, prompt: again },
      { kind: 'refine', prompt: again },
    ],
    by,
  }),
  selfRefine: sampling.selfRefine({
    critique: again,
    accept: (text) => text.startsWith('b'),
    revise: again,
    atMost: 4,
  }),
  revisionChain: sampling.revisionChain({ revise: again, length: 3, chains: 2, by }),
  budgetForcing: sampling.budgetForcing({ endOfThinking: ';', minimum: 3, maximum: 4, wait: 'b' }),
}

it('are all procedures without an objective that are exported', () => {
  const exported = Object.keys(sampling).filter((name) => /Search|Thoughts|Refine|Chain|Forcing/.test(name))
  const tested = new Set(Object.keys(procedures).map((title) => /^\w+/.exec(title)![0]))
  expect([...tested].sort()).toEqual(exported.sort())
  for (const procedure of Object.values(procedures)) expect(procedure.objective).toBeUndefined()
})

describe.each(Object.keys(samplers))('on %s', (kind) => {
  describe.each(Object.entries(procedures))('%s', (_, procedure) => {
    const run = (seed: number, sampler = samplers[kind]!, rules = {}): Promise<Decision> =>
      procedure.run(sampler, task, { seed, sampling: { maxTokens: LIMIT }, rules })

    it('decides the same again, and answers with a whole completion', async () => {
      const drawn = new Set<string>()
      for (let seed = 0; seed < 6; seed++) {
        const decision = await run(seed)
        expect(await run(seed)).toEqual(decision)
        drawn.add(decision.samples.map(({ text }) => text).join('|'))
        if (!decision.sample) continue
        const node = decision.nodes!.find(({ sample }) => decision.samples[sample] === decision.sample)!
        expect(node.isFinished).toBe(true)
        expect(decision.answer).toBe(decision.sample.text)
        // At the end of a step it is whole only where the whole completion has reached its limit.
        if (decision.sample.stoppedBy === ';') expect(tokensUpTo(decision, node.id)).toBe(LIMIT)
      }
      expect(drawn.size).toBeGreaterThan(1) // it is the seed that decides
    })

    it('draws nothing twice after a stop', async () => {
      const kept = new Map<string, Sample>()
      let left = 3
      const store = {
        get: (key: string, index: number) => kept.get(`${index} ${key}`),
        put: (key: string, sample: Sample) => {
          if (left-- === 0) throw new PosttrainError('aborted', 'stopped')
          kept.set(`${sample.index} ${key}`, sample)
        },
      }
      const whole = await run(1)
      let tokens = 0
      const counting = (): Sampler => {
        const sampler = samplers[kind]!
        return {
          async *sample(requests, options) {
            for await (const sample of sampler.sample(requests, options)) {
              tokens += sample.usage.completionTokens
              yield sample
            }
          },
        }
      }
      await run(1, sampling.stored(counting(), store)).catch(() => undefined)
      const before = [...kept.values()].reduce((sum, { usage }) => sum + usage.completionTokens, 0)
      ;[left, tokens] = [Infinity, 0]
      const resumed = await run(1, sampling.stored(counting(), store))
      expect([resumed.answer, resumed.reason, resumed.nodes]).toEqual([whole.answer, whole.reason, whole.nodes])
      expect(resumed.usage.completionTokens).toBe(whole.usage.completionTokens)
      expect(tokens).toBe(whole.usage.completionTokens - before)
    })

    it('never exceeds a cap of tokens or samples', async () => {
      for (const most of [1, 2, 3, 5, 9]) {
        const tokens = await run(2, undefined, { cap: { tokens: most } })
        // The fake server heeds no limit of tokens: what it draws at once may be a token above.
        expect(tokens.usage.completionTokens).toBeLessThanOrEqual(kind === 'an endpoint' ? most + 1 : most)
        expect((await run(2, undefined, { cap: { samples: most } })).samples.length).toBeLessThanOrEqual(most)
      }
    })
  })
})

/** Those that ask anew with what was said, and never go on from a partial answer. */
const byPrompts = ['graphOfThoughts', 'selfRefine', 'revisionChain']
/** The same without stop texts, which a server must name. */
const byLength = { maxTokensPerStep: 2, width: 3, depth: 6 }
const withoutStop: Readonly<Record<string, Procedure>> = {
  beamSearch: sampling.beamSearch({ ...byLength, beams: 2, by }),
  diverseVerifierTreeSearch: sampling.diverseVerifierTreeSearch({ ...byLength, subtrees: 2, by }),
  treeOfThoughts: sampling.treeOfThoughts({ ...byLength, breadth: 2, evaluate: by, propose: again }),
  'treeOfThoughts, depth-first': sampling.treeOfThoughts({ ...byLength, evaluate: by, goal: 2, visitLimit: 12 }),
  monteCarloTreeSearch: sampling.monteCarloTreeSearch({
    ...byLength,
    simulations: 6,
    selection: 'uct',
    by,
    rollouts: true,
  }),
}

describe.each([
  ['cannot go on from a partial answer', procedures, { prefill: 'none' }, /cannot go on from a partial answer/],
  ['cannot say which stop text ended a step', procedures, { stopField: 'none' }, /cannot say which stop text/],
  ['can do neither', withoutStop, { prefill: 'none', stopField: 'none' }, /cannot go on from a partial answer/],
] as const)('on a chat server that %s', (_, all, lacks, message) => {
  it.each(Object.entries(all))('%s is refused before anything is sent, or runs', async (title, procedure) => {
    let asked = 0
    const sampler = endpointSampler({
      url: 'http://localhost',
      model: 'm',
      abilities: { ...endpointDialects.vllm, ...lacks },
      fetch: (...given) => {
        asked++
        return fetch(...given)
      },
    })
    for (const one of [sampler, sampling.stored(sampler, { get: () => undefined, put: () => undefined })]) {
      const run = procedure.run(one, task, { sampling: { maxTokens: LIMIT } })
      if (byPrompts.includes(title)) expect((await run).sample).toBeDefined()
      else await expect(run).rejects.toMatchObject({ code: 'unsupported', message: expect.stringMatching(message) })
    }
    expect(asked > 0).toBe(byPrompts.includes(title))
  })
})
