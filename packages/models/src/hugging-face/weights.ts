import { invalidData } from '@posttrain/core'
import { requireTensor } from '../parameter-layout.js'
import { decodeSafetensors } from '../safetensors.js'
import { elementCount, type Tensor } from '../tensor.js'

/** Joins the shards of a checkpoint. @throws PosttrainError `invalid-data` naming a tensor that two of them have */
export function joinShards(shards: readonly Uint8Array[]): ReadonlyMap<string, Tensor> {
  const joined = new Map<string, Tensor>()
  for (const shard of shards) {
    for (const [name, tensor] of decodeSafetensors(shard).tensors) {
      if (joined.has(name)) throw invalidData(`tensor ${name} is in two of the files`)
      joined.set(name, tensor)
    }
  }
  return joined
}

/** Takes tensors by name and shape, and knows at the end which have not been taken. */
export class TensorSource {
  readonly #tensors: ReadonlyMap<string, Tensor>
  readonly #left: Set<string>

  /** @param prefix of names, which a checkpoint of the layers without their head lacks */
  constructor(tensors: ReadonlyMap<string, Tensor>, prefix: string) {
    const without = (name: string): string => (name.startsWith(prefix) ? name.slice(prefix.length) : name)
    this.#tensors = new Map([...tensors].map(([name, tensor]) => [without(name), tensor]))
    this.#left = new Set(this.#tensors.keys())
  }

  /** @throws PosttrainError `invalid-data`, naming the tensor, if it is missing or has another shape */
  take(name: string, shape: readonly number[]): Tensor {
    this.#left.delete(name)
    return requireTensor(this.#tensors, name, shape)
  }

  /** The first rows of a tensor that may have more. */
  takeRows(name: string, rows: number, columns: number): Tensor {
    const found = this.#tensors.get(name)
    const { dtype, data } = this.take(name, [Math.max(rows, found?.shape[0] ?? 0), columns])
    return { dtype, shape: [rows, columns], data: data.subarray(0, rows * columns) }
  }

  /**
   * @param ignored names of buffers that are not weights
   * @throws PosttrainError `invalid-data`, naming a tensor that was not taken: the model would compute something else
   */
  requireAllTaken(ignored: RegExp): void {
    const unknown = [...this.#left].find((name) => !ignored.test(name))
    if (unknown !== undefined) throw invalidData(`the checkpoint has a tensor ${unknown} that the model does not have`)
  }
}

/** Room for what is made of some tensors: float64 if any of them is. */
const floats = (of: readonly Tensor[], length: number): Pick<Tensor, 'dtype' | 'data'> =>
  of.every(({ dtype }) => dtype === 'F32')
    ? { dtype: 'F32', data: new Float32Array(length) }
    : { dtype: 'F64', data: new Float64Array(length) }

const BLOCK = 16

/**
 * Matrices of outputs × inputs, as PyTorch's `Linear` keeps them, one above the other and transposed: inputs × the sum
 * of their outputs.
 */
export function transposedSideBySide(matrices: readonly Tensor[]): Tensor {
  const inputs = matrices[0]!.shape[1]!
  const outputs = matrices.reduce((sum, { shape }) => sum + shape[0]!, 0)
  const { dtype, data } = floats(matrices, inputs * outputs)
  let column = 0
  for (const { shape, data: from } of matrices) {
    const rows = shape[0]!
    // Block by block, so that both the rows read and the rows written stay in the cache.
    for (let first = 0; first < rows; first += BLOCK) {
      const end = Math.min(first + BLOCK, rows)
      for (let i = 0; i < inputs; i++) {
        for (let row = first; row < end; row++) data[i * outputs + column + row] = from[row * inputs + i]!
      }
    }
    column += rows
  }
  return { dtype, shape: [inputs, outputs], data }
}

/** Vectors one after the other. */
export function concatenated(vectors: readonly Tensor[]): Tensor {
  const length = vectors.reduce((sum, { shape }) => sum + elementCount(shape), 0)
  const { dtype, data } = floats(vectors, length)
  let offset = 0
  for (const vector of vectors) {
    data.set(vector.data, offset)
    offset += vector.data.length
  }
  return { dtype, shape: [length], data }
}
