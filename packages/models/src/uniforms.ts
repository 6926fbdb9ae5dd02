import type { RandomStream } from '@posttrain/core'

/** A uniform that is a multiple of 2⁻²⁴: exact in float32, so that every device compares with the same number. */
export const uniformOnFloat32Grid = (stream: RandomStream): number => Math.floor(stream.uniform() * 2 ** 24) / 2 ** 24
