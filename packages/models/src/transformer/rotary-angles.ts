import type { RotaryPositions, RotaryScaling } from './config.js'

/**
 * Llama 3's rule for one angular frequency ω, with λ = 2π/ω tokens per turn and c the original context: ω/factor where
 * c/λ < low, ω where c/λ > high, and between them (1 − s)·ω/factor + s·ω with s = (c/λ − low)/(high − low).
 *
 * Grattafiori et al., The Llama 3 Herd of Models, https://arxiv.org/abs/2407.21783; the rule itself is that of the
 * published checkpoints' `rope_type: llama3`.
 */
function scaled(omega: number, scaling: RotaryScaling): number {
  const { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalContext } = scaling
  const turns = (originalContext * omega) / (2 * Math.PI)
  if (turns < low) return omega / factor
  if (turns > high) return omega
  const s = (turns - low) / (high - low)
  return ((1 - s) * omega) / factor + s * omega
}

/**
 * The table the rotary kernel reads: per position the cosines of its headSize/2 angles, then their sines, with
 * angle i = position · base^(−2i/headSize).
 *
 * Su et al., RoFormer, section 3.2.2, https://arxiv.org/abs/2104.09864
 *
 * @returns context × headSize
 */
export function rotaryAngles({ base, scaling }: RotaryPositions, context: number, headSize: number): Float64Array {
  const half = headSize / 2
  const table = new Float64Array(context * headSize)
  for (let i = 0; i < half; i++) {
    const unscaled = base ** ((-2 * i) / headSize)
    const omega = scaling ? scaled(unscaled, scaling) : unscaled
    for (let position = 0; position < context; position++) {
      table[position * headSize + i] = Math.cos(position * omega)
      table[position * headSize + half + i] = Math.sin(position * omega)
    }
  }
  return table
}
