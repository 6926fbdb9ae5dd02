import { describe, expect, it } from 'vitest'
import { binaryRewards } from '@posttrain/estimators'
import { withRewards } from './outcomes.js'

describe('binaryRewards', () => {
  it('are the rewards of 0 and 1, in order', () => {
    expect(binaryRewards('pass@2', withRewards(1, 0, 1))).toEqual(new Float64Array([1, 0, 1]))
  })

  it('refuse any other, naming who asks and the first one', () => {
    expect(() => binaryRewards('pass@2', withRewards(1, 0.5, 2))).toThrow(
      'pass@2 needs rewards of 0 or 1, but rewards[1] is 0.5',
    )
    expect(() => binaryRewards('pass@2', withRewards(NaN))).toThrow('rewards[0] must be a finite number, but is NaN')
  })
})
