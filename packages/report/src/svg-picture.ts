import { escapeHtml, replaceForbidden } from './html.js'

/**
 * Makes one picture with a name of what Vega has drawn: a label for the whole and no role for its parts, which would
 * need a name each; ids of its own, since Vega numbers them through the life of the process; no character that a page
 * may not hold.
 *
 * @param svg of Vega
 * @param label what a screen reader says
 * @param idPrefix starts every id
 */
export function svgPicture(svg: string, label: string, idPrefix: string): string {
  const ids = new Map<string, string>()
  const own = (id: string): string => {
    if (!ids.has(id)) ids.set(id, `${idPrefix}-${ids.size}`)
    return ids.get(id)!
  }
  const parts = rewriteAttributes(replaceForbidden(svg), (name, value) => {
    if (name === 'role' || name.startsWith('aria-')) return undefined
    if (name === 'id') return own(value)
    return value.replace(/^url\(#([^)]*)\)$/, (_, id: string) => `url(#${own(id)})`)
  })
  return `<svg role="img" aria-label="${escapeHtml(label)}"${parts.slice('<svg'.length)}`
}

/** Rewrites the attributes of every tag, or drops them; the texts between tags stay as they are. */
function rewriteAttributes(svg: string, rewrite: (name: string, value: string) => string | undefined): string {
  return svg.replace(/<[a-z](?:[^"<>]|"[^"]*")*>/g, (tag) =>
    tag.replace(/ ([\w:-]+)="([^"]*)"/g, (_, name: string, value: string) => {
      const written = rewrite(name, value)
      return written === undefined ? '' : ` ${name}="${written}"`
    }),
  )
}
