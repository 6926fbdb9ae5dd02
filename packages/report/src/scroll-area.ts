import { html, type Html } from './html.js'

/**
 * Contents that may be wider than the page: they scroll by touch, wheel and keyboard, under a hint that is shown only
 * where there is something to scroll to.
 *
 * @param name what a screen reader calls it, unique in the page
 */
export const scrollArea = (name: string, contents: Html): Html => html`<div class="wide-contents">
<p class="hint" aria-hidden="true">Scroll sideways to see all of it →</p>
<div class="scroll" role="region" aria-label="${name}" tabindex="0">${contents}</div>
</div>`
