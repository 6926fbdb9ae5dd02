import type { LiveState } from '../live-state.js'
import { element } from './element.js'
import { lineStyle } from './line-style.js'
import { written } from './written.js'

/** The last values as a table in an area that scrolls, with the colour of each series. */
export function liveValues({ charts, series, steps }: LiveState, rowHeader: string): HTMLElement {
  const head = [
    heading('', rowHeader),
    ...['step', ...charts.map(({ title }) => title)].map((text) => heading('right', text)),
    heading('', 'state'),
  ]
  const rows = series.map(({ name, points, note }, place) => {
    const last = points.at(-1)
    const values = charts.map(({ key, unit }) => {
      const value = last?.values[key]
      return element('td', 'right', value === undefined ? '' : written(value, unit))
    })
    const step = element('td', 'right', last === undefined ? '' : `${last.step + 1} of ${steps}`)
    return element('tr', '', nameCell(name, place), step, ...values, element('td', 'left', note))
  })
  const grid = element('table', 'wide', element('thead', '', element('tr', '', ...head)), element('tbody', '', ...rows))
  const area = element('div', 'scroll', grid)
  area.tabIndex = 0
  area.setAttribute('role', 'region')
  area.setAttribute('aria-label', 'Table of last values')
  const hint = element('p', 'hint', 'Scroll sideways to see all of it →')
  hint.setAttribute('aria-hidden', 'true')
  return element('div', 'wide-contents', hint, area)
}

function heading(align: string, text: string): HTMLElement {
  const cell = element('th', align, text)
  cell.scope = 'col'
  return cell
}

function nameCell(name: string, place: number): HTMLElement {
  const swatch = element('span', 'swatch')
  swatch.style.background = lineStyle(place).color
  const cell = element('th', '', swatch, name)
  cell.scope = 'row'
  return cell
}
