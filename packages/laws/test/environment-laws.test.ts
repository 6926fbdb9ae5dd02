import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createStream } from '@posttrain/core'
import type { Environment } from '@posttrain/sampling'
import { environmentLaws } from '@posttrain/laws'

const task = { id: 't', prompt: '?' }
const said = fc.constantFrom('heads', 'tails', 'stop')

/** A coin is tossed each turn; guessing right is rewarded; `stop` ends. */
const coin = (shared: boolean): Environment => {
  let tosses = 0
  return {
    name: 'coin',
    async start(_, { seed, id, index }) {
      let own = 0
      return {
        async step(text) {
          const toss = shared ? tosses++ : own++
          const face = createStream(seed, id, index, toss).integer(2) === 0 ? 'heads' : 'tails'
          return { observation: face, done: text === 'stop', reward: text === face ? 1 : 0 }
        },
        close: async () => {},
      }
    },
  }
}

describe('environmentLaws', () => {
  it.each(environmentLaws(coin(false), { task, said }))('$name', ({ property }) => fc.assert(property, { seed: 1 }))

  it('catch an environment whose episodes share a state', async () => {
    const [law] = environmentLaws(coin(true), { task, said })
    expect((await fc.check(law!.property, { seed: 1 })).failed).toBe(true)
  })
})
