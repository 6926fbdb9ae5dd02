import { expect, it } from 'vitest'
import { settingsTable } from '../src/settings-table.js'

it('flattens nested settings, in their order, leaving out what is not set', () => {
  const settings = {
    task: 'game24',
    adam: { rate: 1e-4, betas: [0.9, 0.95], decay: undefined },
    resume: null,
    full: true,
  }
  expect(settingsTable(settings).rows).toEqual([
    ['task', 'game24'],
    ['adam.rate', '0.0001'],
    ['adam.betas', '[0.9,0.95]'],
    ['resume', 'null'],
    ['full', 'true'],
  ])
})
