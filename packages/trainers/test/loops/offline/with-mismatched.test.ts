import { TabularPolicy } from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { ktoLoss } from '@posttrain/losses'
import { trainOffline } from '../../../src/loops/offline/train-offline.js'
import { withMismatched } from '../../../src/loops/offline/with-mismatched.js'

describe('withMismatched', () => {
  const item = (
    prompt: string,
    token: number,
    advantage: number,
  ): { prompt: string; tokens: number[]; advantage: number } => ({
    prompt,
    tokens: [token],
    advantage,
  })

  it('gives each prompt the completion of the next item of another prompt, and none where there is no other', () => {
    const items = [item('x', 0, 1), item('x', 1, -1), item('y', 2, 1)]
    expect(withMismatched(() => items)(0)).toEqual([...items, item('x', 2, 0), item('x', 2, 0), item('y', 0, 0)])
    expect(withMismatched(() => items.slice(0, 2))(0)).toEqual(items.slice(0, 2))
  })

  it('takes the mask along, and compares chats by what they say', () => {
    const mask = Uint8Array.of(0, 1)
    const chat = (content: string): { role: 'user'; content: string }[] => [{ role: 'user', content }]
    const items = [
      { prompt: chat('a'), tokens: [0, 1], mask, advantage: 1 },
      { prompt: chat('a'), tokens: [2], advantage: 1 },
      { prompt: chat('b'), tokens: [3], advantage: 1 },
    ]
    expect(withMismatched(() => items)(0).slice(3)).toEqual([
      { prompt: chat('a'), tokens: [3], advantage: 0 },
      { prompt: chat('a'), tokens: [3], advantage: 0 },
      { prompt: chat('b'), tokens: [0, 1], mask, advantage: 0 },
    ])
  })

  it('halves the gradient, which is nothing to AdamW and something to what bounds the norm', async () => {
    const items = [item('x', 0, 1), item('x', 1, -1), item('y', 2, 1), item('y', 0, -1)]
    const run = async (mismatched: boolean, refuseAbove?: number) => {
      const policy = new TabularPolicy({ prompts: ['x', 'y'], words: ['a', 'b', 'c'] })
      const reference = await policy.snapshot()
      // At the reference z₀ is 0 either way, so that the terms of the items are the same.
      const loss = ktoLoss({ referencePoint: 'zero' })
      const batch = mismatched ? withMismatched(() => items) : () => items
      const optimizer = { learningRate: 0.05, refuseAbove }
      const norms: number[] = []
      for await (const event of trainOffline({ model: policy, reference, loss, batch, steps: 1, optimizer })) {
        if (event.kind === 'stopped') throw event.reason
        norms.push(event.gradientNorm!)
      }
      return { norm: norms[0]!, weights: (await policy.completions('x')).map(({ probability }) => probability) }
    }
    const [alone, both] = [await run(false), await run(true)]
    expect(both.norm / alone.norm).toBeCloseTo(0.5, 12)
    both.weights.forEach((probability, i) => expect(probability).toBeCloseTo(alone.weights[i]!, 6))
    const bound = 0.75 * alone.norm
    await expect(run(false, bound)).rejects.toMatchObject({ code: 'exploded' })
    await expect(run(true, bound)).resolves.toEqual(both)
  })

  it('trains KTO: desirable completions gain, undesirable ones lose', async () => {
    const policy = new TabularPolicy({ prompts: ['x', 'y'], words: ['a', 'b', 'c'] })
    const reference = await policy.snapshot()
    const items = [item('x', 0, 1), item('x', 1, -1), item('y', 2, 1), item('y', 0, -1)]
    const events = []
    const options = { model: policy, reference, loss: ktoLoss(), batch: withMismatched(() => items), steps: 60 }
    for await (const event of trainOffline({ ...options, optimizer: { learningRate: 0.05 } })) {
      if (event.kind === 'stopped') throw event.reason
      events.push(event)
    }
    // At the reference every term is λ(1 − ½), and half of the items carry it.
    expect(events[0]!.loss).toBeCloseTo(0.25, 12)
    expect(events[0]!.metrics['mismatched']).toBe(4)
    expect(events.at(-1)!.loss).toBeLessThan(0.23)
    const [x, y] = [await policy.completions('x'), await policy.completions('y')]
    expect(x[0]!.probability).toBeGreaterThan(0.8)
    expect(x[1]!.probability).toBeLessThan(0.1)
    expect(y[2]!.probability).toBeGreaterThan(0.8)
  })
})
