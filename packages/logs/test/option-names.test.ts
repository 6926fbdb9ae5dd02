import { expect, it } from 'vitest'
import { nameOfOption } from '../src/option-names.js'

it('calls an option as its caller does, otherwise as it is here', () => {
  expect(nameOfOption('dropShort')).toBe('dropShort: true')
  expect(nameOfOption('where', { dropShort: '--drop-short' })).toBe('where:')
  expect(nameOfOption('dropShort', { dropShort: '--drop-short' })).toBe('--drop-short')
})
