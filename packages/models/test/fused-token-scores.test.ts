import { createReferenceDevice, createWasmDevice, type Device } from '@posttrain/compute'
import { createStream, scoreOf } from '@posttrain/core'
import { TransformerPolicy } from '@posttrain/models'
import { wordTokenizer } from '@posttrain/text'
import { describe, expect, it } from 'vitest'
import { distributionRows, divergencePerRow, fromLogits, fromLogprobs, klDivergence } from '@posttrain/kl'

const devices: Readonly<Record<string, () => Device | Promise<Device>>> = {
  reference: createReferenceDevice,
  wasm: createWasmDevice,
}

/** What f32 arithmetic may cost: the bound of the project. */
const bound = 1e-5

describe.each(Object.keys(devices))('fused token scores on %s', (name) => {
  it('give the KL of the exact function on the same logits', async () => {
    const device = await devices[name]!()
    const [rows, vocabulary] = [64, 39]
    for (const [scale, shift] of [
      [4, 1],
      [1, 1e-3],
      [30, 30],
    ] as const) {
      const stream = createStream(1, 'logits', scale)
      // f32 values, so that every device is given the same logits
      const logits = Float64Array.from({ length: rows * vocabulary }, () =>
        Math.fround(scale * (2 * stream.uniform() - 1)),
      )
      const reference = logits.map((x) => Math.fround(x + shift * (2 * stream.uniform() - 1)))
      const buffer = (data: ArrayLike<number>, dtype: 'f32' | 'i32' = 'f32') => {
        const allocated = device.allocate(data.length, dtype)
        device.write(allocated, data)
        return allocated
      }
      const klToReference = device.allocate(rows)
      device.tokenScores({
        rows,
        vocabulary,
        logits: buffer(logits),
        referenceLogits: buffer(reference),
        targets: buffer(new Int32Array(rows), 'i32'),
        logprob: device.allocate(rows),
        klToReference,
      })
      const fused = await device.read(klToReference)
      const exact = divergencePerRow(
        klDivergence,
        distributionRows(logits, vocabulary, fromLogits),
        distributionRows(reference, vocabulary, fromLogits),
      )
      exact.forEach((kl, row) => expect(Math.abs(fused[row]! - kl)).toBeLessThanOrEqual(bound * Math.max(1, kl)))
    }
    device.dispose()
  })

  it('give a transformer the KL of its next-token distributions', async () => {
    const words = ['0', '1', '2', '3', '4', '5', '6', '7', '.']
    const config = {
      vocabulary: 9,
      context: 12,
      width: 16,
      layers: 2,
      heads: 2,
      hidden: 32,
      activation: 'relu',
    } as const
    const policy = new TransformerPolicy({
      device: await devices[name]!(),
      config,
      tokenizer: wordTokenizer(words, '.'),
    })
    const prompts = ['1', '1 2', '7 3 5', '0 0 4 2']
    // Every word as a completion of one token spells out a whole next-token distribution.
    const sequences = prompts.flatMap((prompt) => words.map((_, token) => ({ prompt, tokens: [token] })))
    const reference = await policy.snapshot()
    const before = await policy.score(sequences)
    const pass = await policy.forward(sequences)
    await pass.backward(sequences.map((_, i) => ({ logprob: Float64Array.of(Math.sin(7 * i)) })))
    await policy.step({ learningRate: 0.05 })
    const after = await policy.score(sequences, { scores: ['logprob', 'klToReference'], reference })
    prompts.forEach((_, i) => {
      const row = (scores: typeof before) =>
        fromLogprobs(words.map((__, v) => scoreOf(scores[i * words.length + v]!, 'logprob')[0]!))
      const exact = klDivergence(row(after), row(before))
      expect(exact).toBeGreaterThan(1e-3) // the step did move it
      words.forEach((__, v) => {
        const [fused] = scoreOf(after[i * words.length + v]!, 'klToReference')
        expect(Math.abs(fused! - exact)).toBeLessThanOrEqual(bound)
      })
    })
  })
})
