import { readFileSync } from 'node:fs'
import { invalidArgument, machineFailed } from '@posttrain/core'
import { CommanderError } from 'commander'
import { describe, expect, it } from 'vitest'
import { endingOf } from '../src/ending.js'

const thrownBy = (act: () => unknown): unknown => {
  try {
    return act()
  } catch (error) {
    return error
  }
}

/** Lists within lists, which `JSON.stringify` cannot write. */
const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))
const withCode = (code: string, message: string): Error => Object.assign(new Error(message), { code })

describe('endingOf', () => {
  it('says what was wrong and what to do', () => {
    expect(endingOf(invalidArgument('k is 9', 'draw more'))).toEqual({
      status: 2,
      text: 'error: k is 9\nhint: draw more\n',
    })
    expect(endingOf(machineFailed('the disk is full'))).toEqual({ status: 2, text: 'error: the disk is full\n' })
  })

  it.each([
    [
      () => readFileSync('/no\u009b such\u202e'),
      /^error: cannot open \/no\\u009b such\\u202e: there is no such file .*\n/,
    ],
    [() => readFileSync('/'), /^error: cannot read a file or stream: it is a folder \(EISDIR\)\n/],
    [() => readFileSync('x'.repeat(5000)), /^error: cannot open x+ … x+ \(5000 characters\): the name is too long.*\n/],
    [() => new Float64Array(2 ** 53 - 1), /^error: this is more than can be held: Invalid typed array length.*\n/],
    [() => 'x'.repeat(2 ** 30), /^error: this is more than can be held: Invalid string length\n/],
    [() => Buffer.alloc(2 ** 30).toString('latin1'), /^error: this is more than can be held: .*longer than 0x.*\n/],
    [() => new Array(-1), /^error: this is more than can be held: Invalid array length\n/],
    [() => JSON.stringify(deep(100_000)), /^error: the input is nested too deep\n/],
  ])('has a sentence for a fault of the machine or the input: %s', (act, line) => {
    const { status, text } = endingOf(thrownBy(act))
    expect(status).toBe(2)
    expect(text).toMatch(line)
    expect(text.split('\n')).toEqual([expect.stringMatching(/^error: /), expect.stringMatching(/^hint: /), ''])
  })

  it.each(['EACCES', 'ELOOP', 'EMFILE', 'ENOSPC', 'EROFS', 'EIO', 'EDQUOT', 'EUNHEARDOF'])('has one for %s', (code) => {
    const { status, text } = endingOf(withCode(code, 'raw'))
    expect({ status, lines: text.split('\n').length }).toEqual({ status: 2, lines: 3 })
    expect(text).toContain(code)
    expect(text).not.toMatch(/raw|\n {4}at /)
  })

  it('has one for a map that is full', () => {
    expect(endingOf(new RangeError('Map maximum size exceeded')).text).toMatch(/^error: this is more than can be held/)
  })

  it('leaves to Commander what it has said, with status 2 for whatever is wrong', () => {
    expect(endingOf(new CommanderError(0, 'commander.helpDisplayed', ''))).toEqual({ status: 0, text: '' })
    expect(endingOf(new CommanderError(1, 'commander.unknownOption', ''))).toEqual({ status: 2, text: '' })
  })

  it('shows where a defect is, line by line, of which all can be seen', () => {
    const { status, text } = endingOf(new TypeError('cannot read \u001b[31m'))
    expect(status).toBe(1)
    expect(text).toMatch(/^TypeError: cannot read \\u001b\[31m\n {4}at .*ending\.test/)
    expect(text).toMatch(/\nThis is a defect of posttrain; please report it\.\n$/)
    expect(endingOf('a text')).toMatchObject({ status: 1 })
    expect(endingOf(new RangeError('k is out of range'))).toMatchObject({ status: 1 })
  })

  it('cuts a sentence that nobody reads to the end', () => {
    const { text } = endingOf(invalidArgument('x'.repeat(1e6), 'y'.repeat(1e6)))
    expect(text.length).toBeLessThan(4200)
    expect(text).toContain('(1000000 characters)')
  })
})
