import { html, nothing, type Html } from './html.js'
import { styleSheet } from './html-style.js'

/** A script that a page carries, and the hash by which its policy admits it. */
export interface PageScript {
  readonly script: string
  /** For instance `sha256-…`. */
  readonly hash: string
}

/** What a page is made of. */
export interface PageParts {
  readonly title: string
  /** Below the title. */
  readonly head: Html
  readonly main: Html
  /** Last line of the page. */
  readonly footer?: string | undefined
  readonly script?: PageScript | undefined
  /** Style rules beside those that every page has. */
  readonly style?: string | undefined
  /** Whether its script may ask the server that it came from (default: nothing of anywhere). */
  readonly asksItsServer?: boolean | undefined
}

/** What a page may do: nothing but show itself, and run its script. */
const policy = ({ script, asksItsServer = false }: PageParts): string =>
  ["default-src 'none'", "style-src 'unsafe-inline'", 'img-src data:', "base-uri 'none'", "form-action 'none'"]
    .concat(script === undefined ? [] : [`script-src '${script.hash}'`])
    .concat(asksItsServer ? ["connect-src 'self'"] : [])
    .join('; ')

/** A page that needs nothing else, and may ask for nothing. */
export const htmlPage = (parts: PageParts): string => {
  const { title, head, main, footer, script, style = '' } = parts
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${{ markup: policy(parts) }}">
<title>${title}</title>
<style>${{ markup: styleSheet + style }}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${head}
</header>
<main>
${main}
</main>
${footer === undefined ? nothing : html`<footer>${footer}</footer>`}
${script === undefined ? nothing : html`<script>${{ markup: script.script }}</script>`}
</body>
</html>
`.markup
}
