import { html, nothing, type Html } from './html.js'
import type { ReportSample } from './report.js'

/** Samples as cards: verdict and reward, where the sample comes from, prompt, completion. */
export const htmlSamples = (samples: readonly ReportSample[]): Html => html`<ul class="samples">
${samples.map(htmlSample)}
</ul>`

function htmlSample({ prompt, completion, verdict, reward, label }: ReportSample): Html {
  const [tone, sign] = judge(reward)
  const rewarded = reward === undefined ? 'not scored' : `reward ${Number(reward.toPrecision(4))}`
  const origin = label === undefined ? nothing : html` <span class="label">${label}</span>`
  return html`<li class="sample ${tone}">
<p class="judgement"><span class="verdict"><span aria-hidden="true">${sign}</span> ${verdict}</span> <span class="detail">${rewarded}</span>${origin}</p>
<pre><span class="said">Prompt</span>${prompt}</pre>
<pre><span class="said">Completion</span>${completion}</pre>
</li>`
}

// A sign beside the colour: colour alone would say nothing to many readers.
function judge(reward: number | undefined): readonly [tone: string, sign: string] {
  if (reward === undefined) return ['neutral', '–']
  if (reward >= 1) return ['right', '✓']
  return reward <= 0 ? ['wrong', '✗'] : ['neutral', '◐']
}
