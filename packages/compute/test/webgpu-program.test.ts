import { describe, expect, it } from 'vitest'
import { gridOf } from '../src/webgpu/grid.js'
import { bindingsOf, defineProgram, shaderOf, uniformNames } from '../src/webgpu/program.js'

const program = defineProgram({
  name: 'twice',
  operands: { x: 'f32', positions: 'i32', out: 'f32' },
  writes: ['out'],
  sizes: ['length'],
  numbers: ['scale'],
  body: 'if (index < u.length) { set_out(index, u.scale * x(index)); }',
})

/** The lines of a shader that say where operands are. */
const addressing = (pattern: readonly number[]): string[] =>
  shaderOf(program, pattern)
    .split('\n')
    .filter((line) => line.includes('buffer'))

describe('shaderOf', () => {
  it('binds operands in different buffers each by itself, and writes to none that is only read', () => {
    expect(addressing([0, 1, 2])).toEqual([
      '@group(0) @binding(1) var<storage, read> buffer0: array<f32>;',
      '@group(0) @binding(2) var<storage, read> buffer1: array<i32>;',
      '@group(0) @binding(3) var<storage, read_write> buffer2: array<f32>;',
      'fn x(i: u32) -> f32 { return buffer0[u.x_offset + i]; }',
      'fn positions(i: u32) -> i32 { return buffer1[u.positions_offset + i]; }',
      'fn out(i: u32) -> f32 { return buffer2[u.out_offset + i]; }',
      'fn set_out(i: u32, value: f32) { buffer2[u.out_offset + i] = value; }',
    ])
  })

  it('binds a buffer once that several operands lie in', () => {
    expect(addressing([0, 1, 0])).toEqual([
      '@group(0) @binding(1) var<storage, read_write> buffer0: array<f32>;',
      '@group(0) @binding(2) var<storage, read> buffer1: array<i32>;',
      'fn x(i: u32) -> f32 { return buffer0[u.x_offset + i]; }',
      'fn positions(i: u32) -> i32 { return buffer1[u.positions_offset + i]; }',
      'fn out(i: u32) -> f32 { return buffer0[u.out_offset + i]; }',
      'fn set_out(i: u32, value: f32) { buffer0[u.out_offset + i] = value; }',
    ])
    expect(bindingsOf(program, [0, 1, 0])).toEqual([
      { element: 'f32', written: true },
      { element: 'i32', written: false },
    ])
  })

  it('has its settings in the order of the uniform buffer', () => {
    expect(uniformNames(program)).toEqual(['groups', 'x_offset', 'positions_offset', 'out_offset', 'length', 'scale'])
    expect(shaderOf(program, [0, 1, 2])).toContain(
      'groups: u32, x_offset: u32, positions_offset: u32, out_offset: u32, length: u32, scale: f32,',
    )
  })
})

describe('gridOf', () => {
  it('has a place for every workgroup, within the limit', () => {
    for (const groups of [1, 7, 8, 9, 16, 17, 50, 64]) {
      const [columns, rows] = gridOf('add', groups, 8)
      expect(columns).toBeLessThanOrEqual(8)
      expect(rows).toBeLessThanOrEqual(8)
      expect(columns * rows).toBeGreaterThanOrEqual(groups)
      expect(columns * (rows - 1)).toBeLessThan(groups)
    }
  })

  it('refuses more than a full grid', () => {
    expect(() => gridOf('add', 65, 8)).toThrow('add: 65 workgroups are more than this GPU starts at once')
  })
})
