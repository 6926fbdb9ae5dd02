/** Markup that is safe to put into a page as it is. */
export interface Html {
  readonly markup: string
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** The text with U+FFFD in place of the control characters and lone surrogates that a page may not hold. */
export const replaceForbidden = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what is being replaced
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\p{Surrogate}/gu, '\ufffd')

/**
 * A text for use between tags or in a quoted attribute; control characters that HTML forbids become U+FFFD.
 *
 * @example
 * ```ts
 * escapeHtml('a < "b"') // => 'a &lt; &quot;b&quot;'
 * ```
 */
export const escapeHtml = (text: string): string =>
  replaceForbidden(text.replace(/[&<>"']/g, (character) => entities[character]!))

type Part = string | Html | readonly Html[]

const markupOf = (part: Part): string => {
  if (typeof part === 'string') return escapeHtml(part)
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('\n')
}

/** Markup from a template; texts put into it are escaped, so that forgetting to is impossible. */
export const html = (template: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  markup: template.reduce((markup, literal, i) => markup + markupOf(parts[i - 1]!) + literal),
})

/** No markup at all. */
export const nothing: Html = { markup: '' }
