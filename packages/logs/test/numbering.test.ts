import { expect, it } from 'vitest'
import { Numbering } from '../src/numbering.js'

it('numbers names in the order in which they are first seen, and refuses more than can be held', () => {
  const numbering = new Numbering('answers', 3)
  for (const name of ['b', '__proto__', '']) numbering.add(name, 'log, line 1')
  expect(['b', '__proto__', '', 'other'].map((name) => numbering.get(name))).toEqual([0, 1, 2, undefined])
  expect([...numbering.names()]).toEqual(['b', '__proto__', ''])
  expect(() => numbering.add('c', 'log, line 9')).toThrow('log, line 9: the log has more than 3 different answers')
  expect(numbering.size).toBe(3)
})
