import { expect, it } from 'vitest'
import { gateSections } from '../src/gate-section.js'

const check = (text: string) => ({ name: 'a check', passed: false, text })

it('says whether a gate lets pass, in one sentence or one for each check', () => {
  expect(gateSections(undefined)).toEqual([])
  expect(gateSections({ passed: true, text: 'B is not worse', checks: [check('B is better')] })).toEqual([
    { kind: 'prose', title: 'Gate passed', text: 'B is not worse' },
  ])
  expect(gateSections({ passed: false, text: 'x; y', checks: [check('x'), check('y')] })).toEqual([
    { kind: 'prose', title: 'Gate failed', text: 'x\n\ny' },
  ])
})
