import {
  isMessage,
  type LogprobProvenance,
  type Piece,
  type Sample,
  type Sampler,
  type SampleRequest,
} from '@posttrain/core'

/** Ends a turn, and opens the next one after a message. They have no text. */
export const END = 0
const OPEN = 1

/** What a model says next, by the text so far. */
export type Speaker = (text: string, request: SampleRequest) => string

/** Tokens of pieces, each a character code, with the length of the text after each. */
function encode(prefix: readonly Piece[]): { tokens: number[]; textEnds: number[] } {
  const tokens: number[] = []
  const textEnds: number[] = []
  let end = 0
  const push = (token: number): void => {
    tokens.push(token)
    textEnds.push((end += token > OPEN ? 1 : 0))
  }
  for (const piece of prefix) {
    if (isMessage(piece)) {
      if (tokens.at(-1) !== END) push(END)
      for (const character of piece.content) push(character.charCodeAt(0))
      push(OPEN)
    } else for (const token of piece.tokens ?? [...piece.text].map((c) => c.charCodeAt(0))) push(token)
  }
  return { tokens, textEnds }
}

/**
 * A sampler with a token per character, that continues a prefix as its speaker says. A `!` is a request that fails; a `~` ends
 * a turn as a limit of the sampler does. Every token has log-prob −0.5.
 */
export function characterSampler(
  speaker: Speaker,
  provenance: () => LogprobProvenance,
): Sampler & { requests: SampleRequest[] } {
  const requests: SampleRequest[] = []
  return {
    requests,
    get provenance() {
      return provenance()
    },
    async *sample(asked) {
      requests.push(...asked)
      for (const request of asked) {
        const { task, id = task.id, seed, prompt, prefix = [], firstIndex: index = 0, maxTokens = Infinity } = request
        const { tokens, textEnds } = encode(prefix)
        const before = tokens
          .filter((token) => token > OPEN)
          .map((token) => String.fromCharCode(token))
          .join('')
        const said = speaker(before, request)
        const own = { id, taskId: task.id, index, seed, prompt }
        const usage = { promptTokens: 2 + tokens.length, completionTokens: 0 }
        if (said === '!') {
          yield { ...own, text: before, finish: 'failed', failure: '503', usage } satisfies Sample
          continue
        }
        const isCut = said.endsWith('~')
        const drawn = [...[...said.replace('~', '')].map((c) => c.charCodeAt(0)), ...(isCut ? [] : [END])].slice(
          0,
          maxTokens,
        )
        const mask = new Uint8Array(tokens.length + drawn.length).fill(1, tokens.length)
        for (const token of drawn) {
          tokens.push(token)
          textEnds.push((textEnds.at(-1) ?? 0) + (token > OPEN ? 1 : 0))
        }
        yield {
          ...own,
          text: tokens
            .filter((token) => token > OPEN)
            .map((token) => String.fromCharCode(token))
            .join(''),
          tokens,
          textEnds,
          mask,
          logprobs: { values: drawn.map(() => -0.5), provenance: provenance() },
          finish: drawn.at(-1) === END ? 'stop' : 'length',
          usage: { ...usage, completionTokens: drawn.length },
        } satisfies Sample
      }
    },
  }
}
