import type { EndpointAbilities } from '../abilities.js'
import { readChoices, type Choices } from '../sampler/read-choices.js'
import { goingOn, type EndpointApi } from '../sampler/request-body.js'
import type { Connection } from '../server/connection.js'
import { EndpointFailure } from '../server/endpoint-failure.js'
import { unreachable } from './unreachable.js'

/** Asks one thing after another, each in the same few words. */
export class Probing {
  readonly #connection: Connection
  readonly #api: EndpointApi
  readonly #model: string

  constructor(connection: Connection, api: EndpointApi, model: string) {
    this.#connection = connection
    this.#api = api
    this.#model = model
  }

  /** @throws PosttrainError `sampler-failed` where not even this is answered */
  async plain(): Promise<void> {
    try {
      await this.#ask({ max_tokens: 1 })
    } catch (error) {
      throw unreachable(this.#connection, error)
    }
  }

  async choices(evidence: string[]): Promise<boolean> {
    const answer = await this.#try({ n: 2, max_tokens: 2, seed: 5 })
    const single = await this.#try({ max_tokens: 2, seed: 6 })
    const given = answer?.choices.length ?? 0
    const counted = answer?.completionTokens ?? 0
    const countsUp = answer?.choices.find(({ index }) => index === 1)?.text === single?.choices[0]?.text
    evidence.push(
      answer === undefined
        ? 'n: 2 is refused'
        : `n: 2 gives ${given} of 2 choices with ${counted} tokens, the second ${countsUp ? 'as by' : 'unlike'} the next seed`,
    )
    return given === 2 && counted > (single?.completionTokens ?? Infinity) && countsUp
  }

  /** Whether a seed gives the same text, alone and beside other requests: some servers have one stream for all. */
  async seed(evidence: string[]): Promise<boolean> {
    const [one, same] = [await this.#text({ seed: 7 }), await this.#text({ seed: 7 })]
    const crowd = await Promise.all([7, 8, 7, 9, 7, 10].map((seed) => this.#text({ seed, max_tokens: 16 })))
    const [first, ...again] = crowd.filter((_, i) => i % 2 === 0)
    const others = crowd.filter((_, i) => i % 2 === 1)
    const alone = one !== undefined && one === same
    const among = first !== undefined && again.every((text) => text === first)
    const tells = !among || others.some((text) => text !== first)
    evidence.push(
      !alone
        ? 'the same seed gives another text'
        : !among
          ? 'the same seed gives another text beside other requests'
          : tells
            ? 'the same seed gives the same text'
            : NOTHING_RANDOM,
    )
    return alone && among && tells
  }

  /** Whether a cut that leaves one token leaves one text. */
  async cut(field: string, value: number, evidence: string[]): Promise<boolean> {
    const [cutA, cutB] = [await this.#text({ [field]: value, seed: 7 }), await this.#text({ [field]: value, seed: 8 })]
    const [a, b] = [await this.#text({ seed: 7 }), await this.#text({ seed: 8 })]
    const tells = a !== b
    const isCut = cutA !== undefined && cutA === cutB && tells
    evidence.push(
      cutA === undefined
        ? `${field} is refused`
        : isCut
          ? `${field}: ${value} leaves one text`
          : tells
            ? `${field} does nothing`
            : `${field}: ${NOTHING_RANDOM}`,
    )
    return isCut
  }

  /** What log-probs are of: those of the model stay the same at another temperature. */
  async logprobs(evidence: string[]): Promise<Pick<EndpointAbilities, 'logprobs' | 'tokenIds'>> {
    const wanted = this.#api === 'chat' ? { logprobs: true } : { logprobs: 1 }
    const at = (temperature: number) =>
      this.#try({ ...wanted, temperature, max_tokens: 1, seed: 7, top_k: 1, return_token_ids: true }).then(
        (answer) => answer ?? this.#try({ ...wanted, temperature, max_tokens: 1, seed: 7 }),
      )
    const [warm, cold] = [await at(1), await at(0.5)]
    const [one, other] = [warm, cold].map((answer) => answer?.choices[0])
    const fromChoice = await this.#try({ max_tokens: 1, return_token_ids: true })
    const tokenIds = fromChoice?.choices[0]?.tokens ? 'choice' : one?.tokens ? 'logprobs' : 'none'
    evidence.push(`ids of tokens: ${tokenIds}`)
    const [p, q] = [one?.logprobs?.[0], other?.logprobs?.[0]]
    if (p === undefined || q === undefined) {
      evidence.push('it gives no log-probs')
      return { logprobs: 'none', tokenIds }
    }
    const sameToken = one!.text === other!.text
    evidence.push(
      sameToken
        ? `the log-prob of a token is ${p.toFixed(4)} at temperature 1 and ${q.toFixed(4)} at 0.5`
        : 'what log-probs are of cannot be told, for another token was drawn at another temperature',
    )
    if (!sameToken) return { logprobs: 'none', tokenIds }
    return { logprobs: Math.abs(p - q) < 1e-3 * Math.max(1, Math.abs(p)) ? 'raw' : 'processed', tokenIds }
  }

  /** Whether an answer that is begun comes with its beginning: one token cannot say it all again. */
  async repeatsPrefill({ prefill, ...known }: EndpointAbilities, evidence: string[]): Promise<boolean> {
    if (this.#api !== 'chat' || prefill === 'none') return known.repeatsPrefill
    const begun = { role: 'assistant', content: BEGUN }
    const answer = await this.#try({ messages: [ASKED, begun], ...goingOn(prefill), max_tokens: 1 })
    const repeats = answer?.choices[0]?.text.startsWith(BEGUN) ?? false
    evidence.push(`an answer that was begun comes ${repeats ? 'with' : 'without'} its beginning`)
    return repeats
  }

  async #text(more: object): Promise<string | undefined> {
    return (await this.#try({ max_tokens: 8, ...more }))?.choices[0]?.text
  }

  /** The answer; undefined where the server refuses. */
  async #try(more: object): Promise<Choices | undefined> {
    try {
      return await this.#ask(more)
    } catch (error) {
      if (error instanceof EndpointFailure) return undefined
      throw error
    }
  }

  async #ask(more: object): Promise<Choices> {
    const common = { model: this.#model, temperature: 1, ...more }
    return readChoices(
      this.#api === 'chat'
        ? await this.#connection.post('/chat/completions', { messages: [ASKED], ...common })
        : await this.#connection.post('/completions', { ...common, prompt: ASKED.content }),
    )
  }
}

const ASKED = { role: 'user', content: 'Once upon a time' }
const BEGUN = 'there were three bears and a porridge'

const NOTHING_RANDOM = 'nothing can be told, for all seeds give the same text'
