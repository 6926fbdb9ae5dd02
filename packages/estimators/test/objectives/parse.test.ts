import { describe, expect, it } from 'vitest'
import { parseObjective } from '@posttrain/estimators'

describe('parseObjective', () => {
  it.each([
    ['mean', 1],
    ['pass@8', 8],
    ['max@16', 16],
    ['maj@1', 1],
  ])('%s has k = %d and its own name', (name, k) => {
    expect(parseObjective(name)).toMatchObject({ name, k })
  })

  it.each([
    'pass',
    'pass@',
    'pass@0',
    'pass@-1',
    'pass@1.5',
    'pass@08',
    'PASS@8',
    'median',
    'constructor@2',
    '',
    'maj@8 ',
  ])("refuses '%s'", (name) => {
    expect(() => parseObjective(name)).toThrow(`the objective '${name}' is unknown`)
  })

  it('names the accepted forms', () => {
    try {
      parseObjective('best')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({
        code: 'invalid-argument',
        hint: expect.stringContaining('mean, pass@K, max@K or maj@K') as string,
      })
    }
  })
})
