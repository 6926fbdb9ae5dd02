import { describe, expect, it } from 'vitest'
import { devices } from './support/devices.js'
import { draw } from './support/draw.js'
import { openOrSkip } from './support/open-or-skip.js'

describe.each(Object.keys(devices))('cachedAttention on %s', (name) => {
  it('fed token by token gives what attention gives for the whole sequence', async (test) => {
    const device = await openOrSkip(name, test)
    const [batch, length, heads, headSize] = [3, 11, 2, 6]
    const width = heads * headSize
    const qkv = draw(1).normal(batch * length * 3 * width)
    const whole = { qkv: device.allocate(qkv.length), out: device.allocate(batch * length * width) }
    const probabilities = device.allocate(batch * heads * length * length)
    device.write(whole.qkv, qkv)
    device.attention({ batch, length, heads, keyValueHeads: heads, headSize, ...whole, probabilities })
    const expected = await device.read(whole.out)

    const capacity = length + 2
    const caches = {
      keys: device.allocate(batch * capacity * width),
      values: device.allocate(batch * capacity * width),
    }
    const token = { qkv: device.allocate(batch * 3 * width), out: device.allocate(batch * width) }
    const positions = device.allocate(batch, 'i32')
    for (let t = 0; t < length; t++) {
      const rows = Array.from({ length: batch }, (_, b) => (b * length + t) * 3 * width)
      device.write(
        token.qkv,
        rows.flatMap((at) => qkv.slice(at, at + 3 * width)),
      )
      device.fill(positions, t)
      device.cachedAttention({ batch, heads, keyValueHeads: heads, headSize, capacity, ...token, ...caches, positions })
      const out = await device.read(token.out)
      out.forEach((x, i) => {
        const [b, d] = [Math.floor(i / width), i % width]
        expect(Math.abs(x - expected[(b * length + t) * width + d]!)).toBeLessThan(1e-6)
      })
    }
    device.dispose()
  })
})
