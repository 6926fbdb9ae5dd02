import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inLanes, type Lane } from '../src/in-lanes.js'

async function all<R>(stream: AsyncIterable<R>): Promise<R[]> {
  const results: R[] = []
  for await (const result of stream) results.push(result)
  return results
}

describe('inLanes', () => {
  it('works on so many items at a time, and gives results as they come', async () => {
    let [open, most] = [0, 0]
    const work = async (delay: number, { emit }: Lane<number>): Promise<void> => {
      most = Math.max(most, ++open)
      await wait(delay)
      open--
      await emit(delay)
    }
    expect(await all(inLanes([60, 1, 1, 1], 2, work, undefined))).toEqual([1, 1, 1, 60])
    expect(most).toBe(2)
  })

  it('begins nothing after a failure, and gives what was under way before it throws', async () => {
    const begun: number[] = []
    const given: number[] = []
    const work = async (n: number, { emit }: Lane<number>): Promise<void> => {
      begun.push(n)
      if (n === 1) throw new Error('one')
      await wait(20)
      await emit(n)
    }
    const run = async (): Promise<void> => {
      for await (const n of inLanes([0, 1, 2, 3], 2, work, undefined)) given.push(n)
    }
    await expect(run()).rejects.toThrow('one')
    expect({ begun, given }).toEqual({ begun: [0, 1], given: [0] })
  })

  it.each([0, 1.5])('refuses %d lanes', async (lanes) => {
    const run = all(inLanes([1], lanes, async () => {}, undefined))
    await expect(run).rejects.toThrow(`lanes must be an integer of at least 1, but is ${lanes}`)
  })
})
