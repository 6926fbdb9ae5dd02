import assert from 'node:assert/strict'
import { expect, it } from 'vitest'
import { isAssertionError } from '../src/is-assertion-error.js'

const thrown = (call: () => void): unknown => {
  try {
    call()
  } catch (error) {
    return error
  }
  return undefined
}
expect.extend({ toBeOdd: (n: number) => ({ pass: n % 2 === 1, message: () => `${n} is even` }) })
const odd = (n: number): { toBeOdd(): void } => expect(n) as unknown as { toBeOdd(): void }

it.each([
  ['node:assert', thrown(() => assert.equal(4, 5))],
  ['expect', thrown(() => expect(4).toBe(5))],
  ['a matcher of expect.extend', thrown(() => odd(4).toBeOdd())],
  ['Jest', Object.assign(new Error('4 is not 5'), { matcherResult: { pass: false } })],
])('an error of %s', (_, error) => {
  expect(isAssertionError(error)).toBe(true)
})

it.each([new TypeError('fetch failed'), new Error('AssertionError'), 'AssertionError', undefined])(
  '%s is none',
  (error) => {
    expect(isAssertionError(error)).toBe(false)
  },
)
