import { callCaller, callCallerNow, PosttrainError, reasonOf } from '@posttrain/core'
import { describe, expect, it } from 'vitest'

const thrown: readonly [string, unknown, string][] = [
  ['an Error', new Error('boom'), 'boom'],
  ['a text', 'boom', 'boom'],
  ['undefined', undefined, 'undefined'],
  ['null', null, 'null'],
  ['an object without a prototype', Object.create(null), 'an object'],
  ['a symbol', Symbol('x'), 'a symbol'],
]
const throwing = (value: unknown) => (): never => {
  throw value
}

describe('callCaller', () => {
  it.each(thrown)('names the function that threw %s, at once or later', async (_, value, reason) => {
    const expected = { code: 'invalid-data', message: `the reward r failed on task a: ${reason}` }
    await expect(callCaller('the reward r', 'on task a', throwing(value))).rejects.toMatchObject(expected)
    await expect(callCaller('the reward r', 'on task a', async () => throwing(value)())).rejects.toMatchObject(expected)
    expect(() => callCallerNow('the reward r', 'on task a', throwing(value))).toThrow(expected.message)
    expect(reasonOf(value)).toBe(reason)
  })

  it('lets an error of ours pass, and takes what is no promise', async () => {
    const error = new PosttrainError('timeout', 'late')
    await expect(callCaller('f', 'here', throwing(error))).rejects.toBe(error)
    await expect(callCaller('f', 'here', () => 4)).resolves.toBe(4)
  })

  it('adds the task to an error of ours that does not name it, and keeps its code and hint', async () => {
    const error = new PosttrainError('invalid-argument', 'rewards[0] is 2', 'use 0 or 1')
    const expected = { code: error.code, hint: error.hint, message: 'rewards[0] is 2 (on task a)', cause: error }
    await expect(callCaller('f', 'on task a', throwing(error))).rejects.toMatchObject(expected)
    const naming = new PosttrainError('timeout', 'task a took too long')
    await expect(callCaller('f', 'on task a', throwing(naming))).rejects.toBe(naming)
  })

  it('ends at the signal where the function hangs, and does not call it after the signal', async () => {
    const controller = new AbortController()
    const hanging = callCaller('f', 'here', () => new Promise(() => {}), controller)
    controller.abort()
    await expect(hanging).rejects.toMatchObject({ code: 'aborted' })
    let calls = 0
    await expect(callCaller('f', 'here', () => calls++, controller)).rejects.toMatchObject({ code: 'aborted' })
    expect(calls).toBe(0)
  })
})
