import { abortable, createCallOrder, throwIfAborted } from '@posttrain/core'
import { describe, expect, it } from 'vitest'

describe('throwIfAborted', () => {
  it('throws once the signal has fired', () => {
    const controller = new AbortController()
    expect(() => throwIfAborted(undefined)).not.toThrow()
    expect(() => throwIfAborted(controller.signal)).not.toThrow()
    controller.abort()
    expect(() => throwIfAborted(controller.signal)).toThrow(expect.objectContaining({ code: 'aborted' }) as Error)
  })
})

describe('abortable', () => {
  const never = new Promise<never>(() => {})

  it('gives what the work gives, or throws what it throws', async () => {
    const { signal } = new AbortController()
    await expect(abortable(Promise.resolve(4), signal)).resolves.toBe(4)
    await expect(abortable(Promise.reject(new Error('broken')), signal)).rejects.toThrow('broken')
  })

  it('ends at the signal, before or while waiting', async () => {
    const controller = new AbortController()
    const waiting = abortable(never, controller.signal)
    controller.abort()
    await expect(waiting).rejects.toMatchObject({ code: 'aborted' })
    await expect(abortable(never, controller.signal)).rejects.toMatchObject({ code: 'aborted' })
  })

  it('has one listener however many wait, since platforms warn of signals that have many', async () => {
    let [listeners, most] = [0, 0]
    let fire = (): void => {}
    const signal = {
      aborted: false,
      addEventListener: (_: 'abort', listener: () => void) => {
        most = Math.max(most, ++listeners)
        fire = listener
      },
      removeEventListener: () => listeners--,
    }
    const ends: (() => void)[] = []
    const all = Array.from({ length: 50 }, () => abortable(new Promise<void>((end) => ends.push(end)), signal))
    ends.slice(0, 20).forEach((end) => end())
    await Promise.all(all.slice(0, 20))
    expect([listeners, most]).toEqual([1, 1])
    fire()
    const rest = await Promise.allSettled(all.slice(20))
    expect(rest.every(({ status }) => status === 'rejected')).toBe(true)
  })

  it('leaves no listener behind', async () => {
    let listeners = 0
    const signal = { aborted: false, addEventListener: () => listeners++, removeEventListener: () => listeners-- }
    await abortable(Promise.resolve(1), signal)
    await abortable(Promise.reject(new Error('x')), signal).catch(() => {})
    expect(listeners).toBe(0)
  })
})

describe('createCallOrder', () => {
  const fails = async (): Promise<never> => {
    throw new Error('lost')
  }

  it('does calls one after another, in the order they were made', async () => {
    const order = createCallOrder()
    const done: number[] = []
    const slow = order.call('a', async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      done.push(1)
    })
    await Promise.all([slow, order.call('b', async () => done.push(2)), order.call('c', async () => done.push(3))])
    expect(done).toEqual([1, 2, 3])
  })

  it('takes down the calls made before a failure was known, with it as cause, and none after', async () => {
    const order = createCallOrder()
    const [backward, step, save] = [
      order.call('backward', fails),
      order.call('step', async () => 'stepped'),
      order.call('save', async () => 'saved'),
    ]
    await expect(backward).rejects.toThrow('lost')
    for (const call of [step, save]) {
      await expect(call).rejects.toMatchObject({ code: 'aborted', cause: expect.objectContaining({ message: 'lost' }) })
    }
    await expect(order.call('step', async () => 'stepped')).resolves.toBe('stepped')
  })

  it('refuses everything but the call that restores, once the state may have changed', async () => {
    const order = createCallOrder()
    await order.call('backward', fails, { mayHaveChanged: () => true }).catch(() => {})
    await expect(order.call('step', async () => 1)).rejects.toMatchObject({
      code: 'aborted',
      message: 'step is refused: a failed call may have changed the weights',
      hint: 'load a checkpoint',
    })
    await order.call('load', async () => {}, { restores: true })
    await expect(order.call('step', async () => 1)).resolves.toBe(1)
  })

  it('does not let a call that was aborted before it began harm those behind it', async () => {
    const order = createCallOrder()
    const controller = new AbortController()
    controller.abort()
    const [first, second] = await Promise.allSettled([
      order.call('forward', async () => 1, { signal: controller.signal }),
      order.call('step', async () => 2),
    ])
    expect(first).toMatchObject({ status: 'rejected', reason: { code: 'aborted' } })
    expect(second).toEqual({ status: 'fulfilled', value: 2 })
  })
})
