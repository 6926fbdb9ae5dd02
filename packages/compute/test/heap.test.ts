import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createHeap } from '../src/wasm/heap.js'

describe('createHeap', () => {
  it('never gives out the same byte twice, and holds no more than it needs', () => {
    const action = fc.record({ free: fc.boolean(), pick: fc.nat(), bytes: fc.integer({ min: 0, max: 5000 }) })
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        let end = 128
        const heap = createHeap(128, (bytes) => {
          end += bytes
          return bytes
        })
        const live: { address: number; size: number }[] = []
        for (const { free, pick, bytes } of actions) {
          if (free && live.length > 0) {
            heap.free(live.splice(pick % live.length, 1)[0]!.address)
          } else {
            const block = { address: heap.allocate(bytes), size: bytes }
            expect(block.address % 64).toBe(0)
            expect(block.address).toBeGreaterThanOrEqual(128)
            expect(block.address + bytes).toBeLessThanOrEqual(end)
            for (const { address, size } of live) {
              expect(block.address + bytes <= address || address + size <= block.address).toBe(true)
            }
            live.push(block)
          }
        }
        for (const { address } of live) heap.free(address)
        // All holes have become one: the whole heap can be had at once, without growing.
        if (end > 128) {
          const before = end
          expect(heap.allocate(end - 128)).toBe(128)
          expect(end).toBe(before)
        }
      }),
    )
  })
})
