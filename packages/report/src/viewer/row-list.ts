import { rowWindow, scrollTopFor, type RowView } from './row-window.js'

/** How rows are drawn, and who is told of the one that is chosen. */
export interface RowListOptions {
  /** Fills the empty element of a row. */
  readonly draw: (row: number, into: HTMLElement) => void
  readonly onChoose: (row: number) => void
}

/** A list box of any length that draws the rows in sight. The keyboard moves the choice, which is told at once. */
export class RowList {
  readonly #box: HTMLElement
  readonly #content = document.createElement('div')
  readonly #options: RowListOptions
  #count = 0
  #chosen = -1

  /** @param box an empty element of the role `listbox` that scrolls */
  constructor(box: HTMLElement, options: RowListOptions) {
    this.#box = box
    this.#options = options
    this.#content.role = 'presentation'
    box.append(this.#content)
    box.addEventListener('scroll', () => this.#draw())
    box.addEventListener('keydown', (event) => this.#onKey(event))
    box.addEventListener('click', ({ target }) => {
      const option = target instanceof Element ? target.closest<HTMLElement>('[role=option]') : null
      if (option) this.choose(Number(option.dataset['row']))
    })
    window.addEventListener('resize', () => this.#draw())
  }

  /** Shows another list, from its top, and chooses its first row. */
  show(count: number): void {
    this.#count = count
    this.#chosen = -1
    this.#box.scrollTop = 0
    if (count > 0) this.choose(0)
    else this.#draw()
  }

  choose(row: number): void {
    const changed = row !== this.#chosen
    this.#chosen = row
    this.#box.scrollTop = scrollTopFor(row, this.#view())
    this.#draw()
    if (changed) this.#options.onChoose(row)
  }

  #view(): RowView {
    const { clientHeight: viewHeight, scrollTop } = this.#box
    const rowHeight = parseFloat(getComputedStyle(this.#box).getPropertyValue('line-height')) * LINES_PER_ROW
    return { count: this.#count, rowHeight, viewHeight, scrollTop }
  }

  #draw(): void {
    const view = this.#view()
    const { first, end, top, height } = rowWindow(view)
    this.#content.style.height = `${height}px`
    const rows: HTMLElement[] = []
    for (let row = first; row < end; row++)
      rows.push(this.#row(row, top + (row - first) * view.rowHeight, view.rowHeight))
    this.#content.replaceChildren(...rows)
    const inSight = this.#chosen >= first && this.#chosen < end
    if (inSight) this.#box.setAttribute('aria-activedescendant', this.#idOf(this.#chosen))
    else this.#box.removeAttribute('aria-activedescendant')
  }

  #row(row: number, top: number, height: number): HTMLElement {
    const option = document.createElement('div')
    option.role = 'option'
    option.id = this.#idOf(row)
    option.dataset['row'] = String(row)
    option.ariaSelected = String(row === this.#chosen)
    option.ariaSetSize = String(this.#count)
    option.ariaPosInSet = String(row + 1)
    option.style.top = `${top}px`
    option.style.height = `${height}px`
    this.#options.draw(row, option)
    return option
  }

  #idOf(row: number): string {
    return `${this.#box.id}-${row}`
  }

  #onKey(event: KeyboardEvent): void {
    const { viewHeight, rowHeight } = this.#view()
    const page = Math.max(1, Math.floor(viewHeight / rowHeight) - 1)
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: this.#chosen + 1,
      ArrowUp: this.#chosen - 1,
      PageDown: this.#chosen + page,
      PageUp: this.#chosen - page,
      Home: 0,
      End: this.#count - 1,
    }
    const to = moves[event.key]
    if (to === undefined || event.altKey || event.ctrlKey || event.metaKey || this.#count === 0) return
    event.preventDefault()
    this.choose(Math.min(Math.max(to, 0), this.#count - 1))
  }
}

/** Two lines of text, and as much as one more around them. */
const LINES_PER_ROW = 3
