import fc from 'fast-check'
import { expect, it } from 'vitest'
import { stepEnds } from '@posttrain/rewards'

it.each([
  ['a\n\nb', [3, 4]],
  ['a\n\nb\n\n', [3, 6]],
  ['a\n\n\n\nb', [5, 6]],
  ['\n\na', [3]],
  ['one step\nof two lines', [21]],
  ['', []],
  [' \n\n ', []],
])('the steps of %j end at %j', (text, ends) => {
  expect(stepEnds(text)).toEqual(ends)
})

it('cover the text, and no step is white space', () => {
  const text = fc.array(fc.constantFrom('a', ' ', '\n', '\n\n', 'b c')).map((parts) => parts.join(''))
  fc.assert(
    fc.property(text, (given) => {
      const ends = stepEnds(given)
      const steps = ends.map((end, i) => given.slice(ends[i - 1] ?? 0, end))
      expect(steps.join('')).toBe(given.trim() === '' ? '' : given)
      for (const step of steps) expect(step.trim()).not.toBe('')
    }),
  )
})

it('takes another separator, and none that is empty', () => {
  expect(stepEnds('x; y; z', '; ')).toEqual([3, 6, 7])
  expect(() => stepEnds('a', '')).toThrow('the separator of steps is empty')
})
