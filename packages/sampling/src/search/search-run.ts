import { requestId, requireInteger, shown, withoutReference } from '@posttrain/core'
import type {
  Decision,
  DecisionNode,
  Outcome,
  RewardFunction,
  RunOptions,
  Sample,
  Sampler,
  SampleRequest,
  StopCause,
  Task,
} from '@posttrain/core'
import { askReward } from '../ask-reward.js'
import { collect } from '../collect.js'
import { Budget } from '../internal/budget.js'
import { decide } from '../internal/decide.js'

/** Samples that a search wants next, as a request below the run's. */
export interface Wish extends Omit<SampleRequest, 'task' | 'seed' | 'id' | 'firstIndex'> {
  /** Name the request below the run. */
  readonly labels: readonly (string | number)[]
}

/** A sample that was drawn for a wish. */
export interface DrawnSample {
  readonly sample: Sample
  /** Its place among the samples of the run. */
  readonly place: number
  /** Whether the limit that was asked for cut it, and not one of the sampler's own. */
  readonly isCut: boolean
}

/** What a run of dependent samples has drawn and judged: the one place where searches and revisions spend. */
export class SearchRun {
  /** As it is when deployed. */
  readonly task: Task
  readonly options: RunOptions
  readonly samples: Sample[] = []
  readonly #sampler: Sampler
  readonly #asked: Task
  readonly #budget: Budget
  readonly #outcomes: Outcome[] = []
  readonly #nodes = new Map<string, DecisionNode>()
  #cap: string | undefined

  /** @param most samples that the procedure draws at most */
  constructor(sampler: Sampler, task: Task, most: number, options: RunOptions) {
    requireInteger('seed', options.seed ?? 0)
    this.#sampler = sampler
    this.#asked = task
    this.task = withoutReference(task)
    this.options = options
    this.#budget = new Budget(task, options.rules, most)
  }

  /** Whether a rule may end the run now. */
  get mayStop(): boolean {
    return this.#budget.mayStop
  }

  /** Whether a cap of the budget rules left a wish open, or cut a sample. */
  get isCapped(): boolean {
    return this.#cap !== undefined
  }

  /** Where errors say that something happened. */
  get where(): string {
    return `on task ${shown(this.task.id)}`
  }

  /**
   * Draws what is wished for, all in one call of the sampler where no cap of tokens asks for one sample after another.
   *
   * @returns a list per wish, in the order of indices; shorter where a cap was reached, which serves wishes in order
   */
  async draw(wishes: readonly Wish[]): Promise<readonly (readonly DrawnSample[])[]> {
    const lists = wishes.map((): DrawnSample[] => [])
    for (;;) {
      const missing = wishes.reduce((sum, { count }, i) => sum + count - lists[i]!.length, 0)
      if (missing === 0) return lists
      const room = this.#budget.room(missing)
      if (room === 0) {
        this.#cap = this.#budget.reached
        return lists
      }
      await this.#drawSome(wishes, lists, room)
    }
  }

  /** Draws the first samples that are missing. */
  async #drawSome(wishes: readonly Wish[], lists: readonly DrawnSample[][], room: number): Promise<void> {
    const { seed = 0, id = this.task.id, sampling, signal } = this.options
    const places: number[] = []
    const requests: SampleRequest[] = []
    let left = room
    for (const [place, { labels, ...wish }] of wishes.entries()) {
      const firstIndex = lists[place]!.length
      const count = Math.min(left, wish.count - firstIndex)
      if (count === 0) continue
      left -= count
      const limits = this.#budget.within({ ...sampling, ...wish })
      places.push(place)
      requests.push({ ...limits, task: this.#asked, count, firstIndex, seed, id: requestId(id, ...labels) })
    }
    const drawn = await collect(this.#sampler, requests, { signal })
    for (const [i, samples] of drawn.entries()) {
      const { maxTokens = Infinity } = requests[i]!
      const own = wishes[places[i]!]!.maxTokens ?? sampling?.maxTokens ?? Infinity
      this.#budget.spend(samples)
      for (const sample of samples) {
        const isCut = sample.finish === 'length' && sample.usage.completionTokens >= maxTokens
        lists[places[i]!]!.push({ sample, place: this.samples.push(sample) - 1, isCut })
        if (isCut && maxTokens < own) this.#cap = this.#budget.reached
      }
    }
  }

  /** What a reward says of samples; it sees no reference. */
  async judge(reward: RewardFunction, samples: readonly Sample[]): Promise<readonly Outcome[]> {
    if (samples.length === 0) return []
    const outcomes = await askReward(reward, this.task, samples, this.options)
    this.#outcomes.push(...outcomes)
    return outcomes
  }

  /** Keeps a node for the decision; one of the same name takes its place. */
  record(node: DecisionNode): void {
    this.#nodes.set(node.id, node)
  }

  decide(sample: Sample | undefined, reason: string, stopped: StopCause = 'complete'): Decision {
    const drawn = this.#cap === undefined ? { stopped } : { stopped: 'capped' as const, cap: this.#cap }
    const decision = decide({
      task: this.task,
      drawn: { samples: this.samples, ...drawn },
      outcomes: this.#outcomes,
      sample,
      reason,
    })
    return { ...decision, nodes: [...this.#nodes.values()] }
  }
}
