import { saysNothing, shapingOf, textOf, type LogprobProvenance, type Sample, type Usage } from '@posttrain/core'
import type { EndpointAbilities } from '../abilities.js'
import { likeliestTokens } from './likeliest-tokens.js'
import type { Choice, Choices } from './read-choices.js'
import { begunBy, type Draw, type EndpointApi } from './request-body.js'

/** Money for a million tokens. */
export interface Prices {
  readonly prompt: number
  readonly completion: number
}

/** What samples of a sampler have in common. */
export interface SampleOptions {
  readonly api: EndpointApi
  readonly abilities: EndpointAbilities
  readonly provenance: LogprobProvenance
  readonly prices: Prices | undefined
  /** How many of the likeliest tokens' log-probs were asked for. */
  readonly topLogprobs: number | undefined
}

/**
 * The samples of a response, by their index; those that it lacks, or gives twice, are absent. The prompt was read once
 * and is counted with the first of them. Tokens that a server counts for all choices together are divided by the tokens
 * or, where these are not told, the characters of each.
 */
export function samplesOf(draw: Draw, { choices, ...read }: Choices, options: SampleOptions): readonly Sample[] {
  const seen = new Set<number>()
  const own = choices
    .filter(({ index }) => index < draw.count && !seen.has(index) && seen.add(index))
    .map((choice) => (draw.count === 1 ? withAllTokens(choice, read.completionTokens) : choice))
    .map((choice) => ({ ...choice, text: drawnText(choice, draw, options) }))
  const counts = countsOf(own, read.completionTokens)
  return own.map((choice, i) => {
    const usage = { promptTokens: i === 0 ? read.promptTokens : 0, completionTokens: counts[i]! }
    return sampleOf(draw, choice, { ...options, usage: priced(usage, options.prices) })
  })
}

/** The text of a choice without what the chat began it with, which some servers repeat. */
function drawnText({ text }: Choice, { request }: Draw, { api, abilities }: SampleOptions): string {
  const begun = api === 'chat' && abilities.repeatsPrefill ? begunBy(request.prefix ?? []) : ''
  return text.startsWith(begun) ? text.slice(begun.length) : text
}

/** A choice without tokens where the server has lost some of them, as llama.cpp does with halves of characters. */
const withAllTokens = (choice: Choice, count: number): Choice =>
  choice.tokens?.length === count ? choice : { ...choice, tokens: undefined }

const priced = (usage: Usage, prices: Prices | undefined): Usage =>
  prices
    ? { ...usage, cost: (usage.promptTokens * prices.prompt + usage.completionTokens * prices.completion) / 1e6 }
    : usage

/** Tokens of each choice; together they are the total. */
function countsOf(choices: readonly Choice[], total: number): readonly number[] {
  const told = choices.map(({ tokens }) => tokens?.length)
  if (told.every((count) => count !== undefined)) return told
  const sizes = choices.map(({ text }) => text.length + 1)
  const size = sizes.reduce((a, b) => a + b, 0)
  let [before, given] = [0, 0]
  return sizes.map((own) => {
    before += own
    const count = Math.round((total * before) / size) - given
    given += count
    return count
  })
}

interface OwnOptions extends SampleOptions {
  readonly usage: Usage
}

function sampleOf({ request, firstIndex }: Draw, choice: Choice, options: OwnOptions): Sample {
  const { task, seed, id = task.id, prompt, prefix = [] } = request
  const own = { id, taskId: task.id, index: firstIndex + choice.index, seed, ...(prompt !== undefined && { prompt }) }
  const before = textOf(prefix)
  const { usage } = options
  if (choice.finish !== 'stop' && choice.finish !== 'length') {
    return { ...own, text: before, finish: 'failed', failure: `the server ended with ${choice.finish}`, usage }
  }
  const stoppedBy = stoppedByOf(choice, request.stop, options.abilities)
  return {
    ...own,
    text: before + choice.text,
    ...(prefix.every(saysNothing) && choice.tokens && { tokens: choice.tokens }),
    ...logprobsOf(choice, request, options),
    finish: choice.finish,
    ...(stoppedBy !== undefined && { stoppedBy }),
    usage,
  }
}

const stoppedByOf = ({ stopReason }: Choice, stop: readonly string[] = [], { stopField }: EndpointAbilities) =>
  stopField !== 'none' && typeof stopReason === 'string' && stop.includes(stopReason) ? stopReason : undefined

/** Log-probs, where there is one for each token that was drawn: a list that lacks some belongs to no tokens. */
function logprobsOf(
  { logprobs, tokens, top: given }: Choice,
  request: Draw['request'],
  { usage, provenance, abilities, topLogprobs }: OwnOptions,
): Pick<Sample, 'logprobs'> {
  if (abilities.logprobs === 'none' || !logprobs || logprobs.length !== (tokens?.length ?? usage.completionTokens))
    return {}
  if (!logprobs.every(Number.isFinite)) return {}
  const drawn = shapingOf(request)
  const shaping = abilities.logprobs === 'processed' ? drawn : undefined
  const top = topLogprobs === undefined ? undefined : likeliestTokens(given, topLogprobs, logprobs.length)
  const own = shaping ? { ...provenance, shaping } : provenance
  return { logprobs: { values: logprobs, ...(top && { top }), provenance: own, drawn: drawn ?? {} } }
}
