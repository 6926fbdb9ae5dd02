import { expect, it } from 'vitest'
import { uniqueNames } from '../src/unique-names.js'

it('gives no name twice, not even to one that looks like it', () => {
  const named = uniqueNames()
  expect(['a', 'a (2)', 'a', 'b', 'a', '__proto__', '__proto__'].map(named)).toEqual([
    'a',
    'a (2)',
    'a (3)',
    'b',
    'a (4)',
    '__proto__',
    '__proto__ (2)',
  ])
})
