import { createWasmDevice, type Device } from '@posttrain/compute'
import type { OptimizerStep } from '@posttrain/core'
import { decodeSafetensors, llamaLike, TransformerPolicy, type LoraSettings } from '@posttrain/models'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tokenizer } from './support/architectures.js'

const config = llamaLike({ vocabulary: 6, context: 12, width: 8, layers: 1, heads: 2 })

const policyOn = (device: Device, lora?: LoraSettings): TransformerPolicy =>
  new TransformerPolicy({ device, config, tokenizer, lora })

/** Accumulates the gradient of a log-prob, so many times as large. */
async function accumulate(policy: TransformerPolicy, scale: number): Promise<void> {
  const pass = await policy.forward([{ prompt: '1 2', tokens: [3] }])
  await pass.backward([{ logprob: Float64Array.of(scale) }])
}

/** All numbers of a policy, merged weights and moments. */
async function numbersOf(policy: TransformerPolicy): Promise<number[]> {
  const files = [await policy.saveMerged(), await policy.save({ optimizer: true })]
  return files.flatMap((file) => [...decodeSafetensors(file).tensors.values()].flatMap(({ data }) => [...data]))
}

const anySize = fc.double({ min: -40, max: 40, noNaN: true }).map((exponent) => 10 ** exponent)
const anyStep: fc.Arbitrary<OptimizerStep> = fc.record({
  learningRate: fc.oneof(fc.constantFrom(0, 1e-3, 1e38, Number.MAX_VALUE), anySize),
  betas: fc.tuple(fc.constantFrom(0, 0.9, 1 - 2 ** -53), fc.constantFrom(0, 0.95, 1 - 2 ** -53)),
  epsilon: fc.constantFrom(1e-8, 1e-30, 1e-15, 1, 1e30),
  weightDecay: fc.oneof(fc.constantFrom(0, 0.1, 1e38), anySize),
  maxGradientNorm: fc.option(anySize, { nil: undefined }),
})

describe.each([
  ['a policy', undefined],
  ['an adapter', { rank: 2, alpha: 10_000 }],
] as const)('a step of %s', (_, lora) => {
  it('leaves finite numbers, or is refused and leaves those that were there', async () => {
    let [taken, refused] = [0, 0]
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(anyStep, anySize), { minLength: 1, maxLength: 4 }), async (steps) => {
        const device = await createWasmDevice()
        const policy = policyOn(device, lora)
        await policy.save({ optimizer: true })
        for (const [settings, scale] of steps) {
          const before = await numbersOf(policy)
          await accumulate(policy, scale)
          const error: unknown = await policy.step(settings).then(
            () => undefined,
            (reason: unknown) => reason,
          )
          const after = await numbersOf(policy)
          if (error === undefined) {
            taken++
            expect(after.every(Number.isFinite)).toBe(true)
            await policy.load(await policy.save({ optimizer: true }))
          } else {
            refused++
            expect(error).toMatchObject({ code: 'exploded' })
            expect(after).toEqual(before)
          }
        }
        device.dispose()
      }),
      { numRuns: 80 },
    )
    expect(Math.min(taken, refused)).toBeGreaterThan(15)
  })

  it('says what would make it too large, and can be tried again', async () => {
    const policy = policyOn(await createWasmDevice(), lora)
    await accumulate(policy, 1)
    await expect(policy.step({ learningRate: 1e38 })).rejects.toThrow(
      /^the step could make a weight as large as .*e\+4\d, so it was not taken$/,
    )
    await accumulate(policy, 1)
    await expect(policy.step({ learningRate: 1e-3 })).resolves.toMatchObject({})
    expect(policy.provenance.step).toBe(1)
  })
})
