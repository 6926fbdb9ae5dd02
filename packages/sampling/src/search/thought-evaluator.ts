import { callCallerNow, described, invalidData, mean, requireInteger, type Prompt, type Task } from '@posttrain/core'
import { askedPrompt } from './asked-prompt.js'
import { textUpTo } from './search-node.js'
import type { StepScorer } from './step-scorer.js'

/** Asks the model itself what a completion on its way is worth. */
export interface ThoughtEvaluator {
  /** The question, of the task without its reference and the text so far. */
  readonly prompt: (task: Task, text: string) => Prompt
  /** The value that a reply gives; `undefined` where it gives none. */
  readonly read: (reply: string) => number | undefined
  /** Replies per thought, whose values are averaged (default 1). */
  readonly replies?: number | undefined
}

export const repliesOf = ({ replies = 1 }: ThoughtEvaluator): number => requireInteger('replies', replies, { min: 1 })

/** Scores each thought by what the model says of it; one without a reply that can be read has no score. */
export const evaluatorScorer = (evaluator: ThoughtEvaluator): StepScorer => ({
  name: 'the evaluator',
  async score(run, nodes) {
    const { task, where } = run
    const wishes = nodes.map((node) => ({
      labels: ['value', ...node.path],
      count: repliesOf(evaluator),
      prompt: askedPrompt('evaluate.prompt', where, () => evaluator.prompt(task, textUpTo(node))),
    }))
    const lists = await run.draw(wishes)
    return lists.map((drawn, i) => {
      const values = drawn.flatMap(({ sample }) =>
        sample.finish === 'failed' ? [] : (readValue(evaluator, sample.text, where) ?? []),
      )
      return values.length === 0 ? null : [...nodes[i]!.steps, mean(values)]
    })
  },
})

function readValue({ read }: ThoughtEvaluator, reply: string, where: string): number | undefined {
  const value: unknown = callCallerNow('evaluate.read', where, () => read(reply))
  if (value === undefined || Number.isFinite(value)) return value as number | undefined
  throw invalidData(`evaluate.read gave ${described(value)} ${where}`, 'a value is a finite number, or undefined')
}
