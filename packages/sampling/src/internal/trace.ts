import { addUsage, asPiece, requestId, type Logprobs, type RunOptions, type Sample } from '@posttrain/core'
import type { Sampler, Task } from '@posttrain/core'
import { collect } from '../collect.js'
import type { Budget } from './budget.js'
import { groupConfidences, tokenConfidences } from './trace-confidence.js'

/** A completion, and how confident its model was. */
export interface Trace {
  readonly sample: Sample
  /** The lowest mean of a group of tokens. Absent: it cannot be told. */
  readonly lowest: number | undefined
  /** Whether it was ended before the model ended it: it has no vote. */
  readonly isStopped: boolean
}

/** How a trace is drawn and judged. */
export interface TracePlan {
  /** Tokens of a group. */
  readonly window: number
  /** Likeliest tokens that are read at each place; absent: all that are recorded. */
  readonly top: number | undefined
  /** Tokens between two looks. */
  readonly step: number
  /** It is stopped once a group is less confident. */
  readonly threshold: number
}

/** A completion that was drawn whole. */
export function wholeTrace(sample: Sample, { window, top }: Pick<TracePlan, 'window' | 'top'>): Trace {
  const confidences = sample.finish === 'failed' ? '' : tokenConfidences(sample, top)
  return {
    sample,
    lowest: typeof confidences === 'string' ? undefined : lowestOf(confidences, window),
    isStopped: false,
  }
}

/**
 * Draws a completion in pieces, each of which continues those before, until it ends, the budget does, or a group is
 * less confident than the threshold and the budget lets it be stopped. Where the confidence of a piece cannot be told,
 * it is stopped too, for it has no vote.
 *
 * @param index of the completion in the run
 */
export async function drawTrace(
  sampler: Sampler,
  task: Task,
  index: number,
  plan: TracePlan,
  budget: Budget,
  { seed = 0, id = task.id, sampling, signal }: RunOptions,
): Promise<Trace> {
  const most = sampling?.maxTokens ?? Infinity
  const pieces: Sample[] = []
  const confidences: number[] = []
  let isKnown = true
  for (let tokens = 0; ;) {
    const limits = budget.within({ ...sampling, maxTokens: Math.min(plan.step, most - tokens) })
    const prefix = pieces.slice(-1).map(asPiece)
    const own = { task, count: 1, seed, id: requestId(id, 'trace', index, pieces.length), prefix }
    const [drawn] = await collect(sampler, [{ ...limits, ...own }], { signal })
    const piece = drawn![0]!
    budget.spend([piece], 0)
    pieces.push(piece)
    tokens += piece.usage.completionTokens
    if (piece.usage.completionTokens > 0) {
      const read = tokenConfidences(piece, plan.top)
      isKnown &&= typeof read !== 'string'
      if (typeof read !== 'string') confidences.push(...read)
    }
    const isCut = piece.finish === 'length' && piece.usage.completionTokens >= limits.maxTokens!
    const isOver = !isCut || tokens >= most || budget.tokensLeft <= 0
    const lowest = isKnown && piece.finish !== 'failed' ? lowestOf(confidences, plan.window) : undefined
    const isLost = !isKnown || (confidences.length >= plan.window && lowest! < plan.threshold)
    if (!isOver && !(isLost && budget.mayStop)) continue
    budget.spend([], 1)
    return { sample: joined(pieces, { id, index }), lowest, isStopped: !isOver }
  }
}

const lowestOf = (confidences: readonly number[], window: number): number | undefined =>
  confidences.length === 0
    ? undefined
    : groupConfidences(confidences, window).reduce((least, group) => Math.min(least, group))

/** Pieces that each go on from those before as the completion that they make, with what all of them cost. */
function joined(pieces: readonly Sample[], own: Pick<Sample, 'id' | 'index'>): Sample {
  const { mask: _, tokens, textEnds, logprobs: __, ...last } = pieces.at(-1)!
  const usage = addUsage(pieces.map((piece) => piece.usage))
  const logprobs = joinedLogprobs(pieces)
  const isAll = tokens?.length === usage.completionTokens // the model chose every token behind the prompt
  return { ...last, ...own, usage, ...(isAll && { tokens, textEnds }), ...(logprobs && { logprobs }) }
}

function joinedLogprobs(pieces: readonly Sample[]): Logprobs | undefined {
  const all = pieces.flatMap(({ logprobs, usage }) => (usage.completionTokens > 0 ? [logprobs] : []))
  const [first] = all
  if (!first || !all.every((one) => one !== undefined)) return undefined
  const top = all.every((one) => one.top !== undefined) ? all.flatMap((one) => one.top!) : undefined
  return { ...first, values: all.flatMap(({ values }) => Array.from(values)), top }
}
