import { createReferenceDevice, createWasmDevice, type Device } from '@posttrain/compute'
import { PosttrainError } from '@posttrain/core'
import {
  decodeSafetensors,
  encodeSafetensors,
  gpt2Like,
  llamaLike,
  loadHuggingFace,
  RewardModel,
  TransformerPolicy,
  type Safetensors,
  type Tensor,
  type TransformerConfig,
} from '@posttrain/models'
import { describe, expect, it } from 'vitest'
import { tokenizer } from '../support/architectures.js'
import { folderOf } from '../support/golden.js'

const sizes = { vocabulary: 6, context: 12, width: 8, layers: 1, heads: 2 }
const config = llamaLike(sizes)

const policyOn = (device: Device): TransformerPolicy => new TransformerPolicy({ device, config, tokenizer })

/** A checkpoint with the optimizer's state, of which something was changed. */
async function changed(change: (file: Safetensors) => Partial<Safetensors>): Promise<Uint8Array> {
  const file = decodeSafetensors(await policyOn(createReferenceDevice()).save({ optimizer: true }))
  return encodeSafetensors({ ...file, ...change(file) })
}

const withConfig = (change: Partial<TransformerConfig>): Promise<Uint8Array> =>
  changed(({ metadata }) => ({ metadata: { ...metadata, config: JSON.stringify({ ...config, ...change }) } }))

const withMetadata = (change: Readonly<Record<string, string>>): Promise<Uint8Array> =>
  changed(({ metadata }) => ({ metadata: { ...metadata, ...change } }))

const withTensor = (name: string, change: (tensor: Tensor) => Tensor): Promise<Uint8Array> =>
  changed(({ tensors }) => ({ tensors: new Map([...tensors, [name, change(tensors.get(name)!)]]) }))

const withNumber = (name: string, number: number): Promise<Uint8Array> =>
  withTensor(name, (tensor) => ({ ...tensor, data: tensor.data.map((x, i) => (i === 1 ? number : x)) }))

/** Why a file is refused, by a new policy and by one that is there: neither keeps anything of it. */
async function refusal(file: Uint8Array): Promise<string> {
  const device = await createWasmDevice()
  const fresh = await messageOf(TransformerPolicy.fromCheckpoint(device, file))
  expect(device.allocatedBytes).toBe(0)
  const policy = policyOn(device)
  const [bytes, before] = [device.allocatedBytes, await policy.save()]
  await messageOf(policy.load(file))
  expect(device.allocatedBytes).toBe(bytes)
  expect(await policy.save()).toEqual(before)
  return fresh
}

async function messageOf(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(PosttrainError)
  return (error as PosttrainError).message
}

describe('a file that states sizes which are not its own', () => {
  it('is refused before anything is done for each layer', async () => {
    for (const layers of [15, 1e6, 1e7, 2 ** 53 - 1]) {
      const file = await withConfig({ layers })
      const { tensors } = decodeSafetensors(file)
      const numbers = [...tensors.values()].reduce((total, { data }) => total + data.length, 0)
      expect(await refusal(file)).toBe(
        layers <= tensors.size
          ? `the checkpoint has no tensor h.1.attn.c_attn.weight`
          : `the configuration has ${layers} layers, but the file has ${tensors.size} tensors, of ${numbers} numbers in all`,
      )
    }
  })

  it('is refused before anything is allocated for a context', async () => {
    for (const context of [1e8, 2 ** 40, 2 ** 53 - 1]) {
      expect(await refusal(await withConfig({ context }))).toContain(
        `a context of ${context} with heads of 4 needs a table of ${context * 4} rotary positions, more than 16777216`,
      )
      expect(await refusal(await withConfig({ context, positions: 'learned' }))).toContain(
        'the checkpoint has no tensor wpe.weight',
      )
    }
  })

  it('is refused with the tensor that has another shape', async () => {
    for (const size of [7, 1e9, 2 ** 40]) {
      expect(await refusal(await withConfig({ vocabulary: size }))).toBe(
        `config.vocabulary is ${size}, but the tokenizer has 6 tokens`,
      )
      expect(await refusal(await withConfig({ width: 2 * size, headSize: 4 }))).toBe(
        `tensor wte.weight has the shape [6, 8], but the model needs [6, ${2 * size}]`,
      )
      expect(await refusal(await withConfig({ hidden: size }))).toContain('tensor h.0.mlp.c_fc.weight has the shape')
      expect(await refusal(await withConfig({ headSize: 2 * size }))).toMatch(/has the shape|a table of/)
    }
  })

  it('is refused in a folder too', () => {
    const device = createReferenceDevice()
    const load = (model: string, change: object) => () => {
      const folder = folderOf(model)
      return loadHuggingFace({ device, ...folder, config: JSON.stringify({ ...JSON.parse(folder.config), ...change }) })
    }
    expect(load('gpt2', { n_layer: 1e7 })).toThrow('the configuration has 10000000 layers, but the file has 28 tensors')
    expect(load('llama', { num_hidden_layers: 1e7 })).toThrow('the configuration has 10000000 layers, but the file has')
    expect(load('llama', { max_position_embeddings: 1e8 })).toThrow('a context of 100000000 with heads of 6')
    expect(load('gpt2', { vocab_size: 1e9 })).toThrow('but the model needs [1000000000, 24]')
    expect(device.allocatedBytes).toBe(0)
  })

  it('is refused by a reward model', async () => {
    const device = createReferenceDevice()
    const options = { device, config: gpt2Like(sizes), tokenizer }
    const { tensors, metadata } = decodeSafetensors(await new RewardModel(options).save({ optimizer: true }))
    device.dispose()
    const again = await createWasmDevice()
    const load = (change: Partial<Safetensors>): Promise<string> =>
      messageOf(RewardModel.fromCheckpoint(again, encodeSafetensors({ tensors, metadata, ...change })))
    expect(
      await load({ metadata: { ...metadata, config: JSON.stringify(gpt2Like({ ...sizes, layers: 1e7 })) } }),
    ).toContain('the configuration has 10000000 layers')
    expect(await load({ metadata: { ...metadata, steps: '-1' } })).toContain('progress is malformed')
    expect(again.allocatedBytes).toBe(0)
  })
})

describe('weights and states that no training run has', () => {
  it('are refused with the tensor', async () => {
    const second = 'adamw.second.h.0.ln_1.weight'
    expect(await refusal(await withNumber(second, -1e-30))).toBe(`tensor ${second} contains -1e-30 at 1`)
    expect(await refusal(await withNumber(second, NaN))).toBe(`tensor ${second} contains NaN at 1`)
    expect(await refusal(await withNumber('adamw.first.wte.weight', Infinity))).toContain('contains Infinity at 1')
    expect(await refusal(await withNumber('wte.weight', NaN))).toBe('tensor wte.weight contains NaN at 1')
    const integers = await withTensor('wte.weight', ({ shape }) => ({ dtype: 'I32', shape, data: new Int32Array(48) }))
    expect(await refusal(integers)).toBe('tensor wte.weight has the type I32, but weights are no integers')
    const half = await changed(({ tensors }) => ({
      tensors: new Map([...tensors].filter(([name]) => !name.startsWith('adamw.first.'))),
    }))
    expect(await refusal(half)).toBe('the checkpoint has no tensor adamw.first.wte.weight')
  })

  it('are refused with the number of steps', async () => {
    for (const steps of ['', '-1', '1.5', '1e400', '0x10', ' 7 ', 'abc', '9007199254740993', '1e3']) {
      expect(await refusal(await withMetadata({ steps }))).toContain('progress is malformed')
      expect(await refusal(await withMetadata({ updates: steps }))).toContain('progress is malformed')
    }
    const device = createReferenceDevice()
    const policy = await TransformerPolicy.fromCheckpoint(device, await withMetadata({ steps: '12', updates: '7' }))
    expect(policy.provenance.step).toBe(12)
  })
})

describe('sizes of a caller', () => {
  it('are refused where no device can hold them', () => {
    const device = createReferenceDevice()
    const make = (change: Partial<TransformerConfig>, lora?: { rank: number; alpha: number }) => () =>
      new TransformerPolicy({ device, config: { ...config, ...change }, tokenizer, lora })
    expect(make({ layers: 1e9 })).toThrow('weights, more than the 1073741824 that a device can hold')
    expect(make({ hidden: 1e12 })).toThrow('weights, more than the 1073741824 that a device can hold')
    expect(make({ context: 1e8 })).toThrow('a context of 100000000')
    expect(make({}, { rank: 9, alpha: 1 })).toThrow(
      'the rank of the adapter is 9, but the matrices have ranks of at most 8',
    )
    expect(make({}, { rank: 1, alpha: 1e5 })).toThrow('alpha')
    for (const normEpsilon of [0, 1e-300, 2, NaN]) expect(make({ normEpsilon })).toThrow('normEpsilon')
    for (const base of [0, 5e-324, 0.5, 1e300]) expect(make({ positions: { base } })).toThrow('base')
    const scaling = { factor: 2, lowFrequencyFactor: 4, highFrequencyFactor: 4, originalContext: 8 }
    expect(make({ positions: { base: 10, scaling } })).toThrow('lowFrequencyFactor must be below highFrequencyFactor')
    expect(device.allocatedBytes).toBe(0)
  })

  it('leave nothing on a device that has no memory for all of a model', () => {
    for (const lora of [undefined, { rank: 1, alpha: 1 }]) {
      for (let room = 0; ; room++) {
        const device = createReferenceDevice()
        const policy = (): TransformerPolicy =>
          new TransformerPolicy({ device: withRoomFor(room, device), config, tokenizer, lora })
        try {
          policy()
          expect(room).toBe(lora ? 5 : 2)
          break
        } catch (error) {
          expect(error).toMatchObject({ code: 'unsupported', message: 'there is no memory' })
          expect(device.allocatedBytes).toBe(0)
        }
      }
    }
  })
})

/** A device that has memory for so many buffers. */
function withRoomFor(room: number, device: Device): Device {
  let made = 0
  const allocate: Device['allocate'] = (length, dtype) => {
    if (made++ === room) throw new PosttrainError('unsupported', 'there is no memory')
    return device.allocate(length, dtype)
  }
  return Object.create(device, { allocate: { value: allocate } }) as Device
}
