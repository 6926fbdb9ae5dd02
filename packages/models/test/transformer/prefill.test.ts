import { TransformerPolicy, type TransformerConfig } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { architectures, tokenizer } from '../support/architectures.js'
import { deviceNames, openDevice } from '../support/devices.js'
import { maxDifference } from '../support/max-difference.js'
import { randomise } from '../support/weights.js'

/** Tokens 0 to 4 in an order that does not repeat soon. */
const promptOf = (length: number, shift: number): string =>
  Array.from({ length }, (_, t) => (t * t + 3 * t + shift) % 5).join(' ')

const prompts = [promptOf(60, 0), promptOf(41, 1), promptOf(33, 2), promptOf(3, 3)]

describe.each(deviceNames)('long prompts on %s', (name) => {
  const tolerance = name === 'reference' ? 1e-12 : 1e-5

  it.each(architectures)('of a model that is %s are read as if token by token', async (_, small) => {
    const config: TransformerConfig = { ...small, context: 80 }
    const policy = new TransformerPolicy({ device: await openDevice(name), config, tokenizer })
    await randomise(policy, 3)
    const requests = prompts.map((prompt) => ({ task: { id: prompt, prompt }, count: 3, seed: 5, maxTokens: 12 }))
    let compared = 0
    for await (const { taskId, tokens, logprobs } of policy.sample(requests)) {
      const [scores] = await policy.score([{ prompt: taskId, tokens: tokens! }])
      expect(maxDifference(scores!.logprob!, logprobs!.values)).toBeLessThan(tolerance)
      compared += tokens!.length
    }
    expect(compared).toBeGreaterThan(30)
  })
})

describe('a prompt', () => {
  it('draws the same samples alone as beside a longer one, which makes it padded', async () => {
    const config: TransformerConfig = { ...architectures[2]![1], context: 80 }
    const policy = new TransformerPolicy({ device: await openDevice('reference'), config, tokenizer })
    await randomise(policy, 3)
    const textsOf = async (all: readonly string[], wanted: string): Promise<string[]> => {
      const texts: string[] = []
      const requests = all.map((prompt) => ({ task: { id: prompt, prompt }, count: 5, seed: 1, maxTokens: 9 }))
      for await (const { taskId, index, text } of policy.sample(requests)) if (taskId === wanted) texts[index] = text
      return texts
    }
    const [long, short] = [prompts[0]!, prompts[3]!]
    expect(await textsOf([short], short)).toEqual(await textsOf([long, short], short))
    expect(await textsOf([long], long)).toEqual(await textsOf([long, short], long))
  })
})
