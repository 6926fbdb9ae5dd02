import { html, nothing, type Html } from './html.js'
import { describeReward, outcomeOf, outcomeSigns } from './outcome.js'
import type { ReportSample } from './report.js'

/** Samples as cards: verdict and reward, where the sample comes from, prompt, completion. */
export const htmlSamples = (samples: readonly ReportSample[]): Html => html`<ul class="samples">
${samples.map(htmlSample)}
</ul>`

function htmlSample({ prompt, completion, verdict, reward, label }: ReportSample): Html {
  const outcome = outcomeOf(reward)
  const origin = label === undefined ? nothing : html` <span class="label">${label}</span>`
  return html`<li class="sample ${outcome}">
<p class="judgement"><span class="verdict"><span aria-hidden="true">${outcomeSigns[outcome]}</span> ${verdict}</span> <span class="detail">${describeReward(reward)}</span>${origin}</p>
<pre><span class="said">Prompt</span>${prompt}</pre>
<pre><span class="said">Completion</span>${completion}</pre>
</li>`
}
