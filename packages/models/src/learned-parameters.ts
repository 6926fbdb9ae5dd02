import type { Device, DeviceBuffer } from '@posttrain/compute'
import { invalidData, type OptimizerStep, type StepReport } from '@posttrain/core'
import { allocateAll } from './allocate-all.js'
import { optimizerSettings } from './optimizer-settings.js'
import { gatherTensors, type ParameterLayout, type ParameterValues } from './parameter-layout.js'
import { requireBounded } from './step-bounds.js'
import type { Tensor } from './tensor.js'
import type { Progress, TrainedParameters } from './trained-parameters.js'

/** Tensor-name prefixes of the optimizer's state in a checkpoint. */
const FIRST_MOMENT = 'adamw.first.'
const SECOND_MOMENT = 'adamw.second.'

/** Whether a tensor of a checkpoint is the optimizer's, and no weight. */
export const isOptimizerState = (name: string): boolean =>
  [FIRST_MOMENT, SECOND_MOMENT].some((prefix) => name.startsWith(prefix))

/** Names a device's flat buffer by its layout. */
export async function readTensors(
  device: Device,
  layout: ParameterLayout,
  buffer: DeviceBuffer,
  prefix = '',
): Promise<[string, Tensor][]> {
  const dtype = device.name === 'reference' ? 'F64' : 'F32'
  const values = await device.read(buffer)
  return layout.tensors.map(({ name, shape, offset, length }) => {
    const part = values.subarray(offset, offset + length)
    return [prefix + name, { dtype, shape, data: dtype === 'F32' ? Float32Array.from(part) : part.slice() }]
  })
}

/** The flat buffers of a model that learns: parameters and, from the first need on, gradients and AdamW's moments. */
export class LearnedParameters implements TrainedParameters {
  readonly values: DeviceBuffer
  readonly #device: Device
  readonly #layout: ParameterLayout
  #gradients: DeviceBuffer | undefined
  #moments: readonly [DeviceBuffer, DeviceBuffer] | undefined
  #progress: Progress = { steps: 0, updates: 0 }

  /** @param values a buffer for the parameters, which it then owns (default: a new one) */
  constructor(
    device: Device,
    layout: ParameterLayout,
    initial: ParameterValues,
    values: DeviceBuffer = device.allocate(layout.length),
  ) {
    this.#device = device
    this.#layout = layout
    this.values = values
    device.write(this.values, initial)
  }

  get gradients(): DeviceBuffer {
    return (this.#gradients ??= this.#device.allocate(this.#layout.length))
  }

  get progress(): Progress {
    return this.#progress
  }

  resumeAt(progress: Progress): void {
    this.#progress = progress
  }

  copy(): DeviceBuffer {
    const copy = this.#device.allocate(this.#layout.length)
    this.#device.copy(this.values, copy)
    return copy
  }

  async step(given: OptimizerStep): Promise<StepReport> {
    const settings = optimizerSettings(given)
    const { learningRate, betas, epsilon, weightDecay, maxGradientNorm } = settings
    const [first, second] = this.#allocatedMoments()
    const { steps, updates } = this.#progress
    const squares = [this.gradients, this.values, first].map((buffer) => this.#device.sumOfSquares(buffer))
    const [gradientNorm, weights, firstMoment] = (await Promise.all(squares)).map(Math.sqrt) as [number, number, number]
    try {
      requireBounded({ gradient: gradientNorm, weights, firstMoment, update: updates + 1 }, settings)
    } catch (error) {
      this.#device.fill(this.gradients, 0)
      throw error
    }
    this.#progress = { steps: steps + 1, updates: updates + 1 }
    const update = (offset: number, length: number, decay: number): void =>
      this.#device.adamW({
        length,
        parameters: this.values.view(offset, length),
        gradients: this.gradients.view(offset, length),
        firstMoment: first.view(offset, length),
        secondMoment: second.view(offset, length),
        step: updates + 1,
        learningRate,
        betas,
        epsilon,
        weightDecay: decay,
        gradientScale: Math.min(1, maxGradientNorm / (gradientNorm + 1e-12)),
      })
    const { decayedLength, length } = this.#layout
    update(0, decayedLength, weightDecay)
    update(decayedLength, length - decayedLength, 0)
    this.#device.fill(this.gradients, 0)
    return { gradientNorm }
  }

  async tensors(optimizer: boolean): Promise<Map<string, Tensor>> {
    const read = (buffer: DeviceBuffer, prefix?: string): Promise<[string, Tensor][]> =>
      readTensors(this.#device, this.#layout, buffer, prefix)
    const named = await read(this.values)
    if (!optimizer) return new Map(named)
    const [first, second] = this.#allocatedMoments()
    return new Map([...named, ...(await read(first, FIRST_MOMENT)), ...(await read(second, SECOND_MOMENT))])
  }

  replace(tensors: ReadonlyMap<string, Tensor>, { steps, updates }: Progress): void {
    const parameters = gatherTensors(this.#layout, tensors)
    const own = new Set(this.#layout.tensors.map(({ name }) => name))
    const known = new Set(['', FIRST_MOMENT, SECOND_MOMENT].flatMap((prefix) => [...own].map((name) => prefix + name)))
    const unknown = [...tensors.keys()].find((name) => !known.has(name))
    if (unknown !== undefined) throw invalidData(`the checkpoint has a tensor ${unknown} that the model does not have`)
    const hasMoments = [...tensors.keys()].some((name) => known.has(name) && !own.has(name))
    const moments = hasMoments && [
      gatherTensors(this.#layout, tensors, FIRST_MOMENT),
      gatherTensors(this.#layout, tensors, SECOND_MOMENT, 'not negative'),
    ]
    const buffers = moments ? this.#allocatedMoments() : this.#moments
    // Nothing is refused from here on.
    this.#device.write(this.values, parameters)
    if (this.#gradients) this.#device.fill(this.#gradients, 0)
    buffers?.forEach((buffer, i) => (moments ? this.#device.write(buffer, moments[i]!) : this.#device.fill(buffer, 0)))
    this.#progress = { steps, updates: moments ? updates : 0 }
  }

  dispose(): void {
    for (const buffer of [this.values, this.#gradients, ...(this.#moments ?? [])]) buffer?.dispose()
  }

  #allocatedMoments(): readonly [DeviceBuffer, DeviceBuffer] {
    const { length } = this.#layout
    return (this.#moments ??= allocateAll(this.#device, [length, length]))
  }
}
