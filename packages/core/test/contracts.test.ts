import {
  addUsage,
  constantOf,
  isMessage,
  NO_USAGE,
  requestId,
  scoreOf,
  shapingOf,
  textOf,
  textPrompt,
  withoutReference,
  type Piece,
} from '@posttrain/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

describe('requestId', () => {
  it('is the task’s own id without labels, and otherwise another for other labels', () => {
    const label = fc.oneof(fc.string(), fc.integer())
    const name = fc.tuple(fc.string(), fc.array(label, { minLength: 1, maxLength: 3 }))
    expect(requestId('a')).toBe('a')
    fc.assert(
      fc.property(name, name, ([task, labels], [otherTask, otherLabels]) => {
        const same = JSON.stringify([task, labels]) === JSON.stringify([otherTask, otherLabels])
        expect(requestId(task, ...labels) === requestId(otherTask, ...otherLabels)).toBe(same)
      }),
    )
  })
})

describe('shapingOf', () => {
  it('keeps what changes the distribution and nothing else', () => {
    expect(shapingOf({ temperature: 1, topP: 1, minP: 0 })).toBeUndefined()
    expect(shapingOf({})).toBeUndefined()
    expect(shapingOf({ temperature: 0, topK: 5, topP: 0.9, minP: 0.1 })).toEqual({
      temperature: 0,
      topK: 5,
      topP: 0.9,
      minP: 0.1,
    })
  })
})

describe('addUsage', () => {
  it('adds tokens; the cost of a sum with an unknown part is unknown', () => {
    const paid = { promptTokens: 3, completionTokens: 4, cost: 0.5 }
    expect(addUsage([])).toEqual(NO_USAGE)
    expect(addUsage([paid, paid])).toEqual({ promptTokens: 6, completionTokens: 8, cost: 1 })
    expect(addUsage([paid, { promptTokens: 1, completionTokens: 1 }])).toEqual({ promptTokens: 4, completionTokens: 5 })
  })
})

describe('pieces', () => {
  const said: Piece = { text: 'Let me see. ' }
  const heard: Piece = { role: 'tool', content: '4' }
  it('have the text of what was said and of what messages say', () => {
    expect([said, heard].map(isMessage)).toEqual([false, true])
    expect(textOf([said, heard, { text: ' So 4.' }])).toBe('Let me see. 4 So 4.')
  })
})

describe('tasks', () => {
  const task = { id: 'a', prompt: '1+1=', reference: '2', tags: { split: 'train' } }
  it('lose their reference, and only that, where a procedure is deployed', () => {
    expect(withoutReference(task)).toEqual({ id: 'a', prompt: '1+1=', tags: { split: 'train' } })
    expect('reference' in withoutReference(task)).toBe(false)
  })

  it('have a text or refuse to be one', () => {
    expect(textPrompt(task)).toBe('1+1=')
    expect(() => textPrompt({ id: 'a', prompt: [{ role: 'user', content: 'hi' }] })).toThrow(
      'the prompt of task a is a chat, but a text is needed',
    )
  })
})

describe('what must be there', () => {
  it('is named when it is missing', () => {
    expect(scoreOf({ value: Float64Array.of(1) }, 'value')).toEqual(Float64Array.of(1))
    expect(() => scoreOf({}, 'entropy')).toThrow('the score entropy is missing')
    expect(constantOf({ weight: 1, margin: 2 }, 'margin')).toBe(2)
    expect(() => constantOf({ weight: 1 }, 'oldLogprob')).toThrow('the constant oldLogprob is missing')
  })
})
