import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { systemCode, systemReason } from '../src/index.js'

const failureOf = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return error
  }
}

describe('systemReason', () => {
  it.each([
    [() => readFileSync('/no such file'), 'ENOENT', 'there is no such file or folder (ENOENT)'],
    [() => readFileSync('/'), 'EISDIR', 'it is a folder (EISDIR)'],
    [() => readFileSync('x'.repeat(5000)), 'ENAMETOOLONG', 'the name is too long (ENAMETOOLONG)'],
    [() => readdirSync('/dev/null'), 'ENOTDIR', 'a part of the path is no folder (ENOTDIR)'],
  ])('says in words what Node says in codes: %s', (act, code, reason) => {
    const error = failureOf(act)
    expect(systemCode(error)).toBe(code)
    expect(systemReason(error)).toBe(reason)
  })

  it('names a code that it does not know, whatever its name', () => {
    const failed = (code: string): Error => Object.assign(new Error('x'), { code })
    expect(systemReason(failed('EWHATEVER'))).toBe('the system says EWHATEVER')
    expect(systemCode(failed('constructor'))).toBeUndefined()
    expect(systemCode(failed('ERR_STRING_TOO_LONG'))).toBeUndefined()
  })

  it('gives the message of any other error, and what is no error as a text', () => {
    expect([systemCode(new RangeError('too deep')), systemReason(new RangeError('too deep'))]).toEqual([
      undefined,
      'too deep',
    ])
    expect(systemReason('a text')).toBe('a text')
  })
})
