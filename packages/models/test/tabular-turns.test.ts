import { meanObjective } from '@posttrain/estimators'
import { TabularPolicy } from '@posttrain/models'
import { evaluate } from '@posttrain/sampling'
import { describe, expect, it } from 'vitest'

const prompts = ['a', 'b', 'c']
const make = (): TabularPolicy => new TabularPolicy({ prompts, words: ['x', 'y', '.'], length: 2, end: '.' })
const tasks = prompts.map((prompt) => ({ id: prompt, prompt }))
const many = 30_000

/** How often a timer came while something ran. */
async function turnsOf(work: () => Promise<unknown>): Promise<number> {
  let turns = 0
  const timer = setInterval(() => turns++, 0)
  await work()
  clearInterval(timer)
  return turns
}

describe('a softmax table', () => {
  // A part of 1,024 samples takes longer than the millisecond of a timer: without turns of its own there would be none.
  it('gives timers their turn while it draws', async () => {
    const policy = make()
    const sampling = async (sampler: Pick<TabularPolicy, 'sample'>): Promise<void> => {
      for await (const _ of sampler.sample(tasks.map((task) => ({ task, count: many, seed: 0 }))));
    }
    expect(await turnsOf(() => sampling(policy))).toBeGreaterThan(20)
    const snapshot = await policy.snapshot()
    expect(await turnsOf(() => sampling(snapshot))).toBeGreaterThan(20)
  })

  it('gives timers their turn while it scores, forward too', async () => {
    const policy = make()
    const sequences = Array.from({ length: many }, (_, i) => ({ prompt: prompts[i % 3]!, tokens: [i % 2, 2] }))
    expect(await turnsOf(() => policy.score(sequences))).toBeGreaterThan(5)
    expect(await turnsOf(() => policy.forward(sequences))).toBeGreaterThan(5)
  })

  it('gives them in an evaluation, which a timer can then abort', async () => {
    const controller = new AbortController()
    const reward = {
      name: 'x',
      score: async (_: unknown, samples: readonly { text: string }[]) =>
        samples.map(({ text }) => ({ kind: 'scored' as const, reward: text.startsWith('x') ? 1 : 0 })),
    }
    const options = { sampler: make(), tasks, reward, objectives: [meanObjective()], samplesPerTask: many }
    setTimeout(() => controller.abort(), 20)
    await expect(evaluate({ ...options, signal: controller.signal })).rejects.toMatchObject({ code: 'aborted' })
  })

  it('scores and learns in parts as it does in one', async () => {
    const [parts, one] = [make(), make()]
    const sequences = Array.from({ length: 2500 }, (_, i) => ({
      prompt: prompts[i % 3]!,
      tokens: [i % 2, (i >> 1) % 3],
    }))
    const pass = await parts.forward(sequences)
    await pass.backward(pass.scores.map(({ logprob }, i) => ({ logprob: logprob!.map((_, t) => i + t) })))
    for (let start = 0; start < sequences.length; start += 500) {
      const part = await one.forward(sequences.slice(start, start + 500))
      await part.backward(part.scores.map(({ logprob }, i) => ({ logprob: logprob!.map((_, t) => start + i + t) })))
    }
    expect(await parts.gradient()).toEqual(await one.gradient())
    expect((await parts.gradient()).some((slope) => Math.abs(slope) > 1)).toBe(true)
  })

  it.each<[unknown, string]>([
    [[NaN], 'sequences[1].tokens[0] must be an integer from 0 to 2, but is NaN'],
    [[3], 'sequences[1].tokens[0] must be an integer from 0 to 2, but is 3'],
    [[-1], 'but is -1'],
    [[1.5], 'but is 1.5'],
    [['1'], 'but is "1"'],
    [new Array(1), 'but is undefined'],
    [null, 'sequences[1].tokens must be a list, but is null'],
    [[0, 1, 2], 'sequences[1] has 3 tokens, but a completion has at most 2'],
  ])('refuses the tokens %j', async (tokens, message) => {
    const policy = make()
    const sequences = [{ prompt: 'a', tokens: [0] }, { prompt: 'a', tokens: tokens as number[] }] // prettier-ignore
    const snapshot = await policy.snapshot()
    for (const act of [
      () => policy.score(sequences),
      () => policy.forward(sequences),
      () => snapshot.score(sequences),
    ]) {
      await expect(act()).rejects.toMatchObject({ code: 'invalid-argument', message: expect.stringContaining(message) })
    }
  })

  it('refuses more tokens than a completion has', async () => {
    const request = { task: tasks[0]!, count: 1, seed: 0, maxTokens: 3 }
    await expect(make().sample([request])[Symbol.asyncIterator]().next()).rejects.toThrow(
      'maxTokens of request a must be an integer of at most 2, but is 3',
    )
  })
})
