import { invalidArgument, shown } from '@posttrain/core'
import type { Format, ReaderOptions } from './format.js'
import { rowOf } from './values.js'

/**
 * The result of one exercise of aider's benchmark, `.aider.results.json`.
 *
 * Its tries are no samples: each sees what was wrong with the one before. The reward is whether a try passed, which
 * is aider's pass rate after its last try; `--score pass_rate_1` is that of the first alone. An exercise that was set
 * up and not tried has reward null.
 */
export const aider: Format = {
  name: 'aider',
  title: "aider's benchmark, .aider.results.json",
  triedOn: 'no file of its own; fields of its source, 2025',
  recognises: ({ testcase, tests_outcomes: outcomes, edit_format: format }) =>
    typeof testcase === 'string' && Array.isArray(outcomes) && typeof format === 'string',
  reader: (options) => {
    const tries = triesOf(options)
    return function* ({ testdir, testcase, tests_outcomes: outcomes, model, edit_format: format, cost, duration }) {
      const taken = (outcomes as readonly unknown[]).slice(0, tries)
      yield rowOf({
        task_id: `${languageOf(testdir)}${String(testcase)}`,
        reward: taken.length === 0 ? null : Number(taken.includes(true)),
        model,
        edit_format: format,
        cost: cost ?? undefined,
        seconds: duration ?? undefined,
      })
    }
  },
}

function triesOf({ score }: ReaderOptions): number {
  if (score === undefined) return Infinity
  const tries = Number(/^pass_rate_(\d+)$/.exec(score)?.[1] ?? 0)
  if (tries > 0) return tries
  throw invalidArgument(`there is no score ${shown(score)}`, 'there is: pass_rate_1, pass_rate_2 and so on')
}

/** The language of an exercise, since those of several have the same names. */
const languageOf = (folder: unknown): string => {
  const language =
    typeof folder === 'string' ? /([^/\\]+)[/\\]exercises[/\\]practice[/\\]/.exec(folder)?.[1] : undefined
  return language === undefined ? '' : `${language}/`
}
