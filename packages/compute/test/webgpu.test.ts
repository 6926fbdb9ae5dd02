import { createReferenceDevice, type Device, type DeviceBuffer, openWebGpu, type WebGpu } from '@posttrain/compute'
import { PosttrainError } from '@posttrain/core'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { initialParameters, trainingBatch } from './support/benchmark-model.js'
import { difference } from './support/difference.js'
import { draw } from './support/draw.js'
import { kernelCases } from './support/kernel-cases.js'
import type { ModelConfig } from './support/model-config.js'
import { type KernelCall, runKernel } from './support/run-kernel.js'
import { createTrainingStep } from './support/training-step.js'

// A machine without a GPU driver has no adapter: then the error is tested, and the rest is skipped with its reason.
const opened: WebGpu | PosttrainError = await openWebGpu().catch((error: unknown) => error as PosttrainError)
const missing = opened instanceof PosttrainError ? opened.message : undefined
const reference = createReferenceDevice()

describe.skipIf(missing === undefined)('openWebGpu without an adapter', () => {
  it('says what is missing', () => {
    expect((opened as PosttrainError).code).toBe('unsupported')
    expect(missing).toMatch(/WebGPU/)
  })
})

/**
 * Runs a kernel as models do: on windows of one allocation per type, one after the other at odd offsets.
 *
 * @param inPlace an argument that is given as another one, too
 */
async function runInOneBuffer(
  device: Device,
  kernel: string,
  { settings, buffers }: KernelCall,
  inPlace: Readonly<Record<string, string>> = {},
): Promise<Record<string, Float64Array>> {
  const ofType = (integers: boolean): [string, ArrayLike<number>][] =>
    Object.entries(buffers).filter(([, contents]) => contents instanceof Int32Array === integers)
  const windows: Record<string, DeviceBuffer> = {}
  const blocks = [false, true].map((integers) => {
    const contents = ofType(integers)
    const block = device.allocate(
      contents.reduce((sum, [, x]) => sum + x.length + 1, 0),
      integers ? 'i32' : 'f32',
    )
    let offset = 1
    for (const [name, x] of contents) {
      windows[name] = block.view(offset, x.length)
      device.write(windows[name], x)
      offset += x.length + 1
    }
    return block
  })
  const aliases = Object.entries(inPlace).map(([name, other]) => [name, windows[other]])
  const run = Reflect.get(device, kernel) as (args: object) => void
  run({ ...settings, ...windows, ...(Object.fromEntries(aliases) as object) })
  const results: Record<string, Float64Array> = {}
  for (const [name, window] of Object.entries(windows)) results[name] = await device.read(window)
  blocks.forEach((block) => block.dispose())
  return results
}

describe.skipIf(missing !== undefined)(`WebGPU${missing === undefined ? '' : ` (skipped: ${missing})`}`, () => {
  const device = opened as WebGpu

  afterAll(() => {
    expect(device.allocatedBytes).toBe(0)
    device.dispose()
  })

  describe('with all operands in one buffer, agrees with reference in', () => {
    it.each(Object.entries(kernelCases))('%s', async (kernel, { bound, calls, outputs }) => {
      for (const call of fc.sample(calls, { numRuns: 12, seed: 4 })) {
        const expected = await runKernel(reference, kernel, call)
        const actual = await runInOneBuffer(device, kernel, call)
        for (const name of Object.keys(call.buffers)) {
          // What is no output stays as it was, to the bit.
          const limit = outputs.includes(name) ? bound : 0
          expect(difference(actual[name]!, expected[name]!), name).toBeLessThanOrEqual(limit)
        }
      }
    })

    it.each([
      ['activation', 'out', 'x'],
      ['activationBackward', 'gradX', 'gradOut'],
      ['swigluBackward', 'gradX', 'x'],
      ['tokenScoresBackward', 'gradLogits', 'logits'],
    ])('%s where %s is %s', async (kernel, output, input) => {
      const { bound, calls } = kernelCases[kernel]!
      for (const call of fc.sample(calls, { numRuns: 12, seed: 5 })) {
        const expected = await runKernel(reference, kernel, call)
        const actual = await runInOneBuffer(device, kernel, call, { [output]: input })
        expect(difference(actual[input]!, expected[output]!)).toBeLessThanOrEqual(bound)
      }
    })
  })

  it('takes tables, weights and activations from buffers that are shared in part', async () => {
    const d = draw(8)
    const [parameters, block, tokens] = [device.allocate(8 + 4), device.allocate(6), device.allocate(3, 'i32')]
    const [table, places] = [d.normal(8), d.normal(4)]
    device.write(parameters, [...table, ...places])
    device.write(tokens, [3, 0, 1])
    const positions = tokens.view(1, 2)
    const tables = { tokenTable: parameters.view(0, 8), positionTable: parameters.view(8, 4) }
    device.embedding({ rows: 2, columns: 2, tokens: tokens.view(0, 2), positions, ...tables, out: block.view(2, 4) })
    const sum = [table[6]! + places[0]!, table[7]! + places[1]!, table[0]! + places[2]!, table[1]! + places[3]!]
    expect(await device.read(block)).toEqual(Float64Array.from([0, 0, ...sum.map(Math.fround)]))
    for (const buffer of [parameters, block, tokens]) buffer.dispose()
  })

  it('does work in the order in which it was asked for, over many submissions', async () => {
    const x = device.allocate(3)
    let expected = 0
    for (let i = 0; i < 300; i++) {
      device.add({ length: 1, x: x.view(1, 1), out: x.view(0, 1) })
      if (i % 7 === 0) device.fill(x.view(1, 1), i)
      if (i % 11 === 0) device.write(x.view(2, 1), [i])
      if (i % 13 === 0) device.copy(x.view(2, 1), x.view(1, 1))
    }
    let [one, two] = [0, 0]
    for (let i = 0; i < 300; i++) {
      expected += one
      if (i % 7 === 0) one = i
      if (i % 11 === 0) two = i
      if (i % 13 === 0) one = two
    }
    expect([...(await device.read(x))]).toEqual([expected, one, two])
    x.dispose()
  })

  it('reaches every element where one row of workgroups is not enough', async () => {
    const length = 64 * 65_535 + 65
    const x = device.allocate(length)
    device.fill(x, 2)
    device.add({ length, x, out: x, scale: 0.5 })
    expect([...(await device.read(x.view(0, 1))), ...(await device.read(x.view(length - 66, 66)))]).toEqual(
      Array<number>(67).fill(3),
    )
    expect(await device.sumOfSquares(x)).toBe(9 * length)
    x.dispose()
  })

  it('moves and keeps what is no finite number', async () => {
    const x = device.allocate(8)
    device.fill(x.view(0, 1), -Infinity)
    device.fill(x.view(1, 1), NaN)
    device.write(x.view(2, 2), [Infinity, -0])
    device.copy(x.view(0, 4), x.view(4, 4))
    const integers = device.allocate(2, 'i32')
    device.fill(integers, -7)
    expect([...(await device.read(x))]).toEqual([-Infinity, NaN, Infinity, -0, -Infinity, NaN, Infinity, -0])
    expect([...(await device.read(integers))]).toEqual([-7, -7])
    x.dispose()
    integers.dispose()
  })

  it('takes an index out of range as the nearest in range, and refuses an empty table', async () => {
    const block = device.allocate(10)
    device.fill(block, 9)
    const [source, out] = [block.view(2, 3), block.view(6, 2)]
    device.write(source, [1, 2, 3])
    const indices = device.allocate(2, 'i32')
    device.write(indices, [-4, 2_000_000_000])
    device.gatherRows({ rows: 2, columns: 1, source, indices, out })
    device.scatterAddRows({ rows: 2, columns: 1, source: out, indices, out: source })
    expect([...(await device.read(block))]).toEqual([9, 9, 2, 2, 6, 9, 1, 3, 9, 9])
    expect(() => device.gatherRows({ rows: 2, columns: 1, source: block.view(0, 0), indices, out })).toThrow(
      'gatherRows: source has no rows, but 2 are asked for',
    )
    block.dispose()
    indices.dispose()
  })

  it('checks arguments as every device does', () => {
    const buffer = device.allocate(4)
    expect(() => device.matmul({ m: 2, n: 2, k: 3, a: buffer, b: buffer, out: buffer })).toThrow(
      'matmul: a must have m × k = 6 elements, but has 4',
    )
    buffer.dispose()
  })

  it('has the loss, the gradients and ten training steps of a transformer that reference has', async () => {
    const config: ModelConfig = { layers: 2, width: 18, heads: 3, hidden: 21, context: 7, vocabulary: 11, batch: 3 }
    const { tokens, targets } = trainingBatch(config)
    const train = async (on: Device): Promise<{ gradients: Float64Array; losses: number[] }> => {
      const model = createTrainingStep(on, config)
      on.write(
        model.parameters,
        Object.values(initialParameters(config)).flatMap((x) => [...x]),
      )
      const losses = [await model.gradientsOf(tokens, targets)]
      const gradients = await on.read(model.gradients)
      for (let i = 0; i < 10; i++) losses.push(await model.step(tokens, targets))
      model.dispose()
      return { gradients, losses }
    }
    const expected = await train(reference)
    const actual = await train(device)
    // As on wasm: f32 rounds at 6e-8, and sums of some hundred terms follow each other in every layer.
    const scale = expected.gradients.reduce((most, x) => Math.max(most, Math.abs(x)), 0)
    actual.gradients.forEach((x, i) => expect(Math.abs(x - expected.gradients[i]!)).toBeLessThan(1e-5 * scale))
    expect(Math.abs(actual.losses[0]! - expected.losses[0]!)).toBeLessThan(1e-6)
    // AdamW divides by the size of a gradient, so that rounding of the small ones moves weights.
    actual.losses.forEach((x, i) => expect(Math.abs(x - expected.losses[i]!)).toBeLessThan(1e-5))
    expect((await train(device)).losses).toEqual(actual.losses)
  }, 180_000) // an emulated GPU compiles for seconds on a busy machine
})
