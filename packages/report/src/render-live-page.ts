import { html } from './html.js'
import { htmlPage } from './html-page.js'
import { liveHash, liveScript } from './live.generated.js'

const STYLE = `
.live svg { width: 100%; height: auto; }
.live text { fill: var(--chart-ink); font-size: 17px; }
.live .grid { stroke: var(--chart-grid); }
.live path { fill: none; stroke-linejoin: round; }
.live .raw { opacity: 0.28; }
.live .status { font-weight: 500; }
@media (max-width: 40rem) { .live text { font-size: 20px; } }
.live .swatch { display: inline-block; width: 1.6rem; height: 0.3rem; margin-right: 0.5rem; vertical-align: middle; }
`

/** What a live page is made with. */
export interface LivePageOptions {
  readonly title: string
  readonly subtitle?: string | undefined
  /** Where the server says what comes, as server-sent events of `LiveEvent`, for instance `/events`. */
  readonly events: string
  /** What a series is, for instance `variant`. */
  readonly rowHeader: string
}

/**
 * A page that draws what its server tells it: one chart for each quantity, a line for each series, and the last values
 * as a table. It asks the server that it came from and nobody else, goes on after that server was away, and stays as it
 * is when nothing will come any more.
 *
 * @returns the page; the same options give the same bytes
 * @example
 * ```ts
 * const page = renderLivePage({ title: 'A < B', events: '/events', rowHeader: 'variant' })
 * page.includes("connect-src 'self'") // => true
 * ```
 */
export const renderLivePage = ({ title, subtitle, events, rowHeader }: LivePageOptions): string =>
  htmlPage({
    title,
    head: html`<p class="subtitle">${subtitle ?? ''}</p>`,
    main: html`<div class="live" data-events="${events}" data-row-header="${rowHeader}">
<p class="status" role="status" data-part="status">Waiting for the server.</p>
<section aria-label="Last values" data-part="table"></section>
<section><h2>Charts</h2><div class="charts" data-part="charts"></div></section>
</div>
<noscript><p>What comes is drawn by the script of the page, which is turned off here.</p></noscript>`,
    script: { script: liveScript, hash: liveHash },
    style: STYLE,
    asksItsServer: true,
  })
