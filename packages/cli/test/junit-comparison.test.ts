import { describe, expect, it } from 'vitest'
import { comparePair, compareSeveral, compareValue, type Compared, type ComparedLog } from '../src/compared.js'
import { gateOf } from '../src/gate.js'
import { comparisonSuites } from '../src/junit-comparison.js'
import { logOf } from './in-memory.js'

const named = async (letter: string, verdicts: string): Promise<ComparedLog> => {
  const log = await logOf([...verdicts].map((c, i) => ({ task_id: `t${i}`, passed: c === '1' })))
  return { letter, label: `${letter}: log`, log }
}
const [right, half, wrong] = await Promise.all(
  ['1'.repeat(30), '10'.repeat(15), '0'.repeat(30)].map((verdicts, i) => named('ABC'[i]!, verdicts)),
)
const objective = 'pass@1'
const suitesOf = (compared: Compared, logs: readonly ComparedLog[], gated: boolean) => {
  const gate = gated ? gateOf(compared, undefined) : undefined
  return comparisonSuites({ title: 'compare by pass@1: a, b', notes: ['so it is'], gate }, compared, logs)
}

describe('comparisonSuites', () => {
  it('fails by the gate, with the tasks that got worse, as many as can be looked at', () => {
    const logs = [right!, { ...wrong!, letter: 'B', label: 'B: log' }]
    const compared = comparePair(logs, 1, { objective })
    const suite = suitesOf(compared, logs, true)[0]!
    expect(suite).toMatchObject({
      name: 'compare by pass@1: a, b',
      properties: {
        'pass@1 of A: log': expect.stringMatching(/^100\.0 % \[/) as string,
        'pass@1 of B: log': expect.stringMatching(/^0\.0 % \[/) as string,
      },
      output: 'so it is',
    })
    const { name, failure } = suite.cases[0]!
    expect(name).toBe('B is not credibly worse than A')
    expect(failure!.message).toMatch(/^B is credibly worse than A; B − A: −100\.0 pp \[.*\], p = /)
    const lines = failure!.text.split('\n')
    expect(lines[2]).toBe('B is worse than A on 30 tasks, the 20 with the largest difference:')
    expect(lines.slice(3)).toEqual(Array.from({ length: 20 }, (_, i) => `"t${i}": 1 → 0`))
    expect(suitesOf(compared, logs, false)[0]!.cases).toEqual([
      { name: 'B against A', output: expect.stringContaining('\n"t0": 1 → 0\n') as string },
    ])
  })

  it('has a case for each pair of several, of which those with the first log can fail', () => {
    const logs = [right!, half!, wrong!]
    const { cases } = suitesOf(compareSeveral(logs, 1, { objective }), logs, true)[0]!
    expect(cases.map(({ name, failure }) => [name, failure === undefined])).toEqual([
      ['B is not credibly worse than A', false],
      ['C is not credibly worse than A', false],
      ['C against B', true],
    ])
    expect(cases[2]!.output).toContain('C is credibly worse than B\n') // and that is not asked
  })

  it('says where nothing got worse, and lists no tasks against a number', () => {
    const better = suitesOf(comparePair([half!, right!], 1, { objective }), [half!, right!], true)[0]!
    expect(better.cases[0]!.output).toMatch(/\nB is worse than A on no task$/)
    const against = suitesOf(compareValue([wrong!], 0.9, 1, { objective }), [wrong!], true)[0]!
    expect(against.cases[0]!.failure!.text).toMatch(/^A is credibly worse than 0\.9\nA − 0\.9: −90\.0 pp .*$/)
  })
})
