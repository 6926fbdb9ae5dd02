import type { Html } from './html.js'

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`

/**
 * JSON that a page carries and never runs. Nothing in it can end the element, and what a page may not hold is escaped,
 * so that the script of the page reads every text as it was.
 */
export const dataBlock = (data: object): Html => ({
  markup: `<script type="application/json" data-part="data">${JSON.stringify(data).replace(
    /[<\u007f-\u009f]/g,
    escaped,
  )}</script>`,
})
