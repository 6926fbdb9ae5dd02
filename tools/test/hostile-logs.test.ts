import { describe, expect, it } from 'vitest'
import { attempt } from '../faults/logs/attempt.js'
import { hostileLog } from '../faults/logs/hostile-log.js'

const SEED = 20261127
const COUNT = 40

describe('hostile logs', () => {
  it('are the same for the same seed and number, and differ otherwise', () => {
    const log = hostileLog(SEED, 3)
    expect(hostileLog(SEED, 3)).toEqual(log)
    expect(hostileLog(SEED, 4)).not.toEqual(log)
    expect(hostileLog(SEED + 1, 3)).not.toEqual(log)
  })

  it(`${COUNT} of them are accepted or refused by name`, async () => {
    const counts = { accepted: 0, typed: 0, untyped: 0 }
    const found: string[] = []
    for (let number = 0; number < COUNT; number++) {
      const { outcome, what, message, bytes } = await attempt(SEED, number)
      counts[outcome]++
      if (outcome === 'untyped' || bytes > 500e6) found.push(`${what}: ${message}`)
    }
    expect(found).toEqual([])
    // Both kinds are there, so that neither is empty of meaning.
    expect(counts.accepted).toBeGreaterThan(5)
    expect(counts.typed).toBeGreaterThan(5)
  }, 300_000)
})
