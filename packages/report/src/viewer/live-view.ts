import { applyLiveEvent, type LiveEvent, type LiveState } from '../live-state.js'
import { element } from './element.js'
import { liveChart } from './live-chart.js'
import { liveValues } from './live-values.js'

/** Brings a live page to life: it listens to its server until nothing will come any more. */
export function liveView(root: HTMLElement): void {
  const part = (name: string): HTMLElement => root.querySelector<HTMLElement>(`[data-part=${name}]`)!
  const [status, table, charts] = [part('status'), part('table'), part('charts')]
  const source = new EventSource(root.dataset['events']!)
  let state: LiveState | undefined
  let isDrawing = false

  const draw = (): void => {
    isDrawing = false
    if (state === undefined) return
    say(state.status)
    table.replaceChildren(liveValues(state, root.dataset['rowHeader']!))
    charts.replaceChildren(...state.charts.map((chart) => figure(state!, chart)))
  }
  const say = (text: string): void => {
    if (status.textContent !== text) status.textContent = text // a reader hears what changes
  }

  source.onmessage = ({ data }: MessageEvent<string>) => {
    state = applyLiveEvent(state, JSON.parse(data) as LiveEvent)
    if (state?.ended) source.close()
    if (isDrawing) return
    isDrawing = true
    requestAnimationFrame(draw)
  }
  source.addEventListener('failure', ({ data }: MessageEvent<string>) => {
    source.close()
    say((JSON.parse(data) as { readonly error: { readonly message: string } }).error.message)
  })
  source.onerror = () => {
    if (!state?.ended) say('The server is away; this page goes on when it is back.')
  }
}

function figure(state: LiveState, chart: LiveState['charts'][number]): HTMLElement {
  const { title, unit } = chart
  return element(
    'figure',
    '',
    element('figcaption', '', unit.symbol === '' ? title : `${title} (${unit.symbol})`),
    liveChart(state, chart),
  )
}
