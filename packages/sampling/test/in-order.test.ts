import { expect, it } from 'vitest'
import { inOrder } from '@posttrain/sampling'

const after = <T>(ms: number, value: T): Promise<T> => new Promise((resolve) => setTimeout(() => resolve(value), ms))

it('gives results in the order of the items, so many at a time', async () => {
  let [running, most] = [0, 0]
  const work = async (n: number): Promise<number> => {
    most = Math.max(most, ++running)
    await after(n % 2 ? 1 : 5, undefined)
    running--
    return n * n
  }
  const results: number[] = []
  for await (const result of inOrder([1, 2, 3, 4, 5, 6, 7], 3, work)) results.push(result)
  expect(results).toEqual([1, 4, 9, 16, 25, 36, 49])
  expect(most).toBe(3)
})

it('gives what came before an item that cannot be had, and lets the items go', async () => {
  let isReturned = false
  const items = async function* (): AsyncGenerator<number> {
    try {
      yield 1
      yield 2
      throw new Error('no 3')
    } finally {
      isReturned = true
    }
  }
  const results: number[] = []
  const all = async (): Promise<void> => {
    for await (const result of inOrder(items(), 5, (n) => after(2, n))) results.push(result)
  }
  await expect(all()).rejects.toThrow('no 3')
  expect([results, isReturned]).toEqual([[1, 2], true])
})

it('lets the items go where nobody reads on', async () => {
  let isReturned = false
  const items = function* (): Generator<number> {
    try {
      for (let i = 0; ; i++) yield i
    } finally {
      isReturned = true
    }
  }
  for await (const result of inOrder(items(), 2, (n) => after(0, n))) if (result === 3) break
  expect(isReturned).toBe(true)
})

it('begins nothing after a failure, and gives what came before it', async () => {
  const begun: number[] = []
  const work = async (n: number): Promise<number> => {
    begun.push(n)
    if (n === 2) throw new Error('no 2')
    return after(1, n)
  }
  const results: number[] = []
  const all = async (): Promise<void> => {
    for await (const result of inOrder([1, 2, 3, 4, 5, 6], 2, work)) results.push(result)
  }
  await expect(all()).rejects.toThrow('no 2')
  expect(results).toEqual([1])
  expect(begun).toEqual([1, 2])
})
