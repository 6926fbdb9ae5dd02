import { createDevice, createReferenceDevice, createWasmDevice, type Device } from '@posttrain/compute'
import { PosttrainError, type Sample } from '@posttrain/core'
import { TransformerPolicy } from '@posttrain/models'
import { describe, expect, it, type TestContext } from 'vitest'
import { architectures, sequences, tokenizer } from '../support/architectures.js'
import { maxDifference } from '../support/max-difference.js'
import { randomise } from '../support/weights.js'

/** Devices beside the two that every test of a model runs on. */
const others: Readonly<Record<string, () => Promise<Device>>> = {
  'wasm on two threads': () => createWasmDevice({ threads: 2 }),
  webgpu: async () => (await createDevice('webgpu')).device,
  gpujs: async () => (await createDevice('gpujs')).device,
}

async function openOrSkip(open: () => Promise<Device>, { skip }: TestContext): Promise<Device> {
  try {
    return await open()
  } catch (error) {
    if (error instanceof PosttrainError && error.code === 'unsupported') return skip(`skipped: ${error.message}`)
    throw error
  }
}

const drawn = async (policy: TransformerPolicy): Promise<Sample[]> => {
  const samples: Sample[] = []
  const requests = ['1 2', '4 0 3'].map((prompt) => ({ task: { id: prompt, prompt }, count: 4, seed: 5 }))
  for await (const sample of policy.sample(requests)) samples.push(sample)
  return samples.sort((a, b) => `${a.taskId}/${a.index}`.localeCompare(`${b.taskId}/${b.index}`))
}

describe.each(Object.entries(others))('a model on %s', (_, open) => {
  it('learns and samples as on reference', async (context) => {
    const device = await openOrSkip(open, context)
    for (const [name, config] of [architectures[1]!, architectures[3]!]) {
      const oracle = new TransformerPolicy({ device: createReferenceDevice(), config, tokenizer })
      await randomise(oracle, 3)
      const policy = await TransformerPolicy.fromCheckpoint(device, await oracle.save())
      for (let step = 0; step < 2; step++) {
        const norms: number[] = []
        for (const one of [oracle, policy]) {
          const pass = await one.forward(sequences, { scores: ['logprob', 'entropy', 'value'] })
          await pass.backward(
            pass.scores.map(({ logprob, entropy, value }) => ({
              logprob: logprob!.map(() => -0.1),
              entropy: entropy!.map(() => -0.01),
              value: value!.map((v) => v - 1),
            })),
          )
          norms.push((await one.step({ learningRate: 0.01 })).gradientNorm!)
        }
        expect(norms[1], name).toBeCloseTo(norms[0]!, 4)
      }
      const [expected, found] = [await oracle.score(sequences), await policy.score(sequences)]
      expected.forEach(({ logprob }, i) => expect(maxDifference(found[i]!.logprob!, logprob!), name).toBeLessThan(1e-4))

      const samples = await drawn(policy)
      expect(samples.map(({ text }) => text)).toEqual((await drawn(oracle)).map(({ text }) => text))
      const scores = await policy.score(samples.map(({ taskId, tokens }) => ({ prompt: taskId, tokens: tokens! })))
      samples.forEach(({ logprobs }, i) => {
        expect(maxDifference(scores[i]!.logprob!, logprobs!.values), name).toBeLessThan(1e-5)
      })
      policy.dispose()
      oracle.dispose()
    }
    expect(device.allocatedBytes).toBe(0)
    device.dispose()
  }, 60_000)
})
