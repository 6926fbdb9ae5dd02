import { silu4, siluSlope4 } from './activation'

// A row of x is its gate and its up projection side by side.

/** out = SiLU(gate)·up */
export function swiglu(from: i32, to: i32, columns: i32, x: usize, out: usize): void {
  const width = (<usize>columns) << 2
  const vectors = (<usize>(columns & ~3)) << 2
  for (let i = <usize>from; i < <usize>to; i++) {
    const gate = x + 2 * i * width
    const up = gate + width
    const y = out + i * width
    for (let j: usize = 0; j < vectors; j += 16) {
      v128.store(y + j, f32x4.mul(silu4(v128.load(gate + j)), v128.load(up + j)))
    }
    for (let j = vectors; j < width; j += 4) {
      f32.store(y + j, f32x4.extract_lane(silu4(v128.load32_splat(gate + j)), 0) * f32.load(up + j))
    }
  }
}

/** ∂gate = SiLU′(gate)·up·∂out; ∂up = SiLU(gate)·∂out. `gradX` may be `x`. */
export function swigluBackward(from: i32, to: i32, columns: i32, x: usize, gradOut: usize, gradX: usize): void {
  const width = (<usize>columns) << 2
  const vectors = (<usize>(columns & ~3)) << 2
  for (let i = <usize>from; i < <usize>to; i++) {
    const at = 2 * i * width
    const gradRow = gradOut + i * width
    for (let j: usize = 0; j < vectors; j += 16) {
      const gate = v128.load(x + at + j),
        g = v128.load(gradRow + j)
      const gradGate = f32x4.mul(f32x4.mul(siluSlope4(gate), v128.load(x + at + width + j)), g)
      v128.store(gradX + at + width + j, f32x4.mul(silu4(gate), g))
      v128.store(gradX + at + j, gradGate)
    }
    for (let j = vectors; j < width; j += 4) {
      const gate = v128.load32_splat(x + at + j),
        g = f32.load(gradRow + j)
      const gradGate = f32x4.extract_lane(siluSlope4(gate), 0) * f32.load(x + at + width + j) * g
      f32.store(gradX + at + width + j, f32x4.extract_lane(silu4(gate), 0) * g)
      f32.store(gradX + at + j, gradGate)
    }
  }
}
