import type { Device, DeviceBuffer } from '@posttrain/compute'
import { invalidData, PosttrainError, type OptimizerStep, type StepReport } from '@posttrain/core'
import { optimizerSettings } from './optimizer-settings.js'
import { gatherTensors, type ParameterLayout, type ParameterValues } from './parameter-layout.js'
import type { Tensor } from './tensor.js'
import type { Progress, TrainedParameters } from './trained-parameters.js'

/** Tensor-name prefixes of the optimizer's state in a checkpoint. */
const FIRST_MOMENT = 'adamw.first.'
const SECOND_MOMENT = 'adamw.second.'

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

  constructor(device: Device, layout: ParameterLayout, initial: ParameterValues) {
    this.#device = device
    this.#layout = layout
    this.values = device.allocate(layout.length)
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

  async step(settings: OptimizerStep): Promise<StepReport> {
    const { learningRate, betas, epsilon, weightDecay, maxGradientNorm, refuseAbove } = optimizerSettings(settings)
    const [first, second] = this.#allocatedMoments()
    const gradientNorm = Math.sqrt(await this.#device.sumOfSquares(this.gradients))
    if (!(gradientNorm <= Math.min(refuseAbove, Number.MAX_VALUE))) {
      this.#device.fill(this.gradients, 0)
      throw new PosttrainError(
        'exploded',
        `the gradient norm is ${gradientNorm}, so the step was not taken`,
        'lower the learning rate, or look at the batch that gave it',
      )
    }
    const { steps, updates } = this.#progress
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
    const names = this.#layout.tensors.map(({ name }) => name)
    const known = new Set(['', FIRST_MOMENT, SECOND_MOMENT].flatMap((prefix) => names.map((name) => prefix + name)))
    const unknown = [...tensors.keys()].find((name) => !known.has(name))
    if (unknown !== undefined) throw invalidData(`the checkpoint has a tensor ${unknown} that the model does not have`)
    const hasMoments = [...tensors.keys()].some((name) => name.startsWith(FIRST_MOMENT))
    const moments = hasMoments && [FIRST_MOMENT, SECOND_MOMENT].map((p) => gatherTensors(this.#layout, tensors, p))
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
    const allocate = (): DeviceBuffer => this.#device.allocate(this.#layout.length)
    return (this.#moments ??= [allocate(), allocate()])
  }
}
