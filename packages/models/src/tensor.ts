/** Element types that are written here, and into which others are widened when read. */
export type TensorType = 'F64' | 'F32' | 'I32'

/** One named array of a safetensors file, row-major. */
export interface Tensor {
  readonly dtype: TensorType
  readonly shape: readonly number[]
  readonly data: Float64Array | Float32Array | Int32Array
}

/** Number of elements of a shape. */
export const elementCount = (shape: readonly number[]): number =>
  shape.includes(0) ? 0 : shape.reduce((product, size) => product * size, 1)
