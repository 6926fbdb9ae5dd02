import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createWasmDevice } from '@posttrain/compute'
import { describe, expect, it } from 'vitest'
import { kernelCases } from './support/kernel-cases.js'

/** Node 20 has relaxed SIMD behind a flag, which later versions may not know; a process of its own gets it. */
const flags = process.versions.node.startsWith('20.') ? ['--experimental-wasm-relaxed-simd'] : []

describe('createWasmDevice({ fused: true })', () => {
  it('keeps the bounds of every kernel, and fuses', async () => {
    const program = fileURLToPath(new URL('support/fused-conformance.ts', import.meta.url))
    const options = [...flags, '--conditions=@posttrain/source', '--import', 'tsx', program]
    const { stdout } = await promisify(execFile)(process.execPath, options, { timeout: 50_000 })
    const { errors, isFused } = JSON.parse(stdout) as { errors: Record<string, number>; isFused: boolean }
    expect(isFused).toBe(true)
    expect(Object.keys(errors)).toEqual(Object.keys(kernelCases))
    for (const [kernel, { bound }] of Object.entries(kernelCases)) {
      expect(errors[kernel], kernel).toBeLessThanOrEqual(bound)
    }
  })

  it('computes where the engine has none, too', async () => {
    const device = await createWasmDevice({ fused: true })
    const x = device.allocate(2)
    device.write(x, [3, 4])
    expect(await device.sumOfSquares(x)).toBe(25)
    device.dispose()
  })
})
