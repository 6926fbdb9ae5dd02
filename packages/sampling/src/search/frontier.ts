import { asPiece, type Decision, type Prompt, type RewardFunction, type StopCause, type Task } from '@posttrain/core'
import { askedPrompt } from './asked-prompt.js'
import { byValue, isScored, nodeId, textUpTo, type ScoredNode, type SearchNode } from './search-node.js'
import type { DrawnSample, SearchRun, Wish } from './search-run.js'
import { isWhole, stepSampling, type StepOptions } from './step-options.js'
import { aggregated, type SearchAggregation, type StepScorer } from './step-scorer.js'

/** How a search draws and scores steps. */
export interface FrontierOptions extends StepOptions {
  readonly scorer: StepScorer
  readonly aggregate?: SearchAggregation | undefined
  /** Asks for the next step (default: the task's prompt does). */
  readonly propose?: ((task: Task, text: string) => Prompt) | undefined
  /** Judges whole completions (default: they are worth what the search chooses by). */
  readonly verify?: RewardFunction | undefined
}

/** What grows below nodes. */
interface Growth {
  readonly width: number
  /** Names a step that is no child but a part of a rollout. */
  readonly label?: string
  readonly temperature?: number
  /** Draws to the end, and not to the end of a step. */
  readonly toTheEnd?: true
}

/** The core of every search: draws steps below nodes, scores them, and answers. What differs is the selection. */
export class Frontier {
  readonly #run: SearchRun
  readonly #options: FrontierOptions
  readonly #finished: ScoredNode[] = []
  #unfinished: ScoredNode | undefined

  constructor(run: SearchRun, options: FrontierOptions) {
    this.#run = run
    this.#options = options
  }

  /**
   * All children of all nodes, in one call of the sampler, scored; those that failed or have no score are left out.
   */
  async expand(nodes: readonly SearchNode[], width: number): Promise<readonly ScoredNode[]> {
    const children = await this.grow(nodes, { width })
    return this.settle(children, await this.score(children))
  }

  /** Samples below nodes, not yet scored: in the order of nodes, then of indices. */
  async grow(nodes: readonly SearchNode[], growth: Growth): Promise<readonly SearchNode[]> {
    const lists = await this.#run.draw(nodes.map((node) => this.#wish(node, growth)))
    return lists.flatMap((drawn, i) =>
      drawn.flatMap((sample) => {
        const child = this.#child(nodes[i]!, sample, growth)
        if (sample.sample.finish !== 'failed') return [child]
        this.#record(child)
        return []
      }),
    )
  }

  score(nodes: readonly SearchNode[]): Promise<readonly (readonly number[] | null)[]> {
    return this.#options.scorer.score(this.#run, nodes)
  }

  /** Takes the scores of nodes over, and gives the nodes that have some. */
  settle(nodes: readonly SearchNode[], scores: readonly (readonly number[] | null)[]): readonly ScoredNode[] {
    const { scorer, aggregate = 'last', verify } = this.#options
    return nodes.flatMap((node, i) => {
      const steps = scores[i] ?? null
      const value = steps && aggregated(scorer.name, this.#run.where, steps, aggregate)
      const scored = { ...node, steps: steps ?? [], value }
      this.#record(scored)
      if (!isScored(scored)) return []
      if (!scored.isFinished && (!this.#unfinished || byValue(scored, this.#unfinished) < 0)) this.#unfinished = scored
      if (scored.isFinished && !verify) this.#finished.push(scored)
      return [scored]
    })
  }

  /** Keeps nodes that a search does not score. */
  keep(nodes: readonly SearchNode[]): void {
    nodes.forEach((node) => this.#record(node))
  }

  /** What a whole completion is worth; `null` where it cannot be judged. It may be answered from now on. */
  async worth(node: SearchNode): Promise<number | null> {
    const { verify } = this.#options
    if (!verify) return node.value
    const [outcome] = await this.#run.judge(verify, [node.sample!])
    const value = outcome?.kind === 'scored' ? outcome.reward : null
    const judged = { ...node, value }
    this.#record(judged)
    if (isScored(judged)) this.#finished.push(judged)
    return value
  }

  /**
   * Answers with the best whole completion; a better one that is unfinished is named, and never answered.
   *
   * @param why a rule ended the search, in words
   */
  decide(stopped?: StopCause, why?: string): Decision {
    const { verify, scorer } = this.#options
    const [best] = [...this.#finished].sort(byValue)
    const open = this.#unfinished
    const isBetter = open !== undefined && (!best || (!verify && open.value > best.value))
    const found = best
      ? `the best of ${this.#finished.length} finished completions by ${(verify ?? scorer).name} is ${told(best)}`
      : `none of ${this.#run.samples.length} samples finished a completion`
    const parts = [found, ...(isBetter ? [`${told(open)} is unfinished`] : []), ...(why === undefined ? [] : [why])]
    return this.#run.decide(best?.sample, parts.join('; '), stopped)
  }

  #wish(node: SearchNode, { width, label, temperature, toTheEnd }: Growth): Wish {
    const { propose } = this.#options
    const { task, where, options } = this.#run
    const limits = stepSampling(toTheEnd ? {} : this.#options, options.sampling ?? {}, node.drawn)
    return {
      ...limits,
      ...(temperature === undefined ? {} : { temperature }),
      ...(propose ? { prompt: askedPrompt('propose', where, () => propose(task, textUpTo(node))) } : {}),
      prefix: node.prefix,
      labels: [label ?? 'step', ...node.path],
      count: width,
    }
  }

  #child(parent: SearchNode, drawn: DrawnSample, { label, toTheEnd }: Growth): SearchNode {
    const { sample, place } = drawn
    const tokens = parent.drawn + sample.usage.completionTokens
    return {
      path: [...parent.path, ...(label === undefined ? [] : [label]), sample.index],
      prefix: [asPiece(sample)],
      sample,
      place,
      drawn: tokens,
      isFinished: isWhole(drawn, toTheEnd ? {} : this.#options, this.#run.options.sampling ?? {}, tokens),
      steps: parent.steps,
      value: null,
    }
  }

  #record(node: SearchNode): void {
    const { isFinished, value, place, path } = node
    const above = parentId(path)
    this.#run.record({ id: nodeId(node), parents: above === '' ? [] : [above], sample: place, value, isFinished })
  }
}

const told = (node: ScoredNode): string => `${nodeId(node)} with ${node.value}`

/** The name of what a node continues: a rollout hangs below the node that it began at. */
const parentId = (path: SearchNode['path']): string =>
  nodeId({ path: path.slice(0, typeof path.at(-2) === 'string' ? -2 : -1) })
