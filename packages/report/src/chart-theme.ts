import type { ChartSpec } from './chart.js'

const ink = 'var(--chart-ink, #4a5565)'
const text = { labelColor: ink, titleColor: ink, labelFontSize: 12, titleFontSize: 12, titleFontWeight: 'normal' }

/** The look all charts share: no frame, quiet horizontal grid, colours that the page may set by custom properties. */
export const chartTheme: ChartSpec = {
  background: null,
  autosize: { type: 'fit', contains: 'padding' },
  padding: { left: 0, top: 2, right: 6, bottom: 5 }, // room for descenders and the last label
  font: 'system-ui, sans-serif',
  view: { stroke: null },
  axis: {
    ...text,
    domain: false,
    ticks: false,
    gridColor: 'var(--chart-grid, #e4e7ec)',
    labelPadding: 8,
    titlePadding: 10,
  },
  axisX: { grid: false },
  legend: {
    ...text,
    orient: 'top',
    title: null,
    symbolStrokeWidth: 2.5,
    symbolOpacity: 1,
    symbolSize: 220,
    labelLimit: 320,
    columnPadding: 18,
  },
  title: { anchor: 'start', color: ink, fontSize: 12, fontWeight: 'normal', offset: 10 },
}
