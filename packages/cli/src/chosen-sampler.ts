import { deviceChoices, type DeviceChoice } from '@posttrain/compute'
import { invalidArgument, shown, type Sampler } from '@posttrain/core'
import { Option, type Command } from 'commander'
import { pair } from './list-options.js'
import { integer } from './option-parsers.js'

/** Where samples come from. */
export interface SamplerOptions {
  /** Servers; the first of the two that is given. */
  readonly endpoint?: string | undefined
  readonly upstream?: string | undefined
  /** The model's name there, or a folder. */
  readonly model?: string | undefined
  readonly api: 'chat' | 'completions'
  readonly parallel: number
  readonly prices?: readonly [number, number] | undefined
  readonly device: DeviceChoice
  readonly topLogprobs?: number | undefined
}

/** A sampler that was chosen on the command line. */
export interface ChosenSampler {
  readonly sampler: Sampler
  /** What its samples depend on beside the request, for the key of a store. */
  readonly identity: string
  /** What was found out of a server. */
  readonly notes: readonly string[]
}

/** The variables of the environment that have keys: of any server, and of OpenAI's own, which no other is sent. */
const KEY = 'POSTTRAIN_API_KEY'
const OPENAI_KEY = 'OPENAI_API_KEY'

/** What help says of keys. */
export const KEY_HELP: string = `The key of a server is in the variable ${KEY}; for api.openai.com ${OPENAI_KEY} will do, too.`

/**
 * Adds the options that say where samples come from.
 *
 * @param flag of the server's URL
 */
export const withSampler = (command: Command, flag: '--endpoint' | '--upstream'): Command =>
  command
    .option(`${flag} <url>`, 'an OpenAI-compatible server, for instance http://localhost:8000/v1')
    .option(
      '--model <name>',
      `a model of ${flag} (default: the only one it lists); without ${flag} a folder as the Hugging Face Hub has them`,
    )
    .addOption(new Option('--api <name>', 'how the server is asked').choices(['chat', 'completions']).default('chat'))
    .option('--parallel <n>', 'requests to the server at the same time', integer(1), 16)
    .option(
      '--top-logprobs <n>',
      'log-probs of a server, and of the n likeliest tokens at each place; 0: of what was drawn alone (default: none)',
      integer(0),
    )
    .option('--prices <prompt,completion>', 'money for a million tokens, for instance 0.15,0.6', pair)
    .addOption(new Option('--device <name>', 'where a folder is run').choices(deviceChoices).default('auto'))

/**
 * The sampler that options say. A server is probed.
 *
 * @throws PosttrainError `invalid-argument` where they say none; otherwise as `openModelFolder` and `probeEndpoint`
 */
export async function chosenSampler(options: SamplerOptions): Promise<ChosenSampler> {
  const { endpoint, upstream, model, device, topLogprobs } = options
  const url = endpoint ?? upstream
  if (url !== undefined) return ofServer(url, options)
  if (topLogprobs !== undefined && topLogprobs > 0) {
    throw invalidArgument(
      'a model on this machine does not give the likeliest tokens',
      `give --top-logprobs with a server`,
    )
  }
  if (model === undefined) {
    throw invalidArgument('nothing says where samples come from', 'give the URL of a server, or --model FOLDER')
  }
  const { openModelFolder } = await import('./model-folder.js')
  const policy = await openModelFolder(model, device)
  const { engine, weights } = policy.provenance
  return { sampler: policy, identity: `${engine} ${weights}`, notes: [] }
}

async function ofServer(url: string, options: SamplerOptions): Promise<ChosenSampler> {
  const { model: asked, api, parallel, prices, topLogprobs } = options
  const { endpointSampler, listModels, probeEndpoint } = await import('@posttrain/endpoints')
  const key = keyFor(url)
  const model = asked ?? onlyOne(url, await listModels({ url, key }))
  const { abilities, evidence } = await probeEndpoint({ url, key, model, api })
  const sampler = endpointSampler({
    url,
    key,
    model,
    api,
    abilities,
    concurrency: parallel,
    logprobs: topLogprobs !== undefined,
    topLogprobs: topLogprobs === 0 ? undefined : topLogprobs,
    prices: prices && { prompt: prices[0], completion: prices[1] },
  })
  // Samples that were kept without log-probs are not those that were asked for.
  const identity = `${url} ${api} ${model}${topLogprobs === undefined ? '' : ' with log-probs'}`
  return { sampler, identity, notes: evidence }
}

function keyFor(url: string): string | undefined {
  const isOpenAi = /^https:\/\/([\w-]+\.)*openai\.com(\/|$)/.test(url)
  return process.env[KEY] ?? (isOpenAi ? process.env[OPENAI_KEY] : undefined)
}

function onlyOne(url: string, models: readonly string[]): string {
  if (models.length === 1) return models[0]!
  const what = models.length === 0 ? 'lists no models' : `lists ${models.length} models`
  throw invalidArgument(
    `${shown(url)} ${what}`,
    `name one with --model${models.length > 0 ? `: ${models.slice(0, 8).join(', ')}` : ''}`,
  )
}
