import { invalidData, requireFinite } from '@posttrain/core'

/** Where a tensor lies in a safetensors file. */
interface TensorBytes {
  readonly dtype: string
  readonly start: number
  readonly end: number
}

/**
 * (1 − rate)·target + rate·source for every tensor of two checkpoints of one architecture: a step of an exponential moving average.
 * Tensors that only one of them has, such as an optimizer's state, are left as they are in `target`.
 *
 * @param target a safetensors file, as `policy.save()` gives it; not changed
 * @param source another with the same tensors
 * @param rate from 0, which gives `target`, to 1
 * @returns a file for `policy.load`
 * @throws PosttrainError `invalid-data` for files that are no safetensors, or tensors of different type or size
 * @example
 * ```ts
 * import { TabularPolicy } from '@posttrain/models'
 *
 * const [anchor, policy] = [0, 1].map(() => new TabularPolicy({ prompts: ['x'], words: ['a', 'b'] }))
 * policy!.setLogits('x', [], [0, 2])
 * await anchor!.load(averageWeights(await anchor!.save(), await policy!.save(), 0.25))
 * await anchor!.logits() // => new Float64Array([0, 0.5])
 * ```
 */
export function averageWeights(target: Uint8Array, source: Uint8Array, rate: number): Uint8Array {
  requireFinite('rate', rate, { min: 0, max: 1 })
  const result = target.slice()
  const [to, from] = [tensorsOf('target', target), tensorsOf('source', source)]
  const [view, other] = [viewOf(result), viewOf(source)]
  for (const [name, { dtype, start, end }] of to) {
    const match = from.get(name)
    if (!match) continue
    const width = dtype === 'F64' ? 8 : dtype === 'F32' ? 4 : undefined
    if (width === undefined) throw invalidData(`tensor ${name} has the type ${dtype}; F32 and F64 can be averaged`)
    if (match.dtype !== dtype || match.end - match.start !== end - start) {
      throw invalidData(`tensor ${name} differs in type or size between target and source`)
    }
    for (let offset = 0; offset < end - start; offset += width) {
      const mix = (a: number, b: number): number => a + rate * (b - a)
      const [at, there] = [start + offset, match.start + offset]
      if (width === 8) view.setFloat64(at, mix(view.getFloat64(at, true), other.getFloat64(there, true)), true)
      else view.setFloat32(at, mix(view.getFloat32(at, true), other.getFloat32(there, true)), true)
    }
  }
  return result
}

const viewOf = (file: Uint8Array): DataView => new DataView(file.buffer, file.byteOffset, file.byteLength)

/** The tensors in a file: 8 bytes of header length, a JSON header, then bytes. https://huggingface.co/docs/safetensors */
function tensorsOf(name: string, file: Uint8Array): Map<string, TensorBytes> {
  const length = file.length < 8 ? NaN : Number(viewOf(file).getBigUint64(0, true))
  if (!(length <= file.length - 8)) throw invalidData(`${name} is not a safetensors file`)
  // Bytes as characters: names beyond ASCII come out as others, but the same in both files.
  let text = ''
  for (let i = 0; i < length; i++) text += String.fromCharCode(file[8 + i]!)
  let header: unknown
  try {
    header = JSON.parse(text)
  } catch (cause) {
    throw invalidData(`the header of ${name} is not JSON`, undefined, cause)
  }
  const tensors = new Map<string, TensorBytes>()
  const entries: readonly [string, unknown][] = Object.entries(header ?? {})
  for (const [key, entry] of entries) {
    if (key === '__metadata__') continue
    const fields: Readonly<Record<string, unknown>> = Object.fromEntries(Object.entries(entry ?? {}))
    const { dtype, data_offsets: offsets } = fields
    const span: readonly unknown[] = Array.isArray(offsets) ? offsets : []
    const [start, end] = span
    const placed = isOffset(start) && isOffset(end) && start <= end && end <= file.length - 8 - length
    if (typeof dtype !== 'string' || !placed) throw invalidData(`tensor ${key} of ${name} is malformed`)
    tensors.set(key, { dtype, start: 8 + length + start, end: 8 + length + end })
  }
  return tensors
}

const isOffset = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
