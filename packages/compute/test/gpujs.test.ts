import { createReferenceDevice, type GpuJs, openGpuJs } from '@posttrain/compute'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { functionSource } from '../src/gpujs/function-source.js'
import { conform } from './support/conform.js'
import { kernelCases } from './support/kernel-cases.js'
import { trainingLosses } from './support/losses.js'

// `cpu` is gpu.js' plain JavaScript mode; `auto` is whatever gpu.js finds where the tests run (in Node, WebAssembly).
describe.each(['cpu', 'auto'] as const)('gpu.js, backend %s', (backend) => {
  let gpujs: GpuJs

  beforeAll(async () => {
    gpujs = await openGpuJs(backend)
  })

  afterAll(() => gpujs.dispose())

  it('says what it runs on', () => {
    if (backend === 'cpu') expect(gpujs.backend).toBe('cpu')
    else expect(['gpu', 'webasm', 'cpu']).toContain(gpujs.backend)
  })

  it.each(Object.entries(kernelCases))('agrees with reference in %s', async (kernel, kernelCase) => {
    const { error, where } = await conform(gpujs, createReferenceDevice(), kernel, kernelCase, 20, 3)
    expect(error, where).toBeLessThanOrEqual(kernelCase.bound)
  })

  it('trains with the losses of reference', async () => {
    const expected = await trainingLosses(createReferenceDevice(), 10)
    const losses = await trainingLosses(gpujs, 10)
    losses.forEach((loss, i) => expect(Math.abs(loss - expected[i]!), `step ${i}`).toBeLessThan(1e-6))
  })

  it('refuses arrays whose indices f32 cannot tell apart', () => {
    const x = gpujs.allocate(2 ** 24 + 1)
    expect(() => gpujs.add({ length: x.length, x, out: x })).toThrow('no exact indices for 16777217 elements')
    x.dispose()
  })

  it("compiles a user's function of several arrays", () => {
    const term = gpujs.defineKernel((p, q) => p * Math.log(p / q))
    const sum = term([0.2, 0.3, 0.5], [0.5, 0.3, 0.2]).reduce((a, b) => a + b)
    expect(sum).toBeCloseTo(0.2 * Math.log(0.4) + 0.5 * Math.log(2.5), 6)
    expect([...term([1], [1])]).toEqual([0])
    expect([...term([], [])]).toEqual([])
  })

  it('compiles a function with branches and loops', () => {
    const power = gpujs.defineKernel(function (x: number, k: number) {
      if (x < 0) return 0
      let result = 1
      for (let i = 0; i < k; i++) result *= x
      return result
    })
    expect([...power([2, 3, -1, 1], [10, 3, 2, 2000])]).toEqual([1024, 27, 0, 1])
  })

  it('refuses arrays of different length, too few arrays, and functions it cannot read', () => {
    const add = gpujs.defineKernel((x, y) => x + y)
    expect(() => add([1, 2], [1])).toThrow('input 1 must have 2 entries, but has 1')
    expect(() => add([1, 2])).toThrow('the kernel takes 2 arrays, but was given 1')
    expect(() => gpujs.defineKernel((...xs) => xs[0]!)).toThrow('plain parameters')
  })
})

describe('functionSource', () => {
  it.each([
    ['(x) => x * x', 'function f(x) { return x * x }'],
    ['x=>x*x', 'function f(x) { return x*x }'],
    ['(x, y) => { return x + y }', 'function f(x, y) { return x + y }'],
    ['function (x) { return -x }', 'function f(x) { return -x }'],
    ['function name(x,y,) { return x }', 'function f(x,y) { return x }'],
  ])('reads %s', (text, source) => {
    expect(functionSource('f', text).source).toBe(source)
  })

  it.each(['(x = 1) => x', '({ x }) => x', '() => 1', 'f(x) { return x }', 'class A {}', 'async (x) => x'])(
    'refuses %s',
    (text) => expect(() => functionSource('f', text)).toThrow('plain parameters'),
  )
})
