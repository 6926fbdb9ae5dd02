import { createReferenceDevice, createWasmDevice, type Device, type DeviceBuffer } from '@posttrain/compute'
import { beforeEach, describe, expect, it } from 'vitest'
import { devices } from './support/devices.js'
import { openOrSkip } from './support/open-or-skip.js'

/** Buffers of one token with three query heads and two of keys and values. */
const attended = (device: Device): Record<'qkv' | 'out' | 'probabilities', DeviceBuffer> => ({
  qkv: device.allocate(7),
  out: device.allocate(3),
  probabilities: device.allocate(3),
})

describe.each(Object.keys(devices))('buffers of %s', (name) => {
  let device: Device

  beforeEach(async (test) => {
    device = await openOrSkip(name, test)
  })

  it('begin with zeros, also where memory is used again', async () => {
    const first = device.allocate(5)
    device.fill(first, 7)
    first.dispose()
    expect([...(await device.read(device.allocate(5)))]).toEqual([0, 0, 0, 0, 0])
  })

  it('share their memory with views, and views of views', async () => {
    const buffer = device.allocate(6)
    device.write(buffer.view(1, 4).view(1, 2), [1, 2])
    expect([...(await device.read(buffer))]).toEqual([0, 0, 1, 2, 0, 0])
    device.copy(buffer.view(2, 2), buffer.view(4, 2))
    expect([...(await device.read(buffer))]).toEqual([0, 0, 1, 2, 1, 2])
    expect(await device.sumOfSquares(buffer.view(3, 3))).toBe(9)
  })

  it('count in allocatedBytes until they are disposed; views and second calls do not', () => {
    const buffer = device.allocate(10)
    const integers = device.allocate(3, 'i32')
    expect(device.allocatedBytes).toBe(52)
    buffer.view(0, 5).dispose()
    expect(device.allocatedBytes).toBe(52)
    buffer.dispose()
    buffer.dispose()
    expect(device.allocatedBytes).toBe(12)
    integers.dispose()
    expect(device.allocatedBytes).toBe(0)
  })

  it('are refused with the kernel, the argument and what is wrong', () => {
    const [a, b, out] = [device.allocate(6), device.allocate(6), device.allocate(4)]
    const tokens = device.allocate(2, 'i32')
    const scores = { rows: 2, vocabulary: 3, logits: a, targets: tokens, logprob: out.view(0, 2) }
    const gone = device.allocate(6)
    gone.dispose()
    const other = createReferenceDevice().allocate(6)
    const size = { m: 2, n: 2, k: 3 }
    const refused: readonly (readonly [() => unknown, string])[] = [
      [() => device.matmul({ ...size, k: 2, a, b, out }), 'matmul: a must have m × k = 4 elements, but has 6'],
      [() => device.matmul({ ...size, m: -1, a, b, out }), 'matmul: m must be an integer of at least 0, but is -1'],
      [() => device.matmul({ ...size, a: gone, b, out }), 'matmul: a was disposed'],
      [() => device.matmul({ ...size, a: other, b, out }), 'matmul: a must be a buffer of this device'],
      [() => device.matmul({ ...size, a: {} as never, b, out }), 'matmul: a must be a buffer of this device'],
      [() => device.matmul({ ...size, a, b, out: b.view(0, 4) }), 'matmul: out must not overlap b'],
      [() => device.add({ length: 2, x: a.view(0, 2), out: a.view(1, 2) }), 'add: out must not overlap x'],
      [
        () => device.tokenScores({ ...scores, targets: out.view(0, 2) }),
        'tokenScores: targets must be i32, but is f32',
      ],
      [
        () => device.tokenScores({ ...scores, referenceLogits: b }),
        'tokenScores: referenceLogits and klToReference must be given together',
      ],
      [
        () => device.activation({ kind: 'elu' as never, length: 6, x: a, out: b }),
        'activation: kind must be one of relu, gelu, silu, but is "elu"',
      ],
      [() => device.write(a, [1]), 'write: data must have 6 entries, but has 1'],
      [() => device.fill(gone, 0), 'fill: buffer was disposed'],
      [() => device.copy(a, out), 'copy: target must have 6 elements as source, but has 4'],
      [() => device.copy(tokens, out.view(0, 2)), 'copy: target must be i32, but is f32'],
      [() => device.allocate(-1), 'allocate: length must be an integer of at least 0, but is -1'],
      [() => a.view(4, 3), 'view: length must be an integer from 0 to 2, but is 3'],
      [() => gone.view(0, 1), 'view: the buffer was disposed'],
    ]
    for (const [call, message] of refused) expect(call).toThrow(message)
  })

  it('are refused with settings out of range', () => {
    const [x, y, z, w] = [device.allocate(4), device.allocate(4), device.allocate(4), device.allocate(4)]
    const tokens = device.allocate(1, 'i32')
    const norm = { rows: 1, columns: 4, x, gain: y, out: z, statistics: w.view(0, 1) }
    const adam = { parameters: x, gradients: y, firstMoment: z, secondMoment: w, length: 4, step: 1, learningRate: 1 }
    const rates = { betas: [0.9, 0.9], epsilon: 0, weightDecay: 0, gradientScale: 1 } as const
    const draws = { rows: 1, vocabulary: 4, logits: x, uniforms: y.view(0, 1), tokens, logprob: z.view(0, 1) }
    const turns = { rows: 1, heads: 2, columns: 4, x, positions: tokens, angles: y }
    const refused: readonly (readonly [() => unknown, string])[] = [
      [() => device.rmsNorm({ ...norm, epsilon: 0 }), 'rmsNorm: epsilon must be a finite number above 0, but is 0'],
      [() => device.add({ length: 4, x, out: y, scale: NaN }), 'add: scale must be a finite number, but is NaN'],
      [
        () => device.adamW({ ...adam, ...rates, betas: [0.9, 1] }),
        'adamW: betas[1] must be a finite number of at least 0 and below 1, but is 1',
      ],
      [
        () => device.adamW({ ...adam, ...rates, weightDecay: Infinity }),
        'adamW: weightDecay must be a finite number, but is Infinity',
      ],
      [
        () => device.sampleTokens({ ...draws, temperature: -1 }),
        'sampleTokens: temperature must be a finite number of at least 0, but is -1',
      ],
      [
        () => device.sampleTokens({ ...draws, temperature: 1, topK: 0 }),
        'sampleTokens: topK must be an integer of at least 1, but is 0',
      ],
      [
        () => device.sampleTokens({ ...draws, temperature: 1, topP: 0 }),
        'sampleTokens: topP must be a finite number above 0 and of at most 1, but is 0',
      ],
      [
        () => device.sampleTokens({ ...draws, temperature: 1, minP: 1.5 }),
        'sampleTokens: minP must be a finite number from 0 to 1, but is 1.5',
      ],
      [
        () => device.rotary({ ...turns, headSize: 4 }),
        'rotary: columns must be at least heads × headSize = 8, but is 4',
      ],
      [
        () => device.attention({ batch: 1, length: 1, heads: 3, keyValueHeads: 2, headSize: 1, ...attended(device) }),
        'attention: keyValueHeads must divide heads = 3, but is 2',
      ],
    ]
    for (const [call, message] of refused) expect(call).toThrow(message)
  })

  it('with indices out of range are refused before they are used', (test) => {
    if (name === 'webgpu') test.skip('skipped: indices on a GPU cannot be looked at without waiting')
    const [rows, columns] = [2, 3]
    const [table, out] = [device.allocate(4 * columns), device.allocate(rows * columns)]
    const indices = device.allocate(rows, 'i32')
    device.write(indices, [0, 4])
    expect(() => device.gatherRows({ rows, columns, source: table, indices, out })).toThrow(
      'gatherRows: indices[1] must be at least 0 and below the number of rows of source = 4, but is 4',
    )
    device.write(indices, [-1, 0])
    const scores = { rows, vocabulary: 6, logits: table, targets: indices, logprob: out.view(0, 2) }
    expect(() => device.tokenScores(scores)).toThrow(
      'tokenScores: targets[0] must be at least 0 and below vocabulary = 6, but is -1',
    )
  })

  it('reject after the device was disposed', async () => {
    const buffer = device.allocate(2)
    device.dispose()
    expect(device.allocatedBytes).toBe(0)
    await expect(device.read(buffer)).rejects.toThrow('read: buffer was disposed')
    expect(() => device.allocate(1)).toThrow('device was disposed')
  })
})

describe('wasm', () => {
  it('says what to do when there is no memory', async () => {
    const device = await createWasmDevice()
    expect(() => device.allocate(2 ** 31)).toThrow('the wasm device cannot grow its memory')
    expect(device.allocatedBytes).toBe(0)
    expect(device.allocate(10).length).toBe(10)
  })
})
