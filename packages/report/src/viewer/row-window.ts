/** The rows of a long list that are drawn, and where. */
export interface RowWindow {
  /** The rows from `first` up to, and without, `end`. */
  readonly first: number
  readonly end: number
  /** Pixels from the top of the list's contents to row `first`. */
  readonly top: number
  /** Pixels of the list's contents. */
  readonly height: number
}

/** A list as it stands on the screen; lengths are in pixels. */
export interface RowView {
  readonly count: number
  readonly rowHeight: number
  readonly viewHeight: number
  readonly scrollTop: number
}

/** Browsers draw nothing that is much taller; a longer list moves faster than its scroll bar. */
const MAX_HEIGHT = 15_000_000
/** Rows drawn above and below those in sight, so that scrolling shows no gap. */
const MARGIN = 8

/** The rows in sight, with a few before and after. */
export function rowWindow(view: RowView): RowWindow {
  const { count, rowHeight, viewHeight, scrollTop } = view
  const height = Math.min(count * rowHeight, MAX_HEIGHT)
  const passed = scrollTop * stretch(view)
  const first = Math.max(0, Math.floor(passed / rowHeight) - MARGIN)
  const end = Math.min(count, Math.ceil((passed + viewHeight) / rowHeight) + MARGIN)
  return { first, end, top: scrollTop - passed + first * rowHeight, height }
}

/** Where to scroll so that a row is in sight: nowhere if it is. */
export function scrollTopFor(row: number, view: RowView): number {
  const { rowHeight, viewHeight, scrollTop } = view
  const passed = scrollTop * stretch(view)
  const top = row * rowHeight
  if (top < passed) return top / stretch(view)
  const under = top + rowHeight - viewHeight
  return under > passed ? under / stretch(view) : scrollTop
}

/** Pixels of rows to a pixel of the scroll bar. */
function stretch({ count, rowHeight, viewHeight }: RowView): number {
  const full = count * rowHeight
  return full <= MAX_HEIGHT ? 1 : (full - viewHeight) / (MAX_HEIGHT - viewHeight)
}
