import { invalidData, problemsOf } from '@posttrain/core'
import * as z from 'zod'
import type { ParameterLayout, ParameterTensor } from '../parameter-layout.js'
import { layoutOf } from './parameters.js'

/** The matrices of a layer: attention's input and output, the feed-forward layer's input and output. */
export type LoraTarget = 'qkv' | 'projection' | 'expand' | 'output'

/**
 * A low-rank adapter: W′ = W + (alpha/rank) · A · B for every adapted matrix W of inputs × outputs, with A of inputs ×
 * rank and B of rank × outputs. Only A and B are trained.
 *
 * Hu et al., LoRA, section 4.1, https://arxiv.org/abs/2106.09685 (where matrices are outputs × inputs, so B and A
 * change places)
 */
export interface LoraSettings {
  /** From 1 to the model's width. */
  readonly rank: number
  /** Above 0 and at most 10,000. */
  readonly alpha: number
  /** Default: all four. */
  readonly targets?: readonly LoraTarget[] | undefined
}

const tensorNames = {
  qkv: 'attn.c_attn.weight',
  projection: 'attn.c_proj.weight',
  expand: 'mlp.c_fc.weight',
  output: 'mlp.c_proj.weight',
} as const satisfies Record<LoraTarget, string>

const allTargets = ['qkv', 'projection', 'expand', 'output'] as const

export const loraSchema: z.ZodType<LoraSettings> = z.strictObject({
  rank: z.int().positive(),
  alpha: z.number().positive().max(10_000),
  targets: z.array(z.enum(allTargets)).min(1).optional(),
})

/** Checks an adapter's settings. @throws PosttrainError `invalid-data` saying which field is wrong */
export function parseLoraSettings(value: unknown): LoraSettings {
  const parsed = loraSchema.safeParse(value)
  if (!parsed.success) throw invalidData(`not the settings of a LoRA adapter: ${problemsOf(parsed.error)}`)
  return parsed.data
}

/** An adapted matrix and its two factors: where they lie in the model's and in the adapter's buffers. */
export interface AdaptedMatrix {
  readonly weight: ParameterTensor
  readonly a: ParameterTensor
  readonly b: ParameterTensor
}

/** What an adapter trains. */
export interface AdapterLayout {
  readonly layout: ParameterLayout
  readonly matrices: readonly AdaptedMatrix[]
  /** Tensors trained whole, in the model's and in the adapter's buffer: those of a value head. */
  readonly whole: readonly { readonly inModel: ParameterTensor; readonly inAdapter: ParameterTensor }[]
}

/**
 * The layout of the factors of every adapted matrix. A value head is new and small: it is trained whole, beside them.
 */
export function adapterLayout(model: ParameterLayout, { rank, targets = allTargets }: LoraSettings): AdapterLayout {
  const endings = targets.map((target) => tensorNames[target])
  const adapted = model.tensors.filter(({ name }) => endings.some((ending) => name.endsWith(`.${ending}`)))
  const head = model.tensors.filter(({ name }) => name.startsWith('value_head.'))
  const factorName = (weight: string, factor: 'A' | 'B'): string => weight.replace(/weight$/, `lora_${factor}`)
  const layout = layoutOf(
    [
      ...adapted.flatMap(({ name, shape }): [string, readonly number[]][] => [
        [factorName(name, 'A'), [shape[0]!, rank]],
        [factorName(name, 'B'), [rank, shape[1]!]],
      ]),
      ...head.filter(({ shape }) => shape.length > 1).map(({ name, shape }) => [name, shape] as const),
    ],
    head.filter(({ shape }) => shape.length === 1).map(({ name, shape }) => [name, shape] as const),
  )
  const byName = new Map(layout.tensors.map((tensor) => [tensor.name, tensor]))
  return {
    layout,
    matrices: adapted.map((weight) => ({
      weight,
      a: byName.get(factorName(weight.name, 'A'))!,
      b: byName.get(factorName(weight.name, 'B'))!,
    })),
    whole: head.map((inModel) => ({ inModel, inAdapter: byName.get(inModel.name)! })),
  }
}
