import OpenAI from 'openai'
import { afterAll, describe, expect, it } from 'vitest'
import type { RewardFunction } from '@posttrain/core'
import { firstPassing, majorityVote } from '@posttrain/sampling'
import { listen, procedureServer } from '@posttrain/server'
import { letters } from './letters.js'

const never: RewardFunction = {
  name: 'never',
  score: async (_, samples) => samples.map(() => ({ kind: 'scored', reward: 0 })),
}
const procedures = { 'majority:3': majorityVote({ k: 3 }), 'first-passing:2': firstPassing({ k: 2, by: never }) }
const { url, close } = await listen(
  procedureServer({ procedures, sampler: letters('aba'), token: 'secret', rules: { cap: { samples: 3 } } }),
  { port: 0 },
)
afterAll(close)
const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'secret', maxRetries: 0 })
const messages = [{ role: 'user' as const, content: 'hi' }]

/** The decision, which the types of the client do not know. */
const decisionOf = (choice: object): Record<string, unknown> =>
  (choice as { readonly posttrain: Record<string, unknown> }).posttrain

describe('the unmodified openai client', () => {
  it('asks for a procedure as for a model', async () => {
    const { choices, usage, model } = await client.chat.completions.create({ model: 'majority:3', messages })
    expect([choices[0]!.message.content, model]).toEqual(['a', 'majority:3'])
    expect(usage).toEqual({ prompt_tokens: 3, completion_tokens: 6, total_tokens: 9 })
    expect(decisionOf(choices[0]!)).toMatchObject({ reason: '2 of 3 samples answered a', samples: 3 })
  })

  it('sends a budget as a field of its own', async () => {
    const body = { model: 'majority:3', messages, posttrain: { budget: { samples: 2 } } }
    const { choices } = await client.chat.completions.create(body)
    expect(decisionOf(choices[0]!)).toMatchObject({ samples: 2, stopped: 'capped' })
  })

  it('reads the stream of a chosen answer', async () => {
    const request = { model: 'majority:3', messages, stream: true as const, stream_options: { include_usage: true } }
    let [text, finish, tokens, decision] = ['', '', 0, {}]
    for await (const { choices, usage } of await client.chat.completions.create(request)) {
      text += choices[0]?.delta.content ?? ''
      finish = choices[0]?.finish_reason ?? finish
      tokens = usage?.completion_tokens ?? tokens
      if (choices[0]?.finish_reason) decision = decisionOf(choices[0])
    }
    expect([text, finish, tokens]).toEqual(['a', 'stop', 6])
    expect(decision).toMatchObject({ samples: 3 })
    const whole = await client.chat.completions.stream({ model: 'majority:3', messages }).finalChatCompletion()
    expect(whole.choices[0]!.message.content).toBe('a')
  })

  it('completes texts, and lists the models', async () => {
    const { choices } = await client.completions.create({ model: 'majority:3', prompt: 'hi', n: 2 })
    expect(choices.map(({ text }) => text)).toEqual(['a', 'a'])
    expect((await client.models.list()).data.map(({ id }) => id)).toEqual(['majority:3', 'first-passing:2'])
  })

  it('reads an abstention as a refusal', async () => {
    const { choices } = await client.chat.completions.create({ model: 'first-passing:2', messages })
    expect(choices[0]!.message).toMatchObject({ content: '', refusal: 'none of 2 samples passed never' })
  })

  it.each([
    ['a model that there is not', { model: 'gpt' }, 404, 'model_not_found'],
    [
      'tools',
      { model: 'majority:3', tools: [{ type: 'function' as const, function: { name: 'f' } }] },
      422,
      'invalid-data',
    ],
  ])('throws its own error for %s', async (_, more, status, code) => {
    const asking = client.chat.completions.create({ messages, ...more })
    await expect(asking).rejects.toMatchObject({ status, code, constructor: expect.any(Function) })
    await expect(asking).rejects.toBeInstanceOf(OpenAI.APIError)
  })

  it('with another key is refused', async () => {
    const other = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'guess', maxRetries: 0 })
    await expect(other.models.list()).rejects.toBeInstanceOf(OpenAI.AuthenticationError)
  })
})
