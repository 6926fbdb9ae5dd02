const HUES = 6
const DASHES = ['', '7 3', '2 3']

/** How a series is drawn, by its place: as charts in a report are. */
export const lineStyle = (place: number): { readonly color: string; readonly dash: string } => ({
  color: `var(--series-${(place % HUES) + 1})`,
  dash: DASHES[Math.floor(place / HUES) % DASHES.length]!,
})

/** Centred moving average; at the ends the window is cut. */
export const averaged = (values: readonly number[], radius: number): readonly number[] =>
  values.map((_, i) => {
    const window = values.slice(Math.max(0, i - radius), i + radius + 1)
    return window.reduce((sum, value) => sum + value, 0) / window.length
  })
