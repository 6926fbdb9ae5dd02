import { describe, expect, it } from 'vitest'
import { fitBradleyTerry, type PairedComparison, type PreferenceFit } from '@posttrain/rewards'
import { missing, rowsOf, textOf, titled } from './real-data.js'

const abilities = (fit: PreferenceFit, digits = 2): Record<string, number> =>
  Object.fromEntries(fit.items.map(({ name, ability }) => [name, Number(ability.toFixed(digits))]))
const itemOf = (fit: PreferenceFit, name: string): PreferenceFit['items'][number] =>
  fit.items.find((item) => item.name === name)!

describe.skipIf(missing)(titled('baseball in 1987 (Agresti, Categorical Data Analysis, table 10.11)'), () => {
  const games = missing
    ? []
    : rowsOf('baseball_1987.csv', ',').flatMap(([home, away, won, lost]): PairedComparison[] => [
        { winner: home!, loser: away!, count: Number(won), home: home! },
        { winner: away!, loser: home!, count: Number(lost), home: home! },
      ])

  it('has the printed abilities and standard errors without home advantage', () => {
    const fit = fitBradleyTerry(games, { reference: 'Baltimore' })
    expect(abilities(fit)).toEqual({
      Milwaukee: 1.58,
      Detroit: 1.44,
      Toronto: 1.29,
      'New York': 1.25,
      Boston: 1.11,
      Cleveland: 0.68,
      Baltimore: 0,
    })
    expect(fit.comparisons).toBe(273)
    for (const [name, ability, se] of [
      ['Boston', 1.107698, 0.33388],
      ['Cleveland', 0.683853, 0.33188],
      ['Detroit', 1.436408, 0.33957],
      ['Milwaukee', 1.581356, 0.34326],
      ['New York', 1.247618, 0.33586],
      ['Toronto', 1.294485, 0.33667],
    ] as const) {
      expect(itemOf(fit, name).ability).toBeCloseTo(ability, 6)
      expect(itemOf(fit, name).se).toBeCloseTo(se, 5)
    }
    expect(fit.logLikelihood).toBeCloseTo(-172.24817599471595, 10)
  })

  it('has the printed home advantage of 0.302 and the abilities beside it', () => {
    const fit = fitBradleyTerry(games, { reference: 'Baltimore', homeAdvantage: true })
    expect(fit.homeAdvantage!.value).toBeCloseTo(0.3022606555289408, 12)
    expect(fit.homeAdvantage!.se).toBeCloseTo(0.13094370745591707, 10)
    expect(fit.logLikelihood).toBeCloseTo(-169.54287145241435, 10)
    const strengths = fit.items.map(({ ability }) => Math.exp(ability))
    const total = strengths.reduce((a, b) => a + b, 0)
    expect(strengths.map((strength) => Number((strength / total).toFixed(3)))).toEqual([
      0.22, 0.19, 0.164, 0.157, 0.137, 0.088, 0.044,
    ])
  })
})

it.skipIf(missing)(titled('citations between four journals of statistics (Stigler 1994)'), () => {
  const cited = rowsOf('citations.tsv', '\t').map(([winner, loser, count]): PairedComparison => ({
    winner: winner!,
    loser: loser!,
    count: Number(count),
  }))
  const fit = fitBradleyTerry(cited, { reference: 'Biometrika' })
  for (const [name, ability, se] of [
    ['JRSS-B', 0.2689540558194717, 0.07082996511114127],
    ['JASA', -0.47956976975199284, 0.060588729248230694],
    ['Comm Statist', -2.9490724968439097, 0.10254533551120854],
  ] as const) {
    expect(itemOf(fit, name).ability).toBeCloseTo(ability, 12)
    expect(itemOf(fit, name).se).toBeCloseTo(se, 12)
  }
})

it.skipIf(missing).each([1, 2])(titled('the published strengths of choix, case %i'), (number) => {
  const { data, ml_est: published } = JSON.parse(textOf(`choix_testcase-pairwise-${number}.json`)) as {
    data: [number, number][]
    ml_est: number[]
  }
  const fit = fitBradleyTerry(data.map(([winner, loser]) => ({ winner: `${winner}`, loser: `${loser}` })))
  const strengths = published.map((_, i) => Math.exp(itemOf(fit, `${i}`).ability))
  const scale = published.length / strengths.reduce((a, b) => a + b, 0)
  // The last digit printed is off by one where its iteration stopped.
  strengths.forEach((strength, i) => expect(Math.abs(strength * scale - published[i]!)).toBeLessThan(1e-8))
})
