import { describe, expect, it } from 'vitest'
import { testsInReference } from '../src/tests-in-reference.js'

const testsOf = (reference: unknown): unknown =>
  testsInReference({
    id: 'a',
    prompt: '',
    reference: typeof reference === 'string' ? reference : JSON.stringify(reference),
  })

describe('the tests in a reference', () => {
  it.each([
    ['assert f(1) == 2', { assertions: 'assert f(1) == 2' }],
    ['3', { assertions: '3' }],
    [
      { entryPoint: 'f', pairs: [] },
      { entryPoint: 'f', pairs: [] },
    ],
    [[{ stdin: '1', expected: '2' }], { streams: [{ stdin: '1', expected: '2' }] }],
    [
      { inputs: ['1\n', ['2', '3']], outputs: ['2\n', ['4']], fn_name: null },
      {
        streams: [
          { stdin: '1\n', expected: '2\n' },
          { stdin: '2\n3', expected: '4' },
        ],
      },
    ],
    [{ inputs: [], outputs: [] }, { streams: [] }],
  ])('%j are %j', (reference, tests) => {
    expect(testsOf(reference)).toEqual(tests)
  })

  it.each([
    [{ inputs: ['1'], outputs: [] }, 'the tests of task a have 1 inputs and 0 outputs'],
    [{ inputs: [[1]], outputs: ['1'] }, 'the tests of task a have inputs or outputs that are no texts'],
    [
      { inputs: ['1'], outputs: ['1'], fn_name: 'f' },
      'the tests of task a call the function fn_name, whose arguments are not told apart',
    ],
  ])('%j are refused', (reference, message) => {
    expect(() => testsOf(reference)).toThrow(message)
  })

  it('must be there', () => {
    expect(() => testsInReference({ id: 'a', prompt: '' })).toThrow('task a has no tests')
  })
})
