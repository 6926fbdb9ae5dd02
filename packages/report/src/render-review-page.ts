import { createStream, invalidArgument, type Prompt } from '@posttrain/core'
import { dataBlock } from './data-block.js'
import { html } from './html.js'
import { htmlPage } from './html-page.js'
import type { ReviewSample } from './review-data.js'
import { reviewerHash, reviewerScript } from './reviewer.generated.js'

/** A sample to be reviewed; `pickForReview` of `@posttrain/rewards` gives such rows. */
export type SampleToReview = Omit<ReviewSample, 'prompt'> & { readonly prompt: Prompt }

const STYLE = `
.review section { margin-top: 1.5rem; }
.review .controls { position: sticky; bottom: 0; padding: 0.75rem 0; margin-top: 1.5rem; background: var(--page); border-top: 1px solid var(--line); align-items: end; }
.review button { margin: 0; }
.review button[aria-pressed="true"] { background: var(--chosen); box-shadow: inset 0 -3px var(--accent); font-weight: 600; }
.review textarea { width: min(24rem, 100%); padding: 0.35rem 0.6rem; background: var(--card); color: inherit; border: 1px solid var(--quiet); border-radius: 4px; font: inherit; }
kbd { padding: 0 0.3em; border: 1px solid var(--line); border-radius: 3px; font: 0.85em ui-monospace, monospace; }
`

/**
 * A page in which a person judges samples, right, wrong or cannot tell, by keyboard or mouse, and downloads the
 * verdicts as JSON Lines. It needs nothing else, asks nothing of anywhere, and keeps what was said in the browser. The
 * reward is not shown, since who sees it agrees with it, unless the person asks for that of samples already judged.
 *
 * @param title heading of the page
 * @param samples in the order in which they are judged
 * @returns the page; the same samples give the same bytes
 * @throws PosttrainError `invalid-argument` for no samples
 * @example
 * ```ts
 * const sample = { task_id: 'a', index: 0, prompt: '1+1=', response: '2', reference: '2', answer: '2', reward: 1 }
 * const page = renderReviewPage('Sums', [{ ...sample, why: ['control'], weight: 1 }])
 * page.includes('<h1>Sums</h1>') // => true
 * ```
 */
export function renderReviewPage(title: string, samples: readonly SampleToReview[]): string {
  if (samples.length === 0) throw invalidArgument('there is no sample to review')
  const written = samples.map(carried)
  const key = createStream(0, 'review', title, JSON.stringify(written)).uniform().toString(36).slice(2)
  return htmlPage({
    title,
    head: html`<p class="subtitle">${samples.length === 1 ? '1 sample' : `${samples.length} samples`} to judge: is the response right?</p>`,
    main: html`<div class="review" hidden>
<p>Keys: <kbd>r</kbd> right, <kbd>w</kbd> wrong, <kbd>c</kbd> cannot tell; <kbd>j</kbd> or <kbd>→</kbd> next, <kbd>k</kbd> or <kbd>←</kbd> previous, <kbd>n</kbd> next not judged; <kbd>e</kbd> note, <kbd>Esc</kbd> leaves it; <kbd>d</kbd> download.</p>
<p class="found" role="status" data-part="found"></p>
<p role="alert" data-part="kept" hidden>This browser keeps nothing of this page: download the verdicts before you close it.</p>
<section data-part="sample" aria-label="Sample"></section>
<div class="controls" role="group" aria-label="Verdict">
<button type="button" data-part="right" aria-pressed="false">Right</button>
<button type="button" data-part="wrong" aria-pressed="false">Wrong</button>
<button type="button" data-part="unknown" aria-pressed="false">Cannot tell</button>
<label>Note <textarea data-part="note" rows="1" autocomplete="off"></textarea></label>
<button type="button" data-part="previous">Previous</button>
<button type="button" data-part="next">Next</button>
<button type="button" data-part="open">Next not judged</button>
<button type="button" data-part="download">Download verdicts</button>
<label><input type="checkbox" data-part="keys" checked> Keys</label>
<label><input type="checkbox" data-part="reveal"> Show the reward of samples that are judged</label>
</div>
<p class="detail" role="status" data-part="said"></p>
${dataBlock({ key, samples: written })}
</div>
<noscript><p>Verdicts are taken by the script of the page, which is turned off here.</p></noscript>`,
    script: { script: reviewerScript, hash: reviewerHash },
    style: STYLE,
  })
}

/** What the page carries of a sample, and nothing else that its row may hold. */
const carried = (sample: SampleToReview): ReviewSample => {
  const { task_id, index, prompt, response, reference, answer, reward, unscored, why, weight } = sample
  return { task_id, index, prompt: textOfPrompt(prompt), response, reference, answer, reward, unscored, why, weight }
}

/** A chat as one text. */
const textOfPrompt = (prompt: Prompt): string =>
  typeof prompt === 'string' ? prompt : prompt.map(({ role, content }) => `${role}: ${content}`).join('\n\n')
