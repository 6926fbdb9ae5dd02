import { problemsOf } from '@posttrain/core'
import { expect, it } from 'vitest'

const missing = 'Invalid input: expected string, received undefined'

it('says where and what, in one line', () => {
  const issues = [
    { path: [], message: 'Unrecognized key: "a"' },
    { path: ['layers', 2, 'width'], message: missing },
    { path: [Symbol('s')], message: 'is no key' },
  ]
  expect(problemsOf({ issues })).toBe(
    'Unrecognized key: "a"; layers[2].width: expected string, received undefined; Symbol(s): is no key',
  )
})

it('names five problems and counts the others', () => {
  const issues = Array.from({ length: 7 }, (_, i) => ({ path: [i], message: missing }))
  const said = 'expected string, received undefined'
  expect(problemsOf({ issues })).toBe(
    `[0]: ${said}; [1]: ${said}; [2]: ${said}; [3]: ${said}; [4]: ${said}; and 2 more`,
  )
})

it('shortens and shows names, which come from files', () => {
  const said = problemsOf({ issues: [{ path: [`\u001b[31m${'x'.repeat(1000)}`], message: missing }] })
  expect(said).not.toContain('\u001b')
  expect(said.length).toBeLessThan(300)
})
