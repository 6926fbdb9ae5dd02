import {
  isPrompt,
  requireSamplingOptions,
  requireTask,
  requireTasks,
  type SamplingOptions,
  type Task,
} from '@posttrain/core'
import { describe, expect, it } from 'vitest'

describe('requireTask', () => {
  it.each<[unknown, string]>([
    [null, 'a task is null'],
    ['a', 'a task is "a"'],
    [{ prompt: '' }, 'the id of a task is undefined'],
    [{ id: 4, prompt: '' }, 'the id of a task is 4'],
    [{ id: 'a' }, 'the prompt of task a is undefined'],
    [{ id: 'a', prompt: [{ role: 'robot', content: '' }] }, 'the prompt of task a is a list of 1'],
    [{ id: 'a', prompt: '', reference: 4 }, 'the reference of task a is 4'],
  ])('refuses %j', (task, message) => {
    expect(() => requireTask(task as Task)).toThrow(expect.objectContaining({ code: 'invalid-argument', message }))
  })
})

describe('requireTasks', () => {
  const task = { id: 'a', prompt: '' }
  it.each<[string, unknown, string]>([
    ['none', [], 'tasks is empty'],
    ['no list', { length: 1 }, 'tasks must be a list, but is an object'],
    ['a hole', new Array(2), 'a task is undefined'],
    ['two of one id', [task, { ...task, prompt: 'b' }], 'two tasks have the id a'],
  ])('refuses %s', (_, tasks, message) => {
    expect(() => requireTasks(tasks as Task[])).toThrow(expect.objectContaining({ code: 'invalid-argument', message }))
  })
})

describe('isPrompt', () => {
  it('is a text or a list of messages', () => {
    const good = ['', [], [{ role: 'user', content: '' }]]
    const bad = [undefined, 4, [4], new Array(1), [{ role: 'user' }], [{ role: 'user', content: 4 }], [null]]
    expect([...good, ...bad].map(isPrompt)).toEqual([...good.map(() => true), ...bad.map(() => false)])
  })
})

describe('requireSamplingOptions', () => {
  it('takes what some sampler could serve', () => {
    const all = { temperature: 0, topK: 1, topP: 1, minP: 0, maxTokens: 1, stop: ['\n'] }
    expect(() => requireSamplingOptions(all)).not.toThrow()
    expect(() => requireSamplingOptions({})).not.toThrow()
  })

  const wrong: readonly [keyof SamplingOptions, readonly unknown[]][] = [
    ['temperature', [NaN, -1, Infinity, '3', null, 1n]],
    ['topK', [NaN, -1, 0, 1.5, Infinity, '3', null, 1n]],
    ['topP', [NaN, -1, 0, 1.5, Infinity, '1', null, 1n]],
    ['minP', [NaN, -1, 1.5, Infinity, '1', null, 1n]],
    ['maxTokens', [NaN, -1, 0, 1.5, Infinity, '3', null, 1n]],
    ['stop', ['.', null, [''], [4], new Array(1)]],
  ]
  it.each(wrong.flatMap(([name, values]) => values.map((value) => [name, value] as const)))(
    'refuses %s of %o',
    (name, value) => {
      const act = (): void => requireSamplingOptions({ [name]: value })
      expect(act).toThrow(expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining(name) }))
    },
  )
})
