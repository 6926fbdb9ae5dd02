import { readFileSync } from 'node:fs'
import { createReferenceDevice } from '@posttrain/compute'
import { chosenIndexAt, scoreOf, sequenceOf, type Message, type Piece } from '@posttrain/core'
import { loadHuggingFace, RewardModel, TransformerPolicy } from '@posttrain/models'
import { encodePrompt, jinjaTemplate, wordTokenizer } from '@posttrain/text'
import { describe, expect, it } from 'vitest'
import { gpt2Like } from '@posttrain/models'
import { collect } from '../support/collect.js'
import { folderOf } from '../support/golden.js'
import { maxDifference } from '../support/max-difference.js'
import { randomise } from '../support/weights.js'

const chat: readonly Message[] = [{ role: 'user', content: '6 * 4?' }]
const tool: Message = { role: 'tool', content: '24' }
const task = { id: 'a', prompt: chat }
const source = readFileSync(new URL('../../../../tools/golden/chat-templates/chatml.jinja', import.meta.url), 'utf8')

describe('a policy of a folder with a chat template', () => {
  const folder = folderOf('llama')
  const config = JSON.stringify({ ...JSON.parse(folder.config), max_position_embeddings: 400 })
  const device = createReferenceDevice()
  const tokenizerConfig = JSON.stringify({ ...JSON.parse(folder.tokenizerConfig!), chat_template: source })
  const policy = loadHuggingFace({ device, ...folder, config, tokenizerConfig })

  it('reads prompts that are chats as the template renders them', async () => {
    const tokens = encodePrompt(policy, chat)
    const [sample] = await collect(policy, [{ task, count: 1, seed: 1, maxTokens: 5 }])
    expect(sample!.usage.promptTokens).toBe(tokens.length)
    const text = policy.template!.render(chat)
    expect(text).toMatch(/^<\|start\|>system\nYou answer briefly.<\|end\|>/)
    // The text of a chat begins with the start token already, so a prompt that is that text has one more.
    const { scored, same } = {
      scored: await policy.score([{ prompt: chat, tokens: sample!.tokens! }]),
      same: await policy.score([{ prompt: text.replace('<|start|>', ''), tokens: sample!.tokens! }]),
    }
    expect(scored).toEqual(same)
    expect(maxDifference(scoreOf(scored[0]!, 'logprob'), sample!.logprobs!.values)).toBeLessThan(1e-12)
  })

  it('goes on after a message in a new turn, with one log-prob per token that it drew', async () => {
    const [first] = await collect(policy, [{ task, count: 1, seed: 2, maxTokens: 4 }])
    const said: Piece = { text: first!.text, tokens: first!.tokens }
    const request = { task, count: 3, seed: 2, id: 'a/1', maxTokens: 6, prefix: [said, tool] }
    for (const sample of await collect(policy, [request])) {
      const [encoded] = await policy.encode([{ prompt: chat, pieces: [said, tool] }])
      const { length } = encoded!.tokens
      expect(sample.tokens!.slice(0, length)).toEqual(encoded!.tokens)
      expect([...sample.mask!]).toEqual(sample.tokens!.map((_, t) => (t < length ? 0 : 1)))
      const drawn = sample.tokens!.slice(length)
      expect(sample.text).toBe(`${first!.text}24${policy.tokenizer.decode(drawn)}`)
      expect(sample.usage).toEqual({
        promptTokens: first!.usage.promptTokens + length,
        completionTokens: drawn.length,
      })
      // What a reward finds within the tool's text belongs to nobody here; what it finds at the end, to the last token.
      expect(chosenIndexAt(sample, first!.text.length + 1)).toBe(-1)
      expect(chosenIndexAt(sample, sample.text.length)).toBe(
        Array.from(sample.textEnds!)
          .slice(length)
          .findIndex((end) => end >= sample.text.length),
      )
      const [scores] = await policy.score([sequenceOf(task, sample)])
      expect(maxDifference(scoreOf(scores!, 'logprob'), sample.logprobs!.values)).toBeLessThan(1e-12)
    }
  })

  it('keeps its template in checkpoints, and gives it to a reward model', async () => {
    const file = await policy.save()
    const again = await TransformerPolicy.fromCheckpoint(device, file)
    expect(again.template!.render(chat)).toBe(policy.template!.render(chat))
    const requests = [{ task, count: 2, seed: 1, maxTokens: 4 }]
    expect(await collect(again, requests)).toEqual(await collect(policy, requests))
    const model = await RewardModel.fromCheckpoint(device, file)
    expect([...(await model.rewards([{ prompt: chat, pieces: [{ text: '24' }, tool, { text: '24' }] }]))]).toEqual([0])
  })

  it('prefers chat_template.jinja', () => {
    const other = loadHuggingFace({ device, ...folder, tokenizerConfig, chatTemplate: '{{ eos_token }}' })
    expect(other.template!.render(chat)).toBe('<|end|>')
    expect(loadHuggingFace({ device, ...folder }).template).toBeUndefined()
  })
})

describe('a character whose bytes are drawn in two requests', () => {
  it('appears once', async () => {
    const policy = loadHuggingFace({ device: createReferenceDevice(), ...folderOf('gpt2') })
    const tokens = policy.tokenizer.encode('a字')
    const cut = tokens.length - 1
    const text = policy.tokenizer.decode(tokens.slice(0, cut))
    expect(text).toBe('a\ufffd')
    // Whatever is drawn, the text is that of all tokens.
    const request = { task: { id: 'a', prompt: 'Four' }, count: 40, seed: 1, maxTokens: 3, temperature: 2 }
    const samples = await collect(policy, [{ ...request, prefix: [{ text, tokens: tokens.slice(0, cut) }] }])
    for (const sample of samples) {
      expect(sample.text).toBe(policy.tokenizer.decode(sample.tokens!))
      expect(Array.from(sample.textEnds!).at(-1)).toBe(sample.text.length)
    }
    const whole = { text: policy.tokenizer.decode(tokens), tokens }
    expect((await collect(policy, [{ ...request, prefix: [whole] }]))[0]!.text.startsWith('a字')).toBe(true)
  })
})

describe('a policy without a template', () => {
  const tokenizer = wordTokenizer(['a', 'b', '.', 'user', 'model'], '.')
  const config = gpt2Like({ vocabulary: 5, context: 20, width: 8, layers: 1, heads: 2 })
  const policy = new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer })

  it('refuses chats and messages', async () => {
    const hint = 'give one, for instance jinjaTemplate(source)'
    await expect(policy.score([{ prompt: chat, tokens: [0] }])).rejects.toMatchObject({ code: 'unsupported', hint })
    const pieces = [{ text: 'a' }, tool]
    await expect(policy.encode([{ prompt: 'a', pieces }])).rejects.toMatchObject({ code: 'unsupported', hint })
  })

  it('learns a conversation once it has one: masked tokens are conditioned on and not learned', async () => {
    const template = jinjaTemplate('{% for m in messages %}{{ m.role }} {{ m.content }} . {% endfor %}model')
    const talking = new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer, template })
    await randomise(talking, 1)
    const user = (content: string): Message => ({ role: 'user', content })
    const pieces: readonly Piece[] = [{ text: 'b' }, user('b'), { text: 'a .' }]
    const completions = [{ prompt: [user('a')], pieces }]
    const sequences = await talking.encode(completions)
    expect([...sequences[0]!.mask]).toEqual([1, 1, 0, 0, 0, 0, 1, 1])
    for (let step = 0; step < 60; step++) {
      const pass = await talking.forward(sequences)
      await pass.backward(pass.scores.map((of) => ({ logprob: scoreOf(of, 'logprob').map(() => -0.25) })))
      await talking.step({ learningRate: 0.03 })
    }
    const greedy = { task: { id: 'a', prompt: [user('a')] }, count: 1, seed: 1, temperature: 0 }
    const [first] = await collect(talking, [greedy])
    expect(first!.text).toBe('b .')
    const [second] = await collect(talking, [
      { ...greedy, prefix: [{ text: 'b .', tokens: first!.tokens }, user('b')] },
    ])
    expect(second!.text).toBe('b .' + 'b' + 'a .')
  })
})
