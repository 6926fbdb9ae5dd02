import type { Device, DeviceBuffer } from '@posttrain/compute'
import type { OptimizerStep, StepReport } from '@posttrain/core'
import { allocateAll } from '../allocate-all.js'
import { LearnedParameters } from '../learned-parameters.js'
import { optimizerSettings } from '../optimizer-settings.js'
import type { ParameterLayout, ParameterTensor, ParameterValues } from '../parameter-layout.js'
import type { Tensor } from '../tensor.js'
import type { Progress, TrainedParameters } from '../trained-parameters.js'
import { randomParameters } from './initial-parameters.js'
import { adapterLayout, type AdapterLayout, type LoraSettings } from './lora.js'

const view = (buffer: DeviceBuffer, { offset, length }: ParameterTensor): DeviceBuffer => buffer.view(offset, length)

/**
 * Frozen weights W with a low-rank adapter that learns. Passes read the merged weights W′ = W + s·A·B with s =
 * alpha/rank and leave ∂W′; a step takes from it ∂A = s·∂W′·Bᵀ and ∂B = s·Aᵀ·∂W′, updates A and B, and merges again.
 */
export class AdaptedParameters implements TrainedParameters {
  readonly values: DeviceBuffer
  readonly #device: Device
  readonly #base: DeviceBuffer
  readonly #model: ParameterLayout
  readonly #scale: number
  readonly #parts: AdapterLayout
  readonly #adapter: LearnedParameters
  /** Holds one product at a time. */
  readonly #product: DeviceBuffer
  #gradients: DeviceBuffer | undefined

  constructor(device: Device, model: ParameterLayout, base: ParameterValues, settings: LoraSettings, seed: number) {
    this.#device = device
    this.#model = model
    this.#scale = settings.alpha / settings.rank
    this.#parts = adapterLayout(model, settings)
    const initial = randomParameters(this.#parts.layout, seed)
    for (const { inModel, inAdapter } of this.#parts.whole) {
      initial.set(base.subarray(inModel.offset, inModel.offset + inModel.length), inAdapter.offset)
    }
    const sizes = this.#parts.matrices.flatMap(({ weight, a, b }) => [weight.length, a.length, b.length])
    const { length } = this.#parts.layout
    const [frozen, values, product, own] = allocateAll(device, [
      model.length,
      model.length,
      Math.max(0, ...sizes),
      length,
    ])
    this.#base = frozen
    this.values = values
    this.#product = product
    device.write(frozen, base)
    this.#adapter = new LearnedParameters(device, this.#parts.layout, initial, own)
    this.#merge()
  }

  get gradients(): DeviceBuffer {
    return (this.#gradients ??= this.#device.allocate(this.#model.length))
  }

  get progress(): Progress {
    return this.#adapter.progress
  }

  resumeAt(progress: Progress): void {
    this.#adapter.resumeAt(progress)
  }

  copy(): DeviceBuffer {
    const copy = this.#device.allocate(this.#model.length)
    this.#device.copy(this.values, copy)
    return copy
  }

  async step(settings: OptimizerStep): Promise<StepReport> {
    optimizerSettings(settings) // refused before anything is done
    this.#deriveGradients()
    this.#device.fill(this.gradients, 0)
    const report = await this.#adapter.step(settings)
    this.#merge()
    return report
  }

  tensors(optimizer: boolean): Promise<Map<string, Tensor>> {
    return this.#adapter.tensors(optimizer)
  }

  replace(tensors: ReadonlyMap<string, Tensor>, progress: Progress): void {
    this.#adapter.replace(tensors, progress)
    if (this.#gradients) this.#device.fill(this.#gradients, 0)
    this.#merge()
  }

  dispose(): void {
    for (const buffer of [this.#base, this.values, this.#product, this.#gradients]) buffer?.dispose()
    this.#adapter.dispose()
  }

  /** W′ = W + s·A·B. */
  #merge(): void {
    this.#device.copy(this.#base, this.values)
    for (const { weight, a, b } of this.#parts.matrices) {
      const [inputs, outputs] = weight.shape as [number, number]
      const factors = { a: view(this.#adapter.values, a), b: view(this.#adapter.values, b) }
      this.#addProduct(inputs, outputs, a.shape[1]!, factors, view(this.values, weight))
    }
    for (const { inModel, inAdapter } of this.#parts.whole) {
      this.#device.copy(view(this.#adapter.values, inAdapter), view(this.values, inModel))
    }
  }

  /** ∂A = s·∂W′·Bᵀ and ∂B = s·Aᵀ·∂W′. */
  #deriveGradients(): void {
    const { values: factors, gradients } = this.#adapter
    for (const { weight, a, b } of this.#parts.matrices) {
      const [inputs, outputs] = weight.shape as [number, number]
      const rank = a.shape[1]!
      const gradWeight = view(this.gradients, weight)
      const forA = { a: gradWeight, b: view(factors, b), transposeB: true }
      this.#addProduct(inputs, rank, outputs, forA, view(gradients, a))
      const forB = { a: view(factors, a), b: gradWeight, transposeA: true }
      this.#addProduct(rank, outputs, inputs, forB, view(gradients, b))
    }
    for (const { inModel, inAdapter } of this.#parts.whole) {
      const { length } = inModel
      this.#device.add({ length, x: view(this.gradients, inModel), out: view(gradients, inAdapter) })
    }
  }

  /** out += s · a · b, an m × n matrix. */
  #addProduct(
    m: number,
    n: number,
    k: number,
    factors: { a: DeviceBuffer; b: DeviceBuffer; transposeA?: boolean; transposeB?: boolean },
    out: DeviceBuffer,
  ): void {
    const product = this.#product.view(0, m * n)
    this.#device.matmul({ m, n, k, ...factors, out: product })
    this.#device.add({ length: m * n, x: product, out, scale: this.#scale })
  }
}
