import type fc from 'fast-check'
import type { KernelCall } from './run-kernel.js'

/** A row of the conformance table. */
export interface KernelCase {
  /**
   * Largest |device − reference|, relative to the largest entry of the output (at least 1). f32 rounds at 6e-8; the
   * bounds leave room for sums of the lengths drawn here.
   */
  readonly bound: number
  readonly calls: fc.Arbitrary<KernelCall>
  /** The buffers to compare. */
  readonly outputs: readonly string[]
}
