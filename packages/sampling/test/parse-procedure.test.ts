import { describe, expect, it } from 'vitest'
import { budgetForcing, isProcedureName, parseProcedure, procedureForms } from '@posttrain/sampling'
import { exactMatch } from './support/scripted-sampler.js'
import { speakingSampler } from './support/speaking-sampler.js'

const by = { ...exactMatch, name: 'proxy' }

describe('parseProcedure', () => {
  it.each([
    ['single', 'single sample', 'mean'],
    ['mean', 'single sample', 'mean'],
    ['first-passing:4', 'first-passing@4 by proxy', 'first-passing@4 by proxy'],
    ['pass@4', 'first-passing@4 by proxy', 'first-passing@4 by proxy'],
    ['majority:8', 'maj@8', 'maj@8'],
    ['maj@8', 'maj@8', 'maj@8'],
    ['best-of:16', 'best-of-16 by proxy', 'best-of-16 by proxy'],
    ['best-of-16', 'best-of-16 by proxy', 'best-of-16 by proxy'],
    ['first-passing:4,threshold=0.5', 'first-passing@4≥0.5 by proxy', 'first-passing@4≥0.5 by proxy'],
    ['weighted-majority:3', 'weighted-maj@3 by proxy', 'weighted-maj@3 by proxy'],
    ['weighted-maj@3 by proxy', 'weighted-maj@3 by proxy', 'weighted-maj@3 by proxy'],
    ['borda:3,power=2', 'borda@3^2 by proxy', 'borda@3^2 by proxy'],
    ['borda:3', 'borda@3^0.5 by proxy', 'borda@3^0.5 by proxy'],
    ['borda@3^0.25', 'borda@3^0.25 by proxy', 'borda@3^0.25 by proxy'],
    ['borda@3^1e-7 by proxy', 'borda@3^1e-7 by proxy', 'borda@3^1e-7 by proxy'],
    ['first-passing@4≥-0.5 by proxy', 'first-passing@4≥-0.5 by proxy', 'first-passing@4≥-0.5 by proxy'],
    ['first-passing:4,threshold=-0.5', 'first-passing@4≥-0.5 by proxy', 'first-passing@4≥-0.5 by proxy'],
    ['best-of-16 by proxy', 'best-of-16 by proxy', 'best-of-16 by proxy'],
    ['adaptive', 'adaptive@40 (beta 0.95)', undefined],
    ['adaptive:16,criterion=dirichlet,threshold=0.9', 'adaptive@16 (dirichlet 0.9)', undefined],
    ['confident:9,share=0.75,warmUp=3', 'confident@9 (0.75 after 3)', undefined],
    ['deepconf:64', 'deepconf@64 (0.1 after 16, groups of 2048)', undefined],
    ['deepconf:32,keep=0.9,warmUp=8,window=16', 'deepconf@32 (0.9 after 8, groups of 16)', undefined],
    ['sequential', 'sequential@8 (3 agree)', undefined],
    ['sequential:9,needed=4', 'sequential@9 (4 agree)', undefined],
    ['sprt:40', 'sprt@40 (0.4 or 0.6) by proxy', undefined],
    ['beam:4', 'beam:4,width=4,depth=8 by proxy', undefined],
    ['beam:2,width=3,depth=5,lookahead=1,aggregate=min', 'beam:2,width=3,depth=5,lookahead=1 by proxy', undefined],
    ['dvts:2,width=3,tokens=64', 'dvts:2,width=3,depth=8 by proxy', undefined],
    ['mcts:50,selection=puct,c=2.5', 'mcts:50,width=4,selection=puct by proxy', undefined],
    ['budget-forcing:4096', 'budget-forcing:4096,least=0', undefined],
    ['budget-forcing:4096,least=512,final=Final Answer:', 'budget-forcing:4096,least=512', undefined],
  ])('%s is %s', (text, procedure, objective) => {
    expect(isProcedureName(text)).toBe(true)
    const parsed = parseProcedure(text, { by })
    expect([parsed.name, parsed.objective?.name]).toEqual([procedure, objective])
    // The name of an objective stands for the procedure that has it.
    if (objective !== undefined) expect(parseProcedure(objective, { by }).name).toBe(procedure)
  })

  it('reads answers as told', () => {
    const vote = parseProcedure('majority:2', { answerOf: ({ text }) => text.slice(0, 1) })
    const sample = { id: 't', taskId: 't', seed: 0, index: 0, text: 'yes', finish: 'stop' as const }
    const read = vote.answerOf!({ ...sample, usage: { promptTokens: 1, completionTokens: 1 } }, { id: 't', prompt: '' })
    expect(read).toBe('y')
  })

  it.each([
    ['pass^4', 'the procedure pass^4 is unknown'],
    ['max@4', 'is unknown'],
    ['constructor', 'is unknown'],
    ['', 'is unknown'],
    ['majority:0', 'is unknown'],
    ['majority:8,', 'is unknown'],
    ['majority:8, answer=x', 'is unknown'],
    ['majority', 'the procedure majority lacks its number'],
    ['single:3', 'the procedure single:3 has no number'],
    ['majority:8,width=2', 'the procedure majority:8,width=2 has no option width'],
    ['beam:2,width=a', 'has a width that is no number'],
    ['beam:2,width=2.5', 'width must be an integer'],
    ['beam:2,width=2,width=3', 'says width twice'],
    ['mcts:5,selection=best', 'selection'],
    ['beam:2,aggregate=max', 'aggregate'],
    ['budget-forcing', 'the procedure budget-forcing lacks its number'],
    ['budget-forcing:8,least=9', 'minimum must be an integer from 0 to 8, but is 9'],
    ['budget-forcing:8,waits=0.5', 'waits must be an integer'],
    ['borda:2,power=-1', 'exponent must be a finite number of at least 0'],
    ['best-of-4 by judge', 'chooses by judge, but by is proxy'],
    ['weighted-maj@4 (weigh) by proxy', 'is unknown'],
  ])('refuses %j', (text, message) => {
    expect(() => parseProcedure(text, { by })).toThrow(message)
  })

  it('declares budget forcing as a program does', async () => {
    const task = { id: 't', prompt: 'task' }
    // It ends its thinking after every second token, and answers with an x.
    const speaking = (end: string): ReturnType<typeof speakingSampler> =>
      speakingSampler((_, __, { id }) => (id!.includes('answer') ? 'x=' : `ab${end}`))
    const declared = parseProcedure('budget-forcing:9,least=6,end=#,wait=W,waits=2,final=!')
    const { answer } = await declared.run(speaking('#'), task)
    const options = { maximum: 9, minimum: 6, endOfThinking: '#', wait: 'W', waits: 2, final: '!' }
    expect((await budgetForcing(options).run(speaking('#'), task)).answer).toBe(answer)
    expect(answer).toBe('abWab#!x=')
  })

  it('refuses one that lacks what it chooses by', () => {
    for (const text of ['best-of:4', 'best-of-4', 'pass@2', 'beam:2', 'dvts:2', 'mcts:3']) {
      expect(() => parseProcedure(text)).toThrow('needs by, what it chooses by')
    }
  })

  it('says how each is written', () => {
    for (const { form } of procedureForms) {
      const text = form.replace(/:[A-Z]+/, ':3').replace(/,\w+=[A-Z]+(?=,|$)/g, '')
      expect(parseProcedure(text, { by }).name).not.toBe('')
    }
    expect(['pass^4', 'max@4', 'logprob-maj@4', 'grpo', 'pass@0', ''].filter(isProcedureName)).toEqual([])
  })
})
