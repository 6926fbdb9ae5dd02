import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fitBradleyTerry, fitPlackettLuce } from '@posttrain/rewards'

/** Values made by tools/golden/preferences.py with statsmodels and choix. */
const golden = JSON.parse(
  readFileSync(new URL('../../../../tools/golden/preferences.json', import.meta.url), 'utf8'),
) as {
  bradleyTerry: {
    home: boolean
    games: [first: number, second: number, won: boolean][]
    values: number[]
    errors: number[]
    logLikelihood: number
  }[]
  plackettLuce: { rankings: number[][]; values: number[] }[]
}

describe('abilities of other implementations', () => {
  it.each(golden.bradleyTerry)(
    'statsmodels, home advantage $home',
    ({ home, games, values, errors, logLikelihood }) => {
      const fit = fitBradleyTerry(
        games.map(([first, second, won]) => {
          const [winner, loser] = won ? [first, second] : [second, first]
          return { winner: `${winner}`, loser: `${loser}`, home: `${first}` }
        }),
        { reference: '0', homeAdvantage: home },
      )
      const found = values.map((_, i) => {
        const item = fit.items.find(({ name }) => name === `${i + 1}`)
        return item ? [item.ability, item.se] : [fit.homeAdvantage!.value, fit.homeAdvantage!.se]
      })
      expect(found).toHaveLength(home ? 6 : 3)
      found.forEach(([value, se], i) => {
        expect(value).toBeCloseTo(values[i]!, 10)
        expect(se).toBeCloseTo(errors[i]!, 10)
      })
      expect(fit.logLikelihood).toBeCloseTo(logLikelihood, 9)
    },
  )

  it.each(golden.plackettLuce)('choix, rankings of 2 to 5 items', ({ rankings, values }) => {
    const fit = fitPlackettLuce(
      rankings.map((items) => ({ ranked: items.map(String) })),
      { reference: '0' },
    )
    // choix stops where its steps are below 1e-13 of the strengths, of which it takes thousands.
    for (const { name, ability } of fit.items) expect(ability).toBeCloseTo(values[Number(name)]!, 9)
  })
})
