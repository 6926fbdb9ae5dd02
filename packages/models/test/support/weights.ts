import { createStream, type OptimizerStep } from '@posttrain/core'
import { decodeSafetensors, encodeSafetensors } from '@posttrain/models'

/** What a policy and a reward model have in common. */
export interface Learner {
  save(): Promise<Uint8Array>
  load(file: Uint8Array): Promise<void>
  step(settings: OptimizerStep): Promise<unknown>
}

/** Replaces the trained weights by a function of them, through a checkpoint. */
export async function perturb(learner: Learner, change: (name: string, data: Float64Array) => void): Promise<void> {
  const { tensors, metadata } = decodeSafetensors(await learner.save())
  for (const [name, tensor] of tensors) change(name, tensor.data as Float64Array)
  await learner.load(encodeSafetensors({ tensors, metadata }))
}

/** Initial weights are tiny or 0 in places: larger ones make every gradient visible. */
export function randomise(learner: Learner, seed: number): Promise<void> {
  return perturb(learner, (name, data) => {
    const stream = createStream(seed, name)
    data.forEach((x, i) => (data[i] = x + 0.6 * (stream.uniform() - 0.5)))
  })
}

/** A derivative along a random direction of one tensor, by the backward pass and by central differences. */
export interface DirectionalDerivative {
  readonly name: string
  readonly exact: number
  readonly numeric: number
  readonly largest: number
}

/**
 * Derivatives of a loss along a random direction of every trained tensor.
 *
 * @param value the loss under the present weights
 * @param backward accumulates its gradient
 */
export async function directionalDerivatives(
  learner: Learner,
  value: () => Promise<number>,
  backward: () => Promise<void>,
): Promise<DirectionalDerivative[]> {
  // The gradient is read off one step of plain descent: with a huge ε AdamW's update is lr/ε · g.
  const saved = await learner.save()
  const before = decodeSafetensors(saved).tensors
  await backward()
  const epsilon = 1e9
  await learner.step({ learningRate: epsilon, epsilon, betas: [0, 0] })
  const after = decodeSafetensors(await learner.save()).tensors
  await learner.load(saved)

  const derivatives: DirectionalDerivative[] = []
  for (const [name, { data }] of before) {
    const stream = createStream(2, name)
    const gradient = Array.from(data, (x, i) => x - after.get(name)!.data[i]!)
    const direction = gradient.map(() => stream.uniform() - 0.5)
    const h = 1e-5
    const shifted = async (sign: number): Promise<number> => {
      await perturb(learner, (n, values) => {
        if (n === name) values.forEach((x, i) => (values[i] = x + sign * h * direction[i]!))
      })
      const result = await value()
      await learner.load(saved)
      return result
    }
    const numeric = ((await shifted(1)) - (await shifted(-1))) / (2 * h)
    const exact = gradient.reduce((sum, g, i) => sum + g * direction[i]!, 0)
    derivatives.push({ name, exact, numeric, largest: Math.max(...gradient.map(Math.abs)) })
  }
  return derivatives
}
