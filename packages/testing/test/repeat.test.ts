import assert from 'node:assert/strict'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { repeat } from '../src/repeat.js'
import type { Body, Run } from '../src/run-body.js'

const options = { n: 20, atLeast: { 'pass@4': 0.9 } }

it('runs a body n times, each index once, and judges what became of it', async () => {
  const seen: number[] = []
  const { passed, checks, tasks } = await repeat(({ index }) => {
    seen.push(index)
    assert.ok(index >= 5, `too small: ${index}`)
  }, options)
  expect(seen).toEqual(Array.from({ length: 20 }, (_, i) => i))
  expect(passed).toBe(true)
  expect(checks[0]!.value).toBeCloseTo(1 - (5 * 4 * 3 * 2) / (20 * 19 * 18 * 17), 12)
  expect(tasks[0]!.runs[4]).toEqual({ kind: 'failed', reason: 'too small: 4' })
  expect(tasks[0]!.runs[5]).toEqual({ kind: 'passed' })
})

it.each([1, 3])('at most %i at a time, and their results in order', async (concurrency) => {
  let [open, most] = [0, 0]
  const body: Body = async ({ index }) => {
    most = Math.max(most, ++open)
    await wait(index % 2)
    open--
    assert.ok(index !== 7, 'seven')
  }
  const { tasks } = await repeat(body, { ...options, concurrency })
  expect(most).toBe(concurrency)
  expect(tasks[0]!.runs.findIndex(({ kind }) => kind === 'failed')).toBe(7)
})

it('a run that takes too long is unscored, told so, and not waited for', async () => {
  const told: number[] = []
  const hang = ({ index, signal }: Run): Promise<void> => {
    signal.addEventListener('abort', () => told.push(index))
    return new Promise(() => {})
  }
  const { passed, tasks } = await repeat(hang, { n: 4, atLeast: { 'pass@4': 0.5 }, timeout: 20, concurrency: 2 })
  expect(passed).toBe(false)
  expect(tasks[0]!.runs[3]).toEqual({ kind: 'unscored', reason: 'did not end within 20 ms' })
  expect(told).toEqual([0, 1, 2, 3])
})

it('an error that is no assertion leaves a run unscored, whatever was thrown', async () => {
  const body: Body = ({ index }) => {
    if (index === 0) AbortSignal.abort('a text').throwIfAborted()
    throw new TypeError('fetch failed')
  }
  const { tasks } = await repeat(body, { n: 4, atLeast: { 'pass@4': 0.5 } })
  expect(tasks[0]!.runs.slice(0, 2)).toEqual([
    { kind: 'unscored', reason: 'a text' },
    { kind: 'unscored', reason: 'fetch failed' },
  ])
})

describe('an error', () => {
  it('ends everything at the signal, and nothing begins any more', async () => {
    const aborter = new AbortController()
    let begun = 0
    const body: Body = async () => {
      if (++begun === 3) aborter.abort()
      await wait(1)
    }
    await expect(repeat(body, { ...options, signal: aborter.signal })).rejects.toMatchObject({ code: 'aborted' })
    await wait(20)
    expect(begun).toBe(3)
  })

  it('is a gate that cannot be passed, before anything runs', async () => {
    let begun = 0
    const run = repeat(() => begun++, { n: 20, atLeast: { 'pass^4': 0.9 } })
    await expect(run).rejects.toThrow('20 runs cannot show that pass^4 is at least 0.9')
    expect(begun).toBe(0)
  })

  it('is a body that returns a verdict', async () => {
    const run = repeat(({ index }) => index > 2, options)
    await expect(run).rejects.toMatchObject({ message: 'the body returned false in run 0', code: 'invalid-data' })
  })

  it.each([
    [{ concurrency: 0 }, 'concurrency must be an integer of at least 1, but is 0'],
    [{ timeout: 0 }, 'timeout must be a finite number'],
    [{ timeout: 1e12 }, 'timeout must be a finite number'],
  ])('is %j', async (wrong, message) => {
    await expect(repeat(() => {}, { ...options, ...wrong })).rejects.toThrow(message)
  })
})
