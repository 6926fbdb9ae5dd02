import { describe, expect, it } from 'vitest'
import { ReviewState, type Store } from '../../src/viewer/review-state.js'

const data = {
  key: 'k',
  samples: ['a', 'b', 'c'].map((task_id, index) => ({
    task_id,
    index,
    prompt: '',
    response: '',
    reference: null,
    answer: null,
    reward: index === 2 ? null : index,
    why: ['control'],
    weight: index + 1,
  })),
}

const storeOf = (kept: string | null | undefined): Store & { kept: string | null | undefined } => {
  const store = {
    kept,
    read: () => store.kept,
    write: (text: string) => {
      store.kept = text
      return true
    },
  }
  return store
}

describe('ReviewState', () => {
  it('judges, takes back, notes, and writes a line for each', () => {
    const state = new ReviewState(data, storeOf(null))
    state.judge(1)
    state.move(1)
    state.judge(0)
    state.note('say "no"\n<b>')
    state.move(1)
    state.judge(null)
    state.move(-2)
    expect(state.progress()).toBe('1 of 3; 3 judged: 1 right, 1 wrong, 1 cannot tell')
    state.judge(1) // again: taken back
    expect(state.judgement.gold).toBeUndefined()
    expect(state.lines()).toBe(
      '{"task_id":"a","index":0,"reward":0,"why":["control"],"weight":1}\n' +
        '{"task_id":"b","index":1,"gold":0,"note":"say \\"no\\"\\n<b>","reward":1,"why":["control"],"weight":2}\n' +
        '{"task_id":"c","index":2,"gold":null,"reward":null,"why":["control"],"weight":3}\n',
    )
    state.move(1)
    state.note('')
    expect(state.lines()).not.toContain('note')
  })

  it('moves no further than the ends, and to what is not judged, around the end', () => {
    const state = new ReviewState(data, storeOf(null))
    state.move(-1)
    expect(state.place).toBe(0)
    state.move(9)
    expect(state.place).toBe(2)
    state.judge(1)
    state.toNotJudged()
    expect(state.place).toBe(0)
    state.judge(1)
    state.toNotJudged()
    expect(state.place).toBe(1)
    state.judge(1)
    state.toNotJudged()
    expect(state.place).toBe(1)
  })

  it('goes on from what was kept, at the first that is not judged', () => {
    const store = storeOf(null)
    const before = new ReviewState(data, store)
    before.judge(null)
    before.note('why?')
    const after = new ReviewState(data, store)
    expect([after.place, after.isKept]).toEqual([1, true])
    after.move(-1)
    expect(after.judgement).toEqual({ gold: null, note: 'why?' })
  })

  it.each(['{', '7', 'null', '[3, null, {"gold": 2, "note": 4}]', '[{"gold": "1"}, [], "x", {}, {"gold": 1}]'])(
    'takes nothing but verdicts from what it finds: %s',
    (kept) => {
      const state = new ReviewState(data, storeOf(kept))
      expect(state.lines()).not.toMatch(/gold|note/)
      expect(state.place).toBe(0)
    },
  )

  it('knows whether it keeps anything', () => {
    expect(new ReviewState(data, storeOf(undefined)).isKept).toBe(false)
    const full = new ReviewState(data, { read: () => null, write: () => false })
    expect(full.isKept).toBe(true)
    full.judge(1)
    expect(full.isKept).toBe(false)
  })
})
