import { expect, it } from 'vitest'
import { floats, integers } from '../src/column.js'

it('keeps what is pushed, however often it grows', () => {
  const column = integers()
  for (let i = 0; i < 5000; i++) column.push(3 * i)
  expect(column.length).toBe(5000)
  expect(Array.from({ length: 5000 }, (_, i) => column.at(i))).toEqual(Array.from({ length: 5000 }, (_, i) => 3 * i))
})

it('is empty where nothing was set: within, and beyond its end', () => {
  const column = floats()
  column.set(1500, 0.5)
  column.set(3, 0)
  column.set(7000, -1)
  expect(column.length).toBe(7001)
  expect([0, 3, 1499, 1500, 1501, 6999, 7000, 7001].map((i) => column.at(i))).toEqual([
    NaN,
    0,
    NaN,
    0.5,
    NaN,
    NaN,
    -1,
    NaN,
  ])
  expect(integers().at(0)).toBe(-1)
})
