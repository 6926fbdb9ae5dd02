import { describe, expect, it } from 'vitest'
import { TimeLeft } from '../src/time-left.js'

describe('TimeLeft', () => {
  it('is unknown at the first look, and never 0 there', () => {
    expect(new TimeLeft(0, 1000).after(0, 60, 1000)).toBe('time left unknown')
    expect(new TimeLeft(1, 1000).after(1, 60, 1000)).toBe('time left unknown')
    expect(new TimeLeft(1, 1000).after(2, 60, 1000)).toBe('time left unknown')
  })

  it('counts only what was done since: a run that is continued at step 50 is not taken for a fast one', () => {
    expect(new TimeLeft(50, 0).after(51, 60, 2000)).toBe('about 18 s left')
    expect(new TimeLeft(50, 0).after(60, 60, 20_000)).toBe('about 0 s left')
    expect(new TimeLeft(50, 0).after(61, 60, 20_000)).toBe('about 0 s left')
  })

  it('speaks of seconds, minutes and hours', () => {
    const left = (seconds: number): string => new TimeLeft(0, 0).after(1, 2, 1000 * seconds)
    expect([89, 91, 3600, 5399, 9000].map(left)).toEqual([
      'about 89 s left',
      'about 2 min left',
      'about 60 min left',
      'about 90 min left',
      'about 2.5 h left',
    ])
  })
})
