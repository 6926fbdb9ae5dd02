import { createDevice } from '@posttrain/compute'
import { describe, expect, it } from 'vitest'

describe('createDevice', () => {
  it.each(['wasm', 'reference'] as const)('gives %s by name, and it computes', async (name) => {
    const { device } = await createDevice(name)
    expect(device.name).toBe(name)
    const x = device.allocate(2)
    device.write(x, [3, 4])
    expect(await device.sumOfSquares(x)).toBe(25)
  })

  it('picks wasm by itself and says why', async () => {
    const { device, reason } = await createDevice()
    expect(device.name).toBe('wasm')
    expect(reason).toBe('this engine has WebAssembly with SIMD')
  })

  it('refuses a name there is not', async () => {
    await expect(createDevice('cuda' as 'wasm')).rejects.toThrow('there is no device "cuda"')
  })
})
