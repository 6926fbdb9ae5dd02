import { dataBlock } from './data-block.js'
import { encodeTasks } from './encode-tasks.js'
import { html, type Html } from './html.js'
import type { ReportTask } from './report.js'

/**
 * Tasks with all their samples: the controls, an empty list and the data. `viewer/tasks-view.ts` fills them; until then
 * they are hidden.
 *
 * @param name what the list is called
 * @param id of the list, unique in the page
 */
export const htmlTasks = (
  tasks: readonly ReportTask[],
  name: string,
  id: string,
): Html => html`<div class="tasks" hidden>
<div class="controls" role="group" aria-label="${name}: search and filter">
<label class="search">Search <input type="search" data-part="search" autocomplete="off" spellcheck="false"></label>
<label>Outcome <select data-part="outcome">
<option value="all">all</option>
<option value="right">right</option>
<option value="wrong">wrong</option>
<option value="between">partly right</option>
<option value="unscored">not scored</option>
</select></label>
<label>System <select data-part="label"><option value="all">all</option></select></label>
<label>Order <select data-part="order">
<option value="given">as listed</option>
<option value="id">by name</option>
<option value="lowest">lowest mean reward</option>
<option value="highest">highest mean reward</option>
<option value="apart" data-part="apart">systems furthest apart</option>
</select></label>
</div>
<p class="found" role="status" data-part="found"></p>
<div class="panes">
<div class="list" role="listbox" aria-label="${name}" tabindex="0" id="${id}" data-part="list"></div>
<div role="group" aria-label="${name}: samples of the chosen task" data-part="detail"></div>
</div>
${dataBlock(encodeTasks(tasks))}
</div>
<noscript><p>This list is drawn by the script of the page, which is turned off here. Everything else needs none.</p></noscript>`
