import type { DeviceBuffer } from '../device-buffer.js'

/** Embeddings of tokens, forward and backward, with or without learned positions. */
export interface EmbeddingKernels {
  /** out[row] = tokenTable[tokens[row]] + positionTable[positions[row]]; without positions the first term alone. */
  readonly embedding: {
    readonly rows: number
    readonly columns: number
    /** i32 (rows): below `vocabulary`, the number of rows of `tokenTable`. */
    readonly tokens: DeviceBuffer
    /** i32 (rows): below `context`, the number of rows of `positionTable`. Given together with it. */
    readonly positions?: DeviceBuffer | undefined
    /** (vocabulary, columns). */
    readonly tokenTable: DeviceBuffer
    /** (context, columns). */
    readonly positionTable?: DeviceBuffer | undefined
    /** (rows, columns); replaced. */
    readonly out: DeviceBuffer
  }
  /** The gradients of `embedding`: each row of gradOut is added to the rows of both tables that it came from. */
  readonly embeddingBackward: {
    readonly rows: number
    readonly columns: number
    /** i32 (rows): below `vocabulary`, the number of rows of `gradTokenTable`. */
    readonly tokens: DeviceBuffer
    /** i32 (rows): below `context`, the number of rows of `gradPositionTable`. Given together with it. */
    readonly positions?: DeviceBuffer | undefined
    /** (rows, columns). */
    readonly gradOut: DeviceBuffer
    /** (vocabulary, columns); added to. */
    readonly gradTokenTable: DeviceBuffer
    /** (context, columns); added to. */
    readonly gradPositionTable?: DeviceBuffer | undefined
  }
}
