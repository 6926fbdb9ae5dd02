import type { RandomStream } from '@posttrain/core'

/**
 * A uniform that is a multiple of 2⁻²⁴: exact in float32, so that every device compares with the same number.
 *
 * A token is drawn for the multiples within its part of [0, 1): its probability rounded to 2⁻²⁴ ≈ 6e-8 up or down, by
 * where the part lies. So one rarer than that is drawn with probability 0 or 6e-8, not its own.
 */
export const uniformOnFloat32Grid = (stream: RandomStream): number => Math.floor(stream.uniform() * 2 ** 24) / 2 ** 24
