import { asPiece, described, invalidArgument, requireInteger } from '@posttrain/core'
import type { Piece, Procedure, Sample } from '@posttrain/core'
import { drawDrafts } from './draft.js'
import { BEGUN } from './search-node.js'
import { SearchRun } from './search-run.js'

/** Bounds on how long a model thinks before it answers. */
export interface BudgetForcingOptions {
  /** The text that ends thinking, for instance `</think>`. */
  readonly endOfThinking: string
  /** Tokens of thinking, at least (default 0). */
  readonly minimum?: number | undefined
  /** Tokens of thinking, at most. */
  readonly maximum: number
  /** Said in place of the end of thinking while the minimum is not reached (default `Wait`). */
  readonly wait?: string | undefined
  /** How often it is said, at most (default 8). */
  readonly waits?: number | undefined
  /** Said behind the end of thinking, so that the answer follows (default: nothing). */
  readonly final?: string | undefined
}

/**
 * Budget forcing (s1; Muennighoff et al. 2025, https://arxiv.org/abs/2501.19393): thinking that ends below the
 * minimum is made to go on, with `wait` in place of its end, and thinking that reaches the maximum is ended. Then the
 * answer is drawn. Only tokens that the model draws count, those of the end of thinking too, and those of `wait` do
 * not; the text before a `wait` is encoded anew. `sampling.maxTokens` bounds the answer. A model that ends its turn
 * while it thinks has answered.
 *
 * It draws at most waits + 2 samples, each of which continues the one before.
 *
 * @returns a procedure named `budget-forcing:MAXIMUM,least=MINIMUM`
 * @throws PosttrainError `invalid-argument` for an empty `endOfThinking` or `wait`, or a minimum above the maximum
 * @example
 * ```ts
 * const forcing = budgetForcing({ endOfThinking: '</think>', minimum: 512, maximum: 4096, final: 'Final Answer:' })
 * forcing.name // => 'budget-forcing:4096,least=512'
 * ```
 */
export function budgetForcing(options: BudgetForcingOptions): Procedure {
  const { endOfThinking, minimum = 0, maximum, wait = 'Wait', waits = 8, final = '' } = options
  requireInteger('maximum', maximum, { min: 1 })
  requireInteger('minimum', minimum, { min: 0, max: maximum })
  requireInteger('waits', waits, { min: 0 })
  requireTexts({ endOfThinking, wait })
  if (typeof final !== 'string') throw invalidArgument(`final is ${described(final)}, not a text`)
  return {
    name: `budget-forcing:${maximum},least=${minimum}`,
    async run(sampler, task, given = {}) {
      const run = new SearchRun(sampler, task, waits + 2, given)
      const thinking = await think(run, { endOfThinking, minimum, maximum, wait, waits })
      const { sample, tokens, turn, end } = thinking
      const at = `token ${tokens}${turn === 0 ? '' : ` (waits: ${turn})`}`
      if (end === 'nowhere') return run.decide(undefined, `the thinking stopped at ${at}`)
      if (end === 'answer') return run.decide(sample, `it answered at ${at}, without an end of thinking`)
      const said = end === 'itself' ? final : endOfThinking + final
      const prefix = [asPiece(sample!), ...(said === '' ? [] : [{ text: said }])]
      const [answer] = await drawDrafts(run, [{ labels: ['answer'], parents: [`thinking/${turn}`], prefix }])
      const reason = `the thinking ${end === 'itself' ? 'ended' : 'was ended'} at ${at}`
      return run.decide(answer?.sample, answer ? reason : `${reason}; there is no answer`)
    },
  }
}

type ThinkingLimits = {
  readonly [Name in Exclude<keyof BudgetForcingOptions, 'final'>]-?: NonNullable<BudgetForcingOptions[Name]>
}

interface Thinking {
  readonly sample?: Sample | undefined
  readonly tokens: number
  readonly turn: number
  /** By itself, at the maximum, by answering, or not at all: it failed, or a cap ended it. */
  readonly end: 'itself' | 'maximum' | 'answer' | 'nowhere'
}

/** Draws thinking until it may end. */
async function think(run: SearchRun, options: ThinkingLimits): Promise<Thinking> {
  const { endOfThinking, minimum, maximum, wait, waits } = options
  const stop = [endOfThinking, ...(run.options.sampling?.stop ?? [])]
  let prefix: readonly Piece[] = BEGUN
  let tokens = 0
  for (let turn = 0; ; turn++) {
    const labels = ['thinking', turn]
    const [[drawn] = []] = await run.draw([{ labels, count: 1, prefix, stop, maxTokens: maximum - tokens }])
    if (!drawn) return { tokens, turn, end: 'nowhere' }
    const { sample, place, isCut } = drawn
    tokens += sample.usage.completionTokens
    const isEnded = sample.stoppedBy === endOfThinking
    const isFinished = !isEnded && !isCut && sample.finish !== 'failed'
    const parents = turn === 0 ? [] : [`thinking/${turn - 1}`]
    run.record({ id: labels.join('/'), parents, sample: place, value: null, isFinished })
    if (isFinished) return { sample, tokens, turn, end: 'answer' }
    if (sample.finish === 'failed' || run.isCapped) return { tokens, turn, end: 'nowhere' }
    if (!isEnded || tokens >= minimum || turn >= waits) {
      return { sample, tokens, turn, end: isEnded ? 'itself' : 'maximum' }
    }
    prefix = [{ text: sample.text + wait }]
  }
}

function requireTexts(texts: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(texts)) {
    if (typeof text === 'string' && text !== '') continue
    throw invalidArgument(`${name} is ${described(text)}, not a text that says something`)
  }
}
