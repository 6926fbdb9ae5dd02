import { describe, expect, it } from 'vitest'
import { isTooDeep } from '../src/nesting.js'
import { parseJsonRow } from '../src/json-row.js'

const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)
const objects = (depth: number): string => '{"a":'.repeat(depth) + '1' + '}'.repeat(depth)

describe('isTooDeep', () => {
  it.each([lists, objects])('counts the levels of %o', (nested) => {
    for (const [depth, tooDeep] of [
      [1, false],
      [1000, false],
      [1001, true],
      [100_000, true],
    ] as const) {
      const text = nested(depth)
      expect(isTooDeep(JSON.parse(text), text)).toBe(tooDeep)
    }
  })

  it('takes breadth for no depth', () => {
    const text = `[${'[1],'.repeat(5000)}{"a":[${'{},'.repeat(5000)}null]}]`
    expect(isTooDeep(JSON.parse(text), text)).toBe(false)
  })
})

describe('a row that is nested deep', () => {
  const fields = ['task_id', 'reference', 'reward', 'rewards', 'answer', 'answers', 'proxy', 'system', 'n', 'metadata']
  it.each(fields)('is refused with its line, whatever is nested: %s', (field) => {
    for (const nested of [lists, objects]) {
      for (const depth of [1001, 5000, 300_000]) {
        const row = { task_id: 'a', reward: 1 }
        const text = JSON.stringify({ ...row, [field]: 'HERE' }).replace('"HERE"', nested(depth))
        expect(() => parseJsonRow(text, 'log, line 2')).toThrow(
          'log, line 2: lists and objects lie within one another more than 1000 deep',
        )
      }
    }
  })

  it('is read where it is less deep', () => {
    const reference = lists(900)
    const text = `{"task_id":"a","reward":1,"reference":${reference},"pad":"${'x'.repeat(2000)}"}`
    expect(JSON.stringify(parseJsonRow(text, 'log, line 2').reference)).toBe(reference)
  })
})
