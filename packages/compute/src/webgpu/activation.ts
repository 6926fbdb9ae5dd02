import type { Activation } from '../kernels/activations.js'
import { exponential } from './exponential.js'
import { defineProgram, type Program } from './program.js'
import { groupsFor, type WebGpuKernel } from './runner.js'

/**
 * WGSL of f(v) and its slope. GELU's ½·(1 + tanh w) is σ(2w), w = √(2/π)·(v + 0.044715·v³).
 */
export const functions: Readonly<Record<Activation, string>> = {
  relu: `
fn f(v: f32) -> f32 { return max(v, 0.0); }
fn slope(v: f32) -> f32 { return select(0.0, 1.0, v > 0.0); }
`,
  gelu: `${exponential}
const c = ${2 * Math.sqrt(2 / Math.PI)};
fn f(v: f32) -> f32 { return v * sigmoid(c * (v + 0.044715 * v * v * v)); }
fn slope(v: f32) -> f32 {
  let inner = c * (v + 0.044715 * v * v * v);
  return sigmoid(inner) + v * sigmoid(inner) * sigmoid(-inner) * c * (1.0 + 3.0 * 0.044715 * v * v);
}
`,
  silu: `${exponential}
fn f(v: f32) -> f32 { return v * sigmoid(v); }
fn slope(v: f32) -> f32 { return sigmoid(v) * (1.0 + v * sigmoid(-v)); }
`,
}

type Forward = Program<'x' | 'out', 'length', never>
type Backward = Program<'x' | 'gradOut' | 'gradX', 'length', never>

const forwardOf = (kind: Activation): Forward =>
  defineProgram({
    name: 'activation',
    operands: { x: 'f32', out: 'f32' },
    writes: ['out'],
    sizes: ['length'],
    numbers: [],
    declarations: functions[kind],
    body: 'if (index < u.length) { set_out(index, f(x(index))); }',
  })

const backwardOf = (kind: Activation): Backward =>
  defineProgram({
    name: 'activationBackward',
    operands: { x: 'f32', gradOut: 'f32', gradX: 'f32' },
    writes: ['gradX'],
    sizes: ['length'],
    numbers: [],
    declarations: functions[kind],
    body: 'if (index < u.length) { set_gradX(index, slope(x(index)) * gradOut(index)); }',
  })

const forward: Readonly<Record<Activation, Forward>> = {
  relu: forwardOf('relu'),
  gelu: forwardOf('gelu'),
  silu: forwardOf('silu'),
}

const backward: Readonly<Record<Activation, Backward>> = {
  relu: backwardOf('relu'),
  gelu: backwardOf('gelu'),
  silu: backwardOf('silu'),
}

/** out = f(x) */
export const activation: WebGpuKernel<'activation'> = (gpu, { kind, length, x, out }) =>
  gpu.run(forward[kind], { groups: groupsFor(length), operands: { x, out }, settings: { length } })

/** gradX = f′(x)·gradOut */
export const activationBackward: WebGpuKernel<'activationBackward'> = (gpu, { kind, length, x, gradOut, gradX }) =>
  gpu.run(backward[kind], { groups: groupsFor(length), operands: { x, gradOut, gradX }, settings: { length } })
