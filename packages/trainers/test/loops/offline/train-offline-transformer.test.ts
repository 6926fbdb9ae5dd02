import { createWasmDevice, isWasmSupported } from '@posttrain/compute'
import { dpoLoss } from '@posttrain/losses'
import { TransformerPolicy } from '@posttrain/models'
import { wordTokenizer } from '@posttrain/text'
import { describe, expect, it } from 'vitest'
import { shuffledBatches } from '../../../src/loops/offline/shuffled-batches.js'
import { trainOffline, type OfflineStep } from '../../../src/loops/offline/train-offline.js'

describe.skipIf(!isWasmSupported())('trainOffline on a transformer (needs WebAssembly with SIMD)', () => {
  const words = ['0', '1', '2', '3', '.']
  const config = { vocabulary: 5, context: 8, width: 16, layers: 2, heads: 2, hidden: 32, activation: 'gelu' } as const
  const pairs = Array.from({ length: 13 }, (_, i) => ({
    prompt: `${i % 4} ${(i >> 1) % 4}`,
    chosen: [i % 3, (i + 1) % 4, 4].slice(i % 2),
    rejected: [(i + 2) % 4, 4],
  }))

  it('continues bit for bit, reference log-probs included, which batches of other items computed', async () => {
    const device = await createWasmDevice()
    const fresh = (): TransformerPolicy =>
      new TransformerPolicy({ device, config, tokenizer: wordTokenizer(words, '.'), seed: 3 })
    const reference = await fresh().snapshot()
    const run = async (policy: TransformerPolicy, startStep: number, steps: number): Promise<OfflineStep[]> => {
      const batch = shuffledBatches(pairs, 4, 9)
      const optimizer = { learningRate: 0.003, weightDecay: 0.01, maxGradientNorm: 1 }
      const events: OfflineStep[] = []
      for await (const event of trainOffline({
        model: policy,
        reference,
        loss: dpoLoss(),
        batch,
        startStep,
        steps,
        optimizer,
      })) {
        if (event.kind === 'stopped') throw event.reason
        events.push(event)
      }
      return events
    }
    const whole = fresh()
    const all = await run(whole, 0, 12)
    const first = fresh()
    await run(first, 0, 5)
    const second = fresh()
    await second.load(await first.save({ optimizer: true }))
    // In the whole run the items of step 5 were first scored in steps 0 to 3, with other neighbours.
    expect(await run(second, 5, 12)).toEqual(all.slice(5))
    expect(await second.save({ optimizer: true })).toEqual(await whole.save({ optimizer: true }))
    expect(all.at(-1)!.loss).toBeLessThan(all[0]!.loss)
  })
})
