import { expect, it } from 'vitest'
import { cholesky } from '../../src/preferences/cholesky.js'

it('solves and inverts', () => {
  const factored = cholesky(Float64Array.of(4, 2, 2, 3), 2)!
  expect([...factored.solve(Float64Array.of(2, 5))]).toEqual([-0.5, 2].map((x) => expect.closeTo(x, 14) as number))
  expect([...factored.inverse()]).toEqual([3 / 8, -1 / 4, -1 / 4, 1 / 2].map((x) => expect.closeTo(x, 14) as number))
})

it('gives none for a matrix that is singular or not definite', () => {
  expect(cholesky(Float64Array.of(1, 1, 1, 1), 2)).toBeUndefined()
  expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeUndefined()
  expect(cholesky(Float64Array.of(0.1, 0.3, 0.3, 0.9), 2)).toBeUndefined()
})
