import { addUsage, chosenCount, described, invalidData, isPrompt } from '@posttrain/core'
import { PosttrainError, requestId, shown, textOf } from '@posttrain/core'
import type { Piece, Sample, SampleRequest, StepReward } from '@posttrain/core'
import { fieldsOf } from '../checks/problem-of.js'
import type { Environment, Episode, Observation } from '../environment.js'

/** One sample of an environment on its way: what was said and drawn so far, and the sample once it is finished. */
export class EpisodeState {
  finished: Sample | undefined
  readonly #asked: SampleRequest
  readonly #index: number
  readonly #id: string
  readonly #turns: Sample[] = []
  readonly #steps: StepReward[] = []
  /** Positions of chosen tokens among all tokens after the prompt, and their log-probs. */
  readonly #chosen: number[] = []
  readonly #logprobs: number[] = []
  /** Of the likeliest tokens at those positions, as far as they are recorded. */
  readonly #top: ArrayLike<number>[] = []
  readonly #pieces: Piece[]
  /** Tokens that the episode may still draw, and that the present turn may. */
  #left: number
  #turnLimit = Infinity
  #environment = ''
  #episode: Episode | undefined

  constructor(asked: SampleRequest, index: number) {
    this.#asked = asked
    this.#index = index
    this.#id = asked.id ?? asked.task.id
    this.#pieces = [...(asked.prefix ?? [])]
    this.#left = asked.maxTokens ?? Infinity
  }

  async start(environment: Environment): Promise<void> {
    const { task, seed } = this.#asked
    this.#environment = `${environment.name} on task ${shown(task.id)}`
    const episode = await environment.start(task, { seed, id: this.#id, index: this.#index })
    this.#episode = checkedEpisode(episode, `${environment.name} on task ${shown(task.id)}`)
  }

  /** The request for a turn: it continues all that was said before. */
  request(turn: number, maxTokensPerTurn: number = Infinity): SampleRequest {
    const most = Math.min(this.#left, maxTokensPerTurn)
    this.#turnLimit = maxTokensPerTurn
    return {
      ...this.#asked,
      id: requestId(this.#id, this.#index, 'turn', turn),
      count: 1,
      firstIndex: 0,
      prompt: this.#episode?.prompt ?? this.#asked.prompt,
      prefix: [...this.#pieces],
      maxTokens: most === Infinity ? undefined : most,
    }
  }

  /** Takes over what was drawn in a turn, and lets the environment answer. */
  async take(drawn: Sample, isLast: boolean): Promise<void> {
    this.#turns.push(drawn)
    if (drawn.finish === 'failed') {
      this.fail(drawn.failure ?? 'a turn failed')
      return
    }
    this.#requireSameWeights(drawn)
    this.#requireContinued()
    const { text, stoppedBy = '', tokens, mask, logprobs } = drawn
    tokens?.forEach((_, t) => (mask?.[t] ?? 1) === 1 && this.#chosen.push(t))
    this.#logprobs.push(...Array.from(logprobs?.values ?? []))
    this.#top.push(...(logprobs?.top ?? []))
    this.#left -= drawn.usage.completionTokens
    const said = (text + stoppedBy).slice(textOf(this.#pieces).length)
    // A piece per turn: the template's own words between turns are in no text, so that they cannot be in a piece's
    // tokens.
    this.#pieces.push(
      tokens ? { text: said, tokens: tokens.slice(tokens.length - chosenCount(drawn)) } : { text: said },
    )

    const { observation, done, reward } = checkedObservation(await this.#episode!.step(said), this.#environment)
    if (reward !== undefined) this.#steps.push({ end: textOf(this.#pieces).length, reward })
    if (done) this.#finish(drawn, 'stop')
    else if (isLast || this.#left <= 0 || this.#isCut(drawn)) this.#finish(drawn, 'length')
    else this.#pieces.push(typeof observation === 'string' ? { text: observation } : observation)
  }

  /** Whether a limit of the sampler's own, and not the turn's, ended the turn: there is no room for another. */
  #isCut({ finish, usage }: Sample): boolean {
    return finish === 'length' && usage.completionTokens < this.#turnLimit
  }

  fail(failure: string): void {
    this.finished = { ...this.#own(), text: textOf(this.#pieces), finish: 'failed', failure }
  }

  async close(): Promise<void> {
    const episode = this.#episode
    this.#episode = undefined
    await episode?.close()
  }

  #finish({ tokens, textEnds }: Sample, finish: 'stop' | 'length'): void {
    const first = this.#turns[0]!.logprobs
    const mask = tokens && new Uint8Array(tokens.length)
    for (const t of this.#chosen) mask![t] = 1
    const isRecorded = first && this.#logprobs.length === this.#chosen.length
    const top = this.#top.length === this.#chosen.length ? this.#top : undefined
    this.finished = {
      ...this.#own(),
      text: textOf(this.#pieces),
      tokens,
      mask,
      textEnds,
      logprobs: isRecorded ? { ...first, values: this.#logprobs, top } : undefined,
      finish,
    }
  }

  #own(): Omit<Sample, 'text' | 'finish'> {
    const { task, seed, prompt } = this.#asked
    return {
      id: this.#id,
      taskId: task.id,
      index: this.#index,
      seed,
      prompt: this.#episode?.prompt ?? prompt,
      usage: addUsage(this.#turns.map(({ usage }) => usage)),
      steps: this.#steps,
    }
  }

  #requireSameWeights(drawn: Sample): void {
    const [first, now] = [this.#turns[0]!.logprobs?.provenance, drawn.logprobs?.provenance]
    if (!first || !now || (first.weights === now.weights && first.step === now.step)) return
    throw new PosttrainError(
      'provenance-mismatch',
      `the weights changed within episode ${this.#index} of ${this.#id}`,
      'give the environment a snapshot of the policy',
    )
  }

  /** The tokens of a turn must go on from those of the turn before, or the log-probs are of another completion. */
  #requireContinued(): void {
    const [before, now] = this.#turns.slice(-2).map(({ tokens }) => tokens)
    if (!before || !now || before.every((token, t) => now[t] === token)) return
    throw invalidData(
      `turn ${this.#turns.length} of episode ${this.#index} of ${this.#id} does not begin with the tokens of the turn before`,
      'the sampler must continue a prefix exactly, without encoding its tokens again',
    )
  }
}

/** What an environment said, as long as it is an observation. */
function checkedObservation(given: Observation, name: string): Observation {
  const { observation, done, reward } = fieldsOf(given) ?? {}
  if (typeof done !== 'boolean') {
    const found = fieldsOf(given) ? `an observation whose done is ${described(done)}` : described(given)
    throw invalidData(`the environment ${name} gave ${found}`, 'step gives { observation, done, reward? }')
  }
  if (reward !== undefined && !Number.isFinite(reward)) {
    throw invalidData(`the environment ${name} gave the reward ${described(reward)}`, 'a reward is a finite number')
  }
  if (done || typeof observation === 'string' || isPrompt([observation])) return given
  throw invalidData(
    `the environment ${name} gave the observation ${described(observation)}`,
    'an observation is a text or a message, unless the episode is done',
  )
}

/** What an environment began, as long as it is an episode. */
function checkedEpisode(given: Episode, name: string): Episode {
  const { step, close, prompt } = fieldsOf(given) ?? {}
  if (typeof step === 'function' && typeof close === 'function' && (prompt === undefined || isPrompt(prompt))) {
    return given
  }
  throw invalidData(
    `the environment ${name} began ${described(given)}, not an episode`,
    'start gives { step, close, prompt? }',
  )
}
