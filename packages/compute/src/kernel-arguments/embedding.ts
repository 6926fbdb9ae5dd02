import type { DeviceBuffer } from '../device-buffer.js'

/** out[row] = tokenTable[tokens[row]] + positionTable[positions[row]], or without positions the first alone. */
export interface EmbeddingArguments {
  readonly rows: number
  readonly columns: number
  /** i32, rows. */
  readonly tokens: DeviceBuffer
  /** i32, rows; given with `positionTable` or not at all. */
  readonly positions?: DeviceBuffer
  readonly tokenTable: DeviceBuffer
  readonly positionTable?: DeviceBuffer
  readonly out: DeviceBuffer
}

/** The reverse of `embedding`: rows of gradOut are added to the rows of both tables that they came from. */
export interface EmbeddingBackwardArguments {
  readonly rows: number
  readonly columns: number
  readonly tokens: DeviceBuffer
  readonly positions?: DeviceBuffer
  readonly gradOut: DeviceBuffer
  /** Accumulated into. */
  readonly gradTokenTable: DeviceBuffer
  /** Accumulated into. */
  readonly gradPositionTable?: DeviceBuffer
}
