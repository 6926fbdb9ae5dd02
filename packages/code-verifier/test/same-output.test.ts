import { expect, it } from 'vitest'
import { sameOutput } from '../src/judge/same-output.js'

it.each([
  ['14\n', '14'],
  ['14  \r\n\n\n', '14'],
  ['14.0', '14'],
  ['-0.50', '-0.5'],
  ['0014', '14'],
  ['-0', '0'],
  ['a 1.10 b', 'a 1.1 b'],
  ['', '\n'],
])('%j is %j', (written, expected) => {
  expect(sameOutput(written, expected)).toBe(true)
})

it.each([
  ['1_4', '14'],
  ['١٤', '14'],
  ['inf', '14'],
  ['nan', 'nan '.repeat(2)],
  ['1e1', '10'],
  ['+14', '14'],
  ['14.', '14'],
  [' 14', '14'],
  ['1 4', '14'],
  ['14\n385', '14'],
  ['\n14', '14'],
  ['\u001B[2J14', '14'],
  ['100000000000000000001', '100000000000000000000'],
  ['0.1000000000000000001', '0.1'],
  ['10', '100'],
])('%j is not %j', (written, expected) => {
  expect(sameOutput(written, expected)).toBe(false)
})
