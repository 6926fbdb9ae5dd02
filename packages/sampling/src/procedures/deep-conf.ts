import { requestId, requireFinite, requireInteger, unsupported } from '@posttrain/core'
import type { Procedure, RunOptions, Sample, Sampler, SampleRequest, Task } from '@posttrain/core'
import { leastKept } from '@posttrain/estimators'
import { requireServed } from '../checks/asked-samples.js'
import { collect } from '../collect.js'
import { Budget } from '../internal/budget.js'
import { confidentWinner, countConfidentVotes, short, type AnsweredTrace } from '../internal/confident-votes.js'
import { decide } from '../internal/decide.js'
import { drawTrace, wholeTrace, type Trace } from '../internal/trace.js'
import { answersOf } from '../internal/voters.js'
import { checkedReading, type VoteReading } from './vote-reading.js'

/** A vote whose traces are stopped where their model is not confident. */
export interface DeepConfOptions extends Omit<VoteReading, 'ties'> {
  /** Traces, at most, those of the warm-up and the stopped ones too. */
  readonly most: number
  /** Traces that are drawn in full before the threshold is known (default 16). */
  readonly warmUp?: number | undefined
  /** Share of the warm-up traces that are confident enough: 0.1 (default) saves most, 0.9 keeps most. */
  readonly keep?: number | undefined
  /** Tokens of a group (default 2048). A shorter trace is one group. */
  readonly window?: number | undefined
  /** Tokens of a piece, after which a trace may be stopped (default: `window`). */
  readonly step?: number | undefined
  /** The leading answer's share of the weight of all votes that ends the vote, above ½ and at most 1 (default 0.95). */
  readonly share?: number | undefined
  /** Likeliest tokens that are read at each place (default: all that the sampler gives). */
  readonly top?: number | undefined
}

/**
 * Online DeepConf (Fu et al. 2025, https://arxiv.org/abs/2508.15260). A trace is as confident as its least confident
 * group of `window` tokens, by `confidenceReward`. Warm-up traces are drawn in full; the threshold s is the least
 * confidence among the ⌈keep·n⌉ most confident of them. Every later trace is drawn in pieces of `step` tokens through
 * the request's prefix, one trace after another, and stopped once a group is below s. Stopped traces have no vote, nor
 * has any below s; the others weigh as much as they are confident. Once the leading answer has the share `share` of
 * the weight, no more are drawn.
 *
 * A piece reads the trace so far anew: its prompt tokens count, and with a price for them a small `step` costs more
 * than it saves. Under `rules` a floor and a tag that always gets the full budget keep traces from being stopped, too;
 * a sample of the rules is a trace. It has no objective.
 *
 * @returns a procedure named for instance `deepconf@64 (0.1 after 16, groups of 2048)`; a decision's `samples` are
 *   whole traces, each of its pieces joined
 * @throws PosttrainError `invalid-argument` for numbers out of range; a run, before anything is drawn, `unsupported`
 *   for a sampler without `topLogprobs`, or with fewer than `top`, and what a sampler throws that cannot continue a
 *   prefix; `unsupported` after the warm-up where no trace carries them
 * @example
 * ```ts
 * deepConf({ most: 64 }).name // => 'deepconf@64 (0.1 after 16, groups of 2048)'
 * ```
 */
export function deepConf(options: DeepConfOptions): Procedure {
  const { most, warmUp = 16, keep = 0.1, window = 2048, step = window, share = 0.95, top } = options
  const { answerOf, unparsed } = checkedReading('deepConf', options)
  for (const [name, value] of Object.entries({ most, warmUp, window, step })) requireInteger(name, value, { min: 1 })
  if (top !== undefined) requireInteger('top', top, { min: 1 })
  requireFinite('keep', keep, { above: 0, max: 1 })
  requireFinite('share', share, { above: 0.5, max: 1 })
  return {
    name: `deepconf@${most} (${keep} after ${warmUp}, groups of ${window})`,
    answerOf,
    async run(sampler, task, runOptions = {}) {
      requireTop(sampler, top)
      if (most > warmUp) await requireServed(sampler, continuing(task, runOptions), runOptions)
      const budget = new Budget(task, runOptions.rules, most)
      const answered = (trace: Trace): AnsweredTrace => {
        const [answer] = answersOf([trace.sample], task, answerOf)
        return { ...trace, answer }
      }
      const full = await drawFull(sampler, task, Math.min(warmUp, most), budget, runOptions)
      const traces = full.map((sample) => answered(wholeTrace(sample, { window, top })))
      const threshold = thresholdOf(traces, keep)
      let votes = countConfidentVotes(traces, threshold, unparsed)
      const isDecided = (): boolean => votes.total > 0 && votes.weight >= share * votes.total && budget.mayStop
      const isOver = (): boolean => traces.length >= most || budget.reached !== undefined
      while (!isOver() && !isDecided()) {
        const plan = { window, top, step, threshold }
        traces.push(answered(await drawTrace(sampler, task, traces.length, plan, budget, runOptions)))
        votes = countConfidentVotes(traces, threshold, unparsed)
      }
      const { sample, answer, reason } = confidentWinner(votes, task, unparsed, runOptions)
      const ended = traces.filter(({ isStopped }) => isStopped).length
      const isWarm = full.length >= Math.min(warmUp, most)
      const stopped = traces.length >= most ? 'complete' : isWarm && isDecided() ? 'decided' : 'capped'
      const cap = stopped === 'capped' ? budget.reached : undefined
      const drawn = { samples: traces.map((trace) => trace.sample), stopped, cap } as const
      const stops = `${ended} of ${traces.length} traces were stopped, by the threshold ${short(threshold)}`
      return { ...decide({ task, drawn, sample, reason: `${reason}; ${stops}` }), answer }
    },
  }
}

/** @throws PosttrainError `unsupported` for a sampler whose samples are without log-probs of the likeliest tokens */
function requireTop({ topLogprobs = 0 }: Sampler, top: number = 1): void {
  if (topLogprobs >= top) return
  throw unsupported(
    `deepConf reads log-probs of the ${top === 1 ? '' : `${top} `}likeliest tokens, and this sampler gives ${topLogprobs || 'none'}`,
    'for instance endpointSampler({ …, topLogprobs: 20 })',
  )
}

/** A request like those for later pieces, with which a sampler that cannot serve them is found out. */
const continuing = (task: Task, { seed = 0, id = task.id, sampling }: RunOptions): Omit<SampleRequest, 'count'> => ({
  ...sampling,
  task,
  seed,
  id: requestId(id, 'trace'),
  prefix: [{ text: '' }],
})

/** The first traces of a run, the ones that an evaluation draws first; fewer where a cap is reached. */
async function drawFull(
  sampler: Sampler,
  task: Task,
  most: number,
  budget: Budget,
  { seed = 0, id, sampling, signal }: RunOptions,
): Promise<readonly Sample[]> {
  const samples: Sample[] = []
  for (let count; (count = budget.room(most - samples.length)) > 0;) {
    const request = { ...budget.within(sampling), task, count, firstIndex: samples.length, seed, id }
    const [fresh] = await collect(sampler, [request], { signal })
    budget.spend(fresh!)
    samples.push(...fresh!)
  }
  return samples
}

/** The least confidence that is enough; 0, which is none, where all of them failed or are empty. */
function thresholdOf(traces: readonly Trace[], keep: number): number {
  const known = traces.flatMap(({ lowest }) => lowest ?? [])
  if (known.length > 0) return leastKept(known, keep)
  const said = traces.filter(({ sample }) => sample.finish !== 'failed' && sample.usage.completionTokens > 0)
  if (said.length === 0) return 0
  throw unsupported(
    `none of ${said.length} traces carries the log-probs of the likeliest tokens that its sampler should give`,
    'ask a server that gives them for each token, or for fewer of them',
  )
}
