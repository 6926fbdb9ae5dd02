import type { Device, DeviceBuffer } from '@posttrain/compute'
import { invalidData, requireFinite, type OptimizerStep, type StepReport } from '@posttrain/core'
import type { Tensor } from './safetensors.js'

/** One named tensor inside a flat parameter buffer. */
export interface ParameterTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly offset: number
  readonly length: number
}

/**
 * Where each tensor lies in one flat buffer. Matrices, which weight decay shrinks, come first; gains and biases, which
 * it leaves alone, follow.
 */
export interface ParameterLayout {
  readonly tensors: readonly ParameterTensor[]
  readonly length: number
  /** Elements before this index are decayed. */
  readonly decayedLength: number
}

/** Tensor-name prefixes of the optimizer's state in a checkpoint. */
const FIRST_MOMENT = 'adamw.first.'
const SECOND_MOMENT = 'adamw.second.'

/** The flat buffers of a policy that learns: parameters, gradients and AdamW's moments. */
export class LearnedParameters {
  readonly values: DeviceBuffer
  readonly gradients: DeviceBuffer
  readonly #first: DeviceBuffer
  readonly #second: DeviceBuffer
  readonly #device: Device
  readonly #layout: ParameterLayout
  /** Optimizer steps taken. */
  steps = 0

  constructor(device: Device, layout: ParameterLayout, initial: Float64Array) {
    this.#device = device
    this.#layout = layout
    this.values = device.allocate(layout.length)
    this.gradients = device.allocate(layout.length)
    this.#first = device.allocate(layout.length)
    this.#second = device.allocate(layout.length)
    device.write(this.values, initial)
  }

  /** A copy of the present values. */
  copy(): DeviceBuffer {
    const copy = this.#device.allocate(this.#layout.length)
    this.#device.copy(this.values, copy)
    return copy
  }

  /** One AdamW step from the accumulated gradients, which it then sets to zero. */
  async step(settings: OptimizerStep): Promise<StepReport> {
    const { learningRate, betas = [0.9, 0.95], epsilon = 1e-8, weightDecay = 0, maxGradientNorm = Infinity } = settings
    requireFinite('learningRate', learningRate, { min: 0 })
    const gradientNorm = Math.sqrt(await this.#device.sumOfSquares(this.gradients))
    if (!Number.isFinite(gradientNorm))
      throw invalidData(`the gradient norm is ${gradientNorm}; the step was not taken`)
    this.steps++
    const update = (offset: number, length: number, decay: number): void =>
      this.#device.adamW({
        length,
        parameters: this.values.view(offset, length),
        gradients: this.gradients.view(offset, length),
        firstMoment: this.#first.view(offset, length),
        secondMoment: this.#second.view(offset, length),
        step: this.steps,
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

  /** Named tensors of the parameters, with `optimizer` also of AdamW's moments. */
  async tensors(optimizer: boolean): Promise<Map<string, Tensor>> {
    const dtype = this.#device.name === 'reference' ? 'F64' : 'F32'
    const named = new Map<string, Tensor>()
    const add = async (prefix: string, buffer: DeviceBuffer): Promise<void> => {
      const values = await this.#device.read(buffer)
      for (const { name, shape, offset, length } of this.#layout.tensors) {
        const part = values.subarray(offset, offset + length)
        named.set(prefix + name, { dtype, shape, data: dtype === 'F32' ? Float32Array.from(part) : part.slice() })
      }
    }
    await add('', this.values)
    if (optimizer) {
      await add(FIRST_MOMENT, this.#first)
      await add(SECOND_MOMENT, this.#second)
    }
    return named
  }

  /**
   * Takes over the tensors of a checkpoint; without moments in it, the optimizer starts afresh.
   *
   * @throws PosttrainError `invalid-data` naming a tensor that is missing or has another shape; nothing has changed then
   */
  replace(tensors: ReadonlyMap<string, Tensor>, steps: number): void {
    const gather = (prefix: string): Float64Array => {
      const values = new Float64Array(this.#layout.length)
      for (const { name, shape, offset, length } of this.#layout.tensors) {
        const tensor = tensors.get(prefix + name)
        if (!tensor) throw invalidData(`the checkpoint has no tensor ${prefix}${name}`)
        if (tensor.shape.length !== shape.length || shape.some((size, i) => size !== tensor.shape[i])) {
          const shapes = `[${tensor.shape.join(', ')}], but the model needs [${shape.join(', ')}]`
          throw invalidData(`tensor ${prefix}${name} has the shape ${shapes}`)
        }
        for (let i = 0; i < length; i++) {
          const value = tensor.data[i]!
          if (!Number.isFinite(value)) throw invalidData(`tensor ${prefix}${name} contains ${value} at ${i}`)
          values[offset + i] = value
        }
      }
      return values
    }
    const hasMoments = [...tensors.keys()].some((name) => name.startsWith(FIRST_MOMENT))
    const parameters = gather('')
    const moments = hasMoments ? [gather(FIRST_MOMENT), gather(SECOND_MOMENT)] : undefined
    this.#device.write(this.values, parameters)
    this.#device.fill(this.gradients, 0)
    ;[this.#first, this.#second].forEach((buffer, i) => {
      if (moments) this.#device.write(buffer, moments[i]!)
      else this.#device.fill(buffer, 0)
    })
    this.steps = hasMoments ? steps : 0
  }

  dispose(): void {
    for (const buffer of [this.values, this.gradients, this.#first, this.#second]) buffer.dispose()
  }
}
