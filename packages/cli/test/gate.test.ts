import { describe, expect, it } from 'vitest'
import { comparePair, compareSeveral, compareUnpaired, compareValue, type ComparedLog } from '../src/compared.js'
import { gateOf, requireDecidable } from '../src/gate.js'
import { logOf } from './in-memory.js'

const named = async (letter: string, text: string): Promise<ComparedLog> => {
  const log = await logOf([...text].map((c, i) => ({ task_id: i, passed: c === '1' })))
  return { letter, label: letter, log }
}
const [right, half, wrong] = await Promise.all(
  ['11111111', '11110000', '00000000'].map((text, i) => named('ABC'[i]!, text)),
)
const objective = 'pass@1'
const pair = (a: ComparedLog, b: ComparedLog) => comparePair([a, b], 1, { objective })

const verdictOf = (...of: Parameters<typeof gateOf>) => {
  const { passed, text } = gateOf(...of)
  return { passed, text }
}

describe('gateOf', () => {
  it('fails where b is credibly worse, and only there', () => {
    expect(verdictOf(pair(right!, wrong!), undefined)).toEqual({ passed: false, text: 'B is credibly worse than A' })
    expect(verdictOf(pair(right!, half!), undefined)).toEqual({ passed: true, text: 'B is not credibly worse than A' })
    expect(gateOf(pair(wrong!, right!), undefined).passed).toBe(true)
  })

  it('looks at what is compared with the first log, or with a number', () => {
    const several = compareSeveral([right!, wrong!, half!], 1, { objective })
    expect(verdictOf(several, undefined)).toEqual({ passed: false, text: 'C is credibly worse than A' })
    expect(verdictOf(compareSeveral([half!, right!, wrong!], 1, { objective }), undefined)).toEqual({
      passed: true, // C is worse than B, and that is not asked
      text: 'none is credibly worse than B',
    })
    expect(verdictOf(compareValue([wrong!], 0.9, 1, { objective }), undefined)).toEqual({
      passed: false,
      text: 'A is credibly worse than 0.9',
    })
  })

  it('has a check for each pair that it looks at', () => {
    const several = compareSeveral([right!, wrong!, half!], 1, { objective })
    expect(gateOf(several, undefined).checks).toEqual([
      { name: 'C is not credibly worse than A', passed: false, text: 'C is credibly worse than A' },
      { name: 'B is not credibly worse than A', passed: true, text: expect.stringContaining('B is neither') as string },
    ])
    expect(gateOf(pair(right!, right!), 0.4).checks).toEqual([
      {
        name: 'B is shown to be worse than A by less than 0.4, if at all',
        passed: true,
        text: 'B is shown to be worse than A by less than 0.4, if at all: the interval lies above −0.4',
      },
    ])
  })

  it('with a margin passes only what is shown to be worse by less', () => {
    expect(gateOf(pair(right!, right!), 0.02)).toMatchObject({ passed: false }) // eight tasks do not show it
    expect(gateOf(pair(right!, right!), 0.4)).toMatchObject({ passed: true })
    expect(gateOf(pair(right!, wrong!), 0.4).text).toContain('B is not shown to be worse than A by less than 0.4')
  })
})

describe('requireDecidable', () => {
  const of = async (tasks: number, level: number) => {
    const [a, b] = await Promise.all(['1', '0'].map((c, i) => named('AB'[i]!, c.repeat(tasks))))
    return comparePair([a!, b!], 1, { objective, level })
  }

  it('refuses fewer tasks than could make a gate fail', async () => {
    for (const [level, fewest] of [
      [0.9, 5],
      [0.95, 6],
      [0.99, 8],
    ] as const) {
      const few = await of(fewest - 1, level)
      expect(() => requireDecidable(few)).toThrow(
        `a gate on ${fewest - 1} tasks can never fail: a system that loses all of them is not yet credibly worse at --level ${level}`,
      )
      expect(gateOf(few, undefined).passed).toBe(true)
      const enough = await of(fewest, level)
      expect(() => requireDecidable(enough)).not.toThrow()
      expect(gateOf(enough, undefined).passed).toBe(false)
    }
  })

  it('counts what a number asks for, by the interval and the test', async () => {
    const against = async (tasks: number, value: number) =>
      compareValue([await named('A', '0'.repeat(tasks))], value, 1, { objective, level: 0.95 })
    for (const value of [0.05, 0.42, 0.6, 0.9]) {
      let fewest = 2
      while (gateOf(await against(fewest, value), undefined).passed) fewest++
      const few = await against(fewest - 1, value)
      const enough = await against(fewest, value)
      if (fewest > 2) expect(() => requireDecidable(few)).toThrow(`a gate on ${fewest - 1} tasks can never fail`)
      expect(() => requireDecidable(enough)).not.toThrow()
    }
    const nothing = await against(5, 0)
    expect(() => requireDecidable(nothing)).toThrow('a gate on 5 tasks can never fail')
  })

  it('asks for more where several pairs share the level, and for none where p belongs to the interval', async () => {
    const logs = await Promise.all(['1111111', '0000000', '1111111'].map((text, i) => named('ABC'[i]!, text)))
    expect(() => requireDecidable(compareSeveral(logs, 1, { objective }))).not.toThrow()
    const six = await Promise.all(['111111', '000000', '111111'].map((text, i) => named('ABC'[i]!, text)))
    expect(() => requireDecidable(compareSeveral(six, 1, { objective }))).toThrow('a gate on 6 tasks can never fail')
    expect(() => requireDecidable(compareUnpaired([six[0]!, six[1]!], 1, { objective }))).not.toThrow()
  })
})
