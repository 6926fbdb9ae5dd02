import { describe, expect, it } from 'vitest'
import { isProcedureName, parseProcedure } from '@posttrain/sampling'
import { exactMatch } from '../support/scripted-sampler.js'

const by = { ...exactMatch, name: 'proxy' }

describe('parseProcedure', () => {
  it.each([
    ['mean', 'single sample', 'mean'],
    ['pass@4', 'first-passing@4 by proxy', 'first-passing@4 by proxy'],
    ['maj@8', 'maj@8', 'maj@8'],
    ['best-of-16', 'best-of-16 by proxy', 'best-of-16 by proxy'],
  ])('%s is %s', (name, procedure, objective) => {
    expect(isProcedureName(name)).toBe(true)
    const parsed = parseProcedure(name, { by })
    expect([parsed.name, parsed.objective.name]).toEqual([procedure, objective])
  })

  it('reads answers as told', async () => {
    const vote = parseProcedure('maj@2', { answerOf: ({ text }) => text.slice(0, 1) })
    const sample = { id: 't', taskId: 't', seed: 0, index: 0, text: 'yes', finish: 'stop' as const }
    const read = vote.answerOf!({ ...sample, usage: { promptTokens: 1, completionTokens: 1 } }, { id: 't', prompt: '' })
    expect(read).toBe('y')
  })

  it('refuses what is no procedure, and one that lacks what it chooses by', () => {
    expect(['pass^4', 'max@4', 'first-passing@4', 'grpo', 'pass@0', ''].filter(isProcedureName)).toEqual([])
    expect(() => parseProcedure('pass^4')).toThrow("the procedure 'pass^4' is unknown")
    expect(() => parseProcedure('best-of-4')).toThrow('bestOf needs by, the reward function that it chooses by')
  })
})
