import { readFileSync } from 'node:fs'
import { invalidArgument, shown } from '@posttrain/core'

/** The trainers that a shim is written for. */
export const SHIM_TRAINERS = ['trl', 'verl', 'verifiers'] as const

/** A trainer that a shim is written for. */
export type ShimTrainer = (typeof SHIM_TRAINERS)[number]

/** Where a shim finds its reward server. */
export interface PythonShimOptions {
  /** Address of the server (default http://127.0.0.1:8765). The variable POSTTRAIN_URL wins over it. */
  readonly url?: string | undefined
}

/**
 * A Python file that gives a trainer the rewards of a reward server: one file, with nothing to install. At its head is
 * written how it is handed to the trainer, and what an unscored sample becomes there.
 *
 * @param trainer whose reward function it holds
 * @param options where the server is; its token is not written down, but read from the variable POSTTRAIN_TOKEN
 * @returns the text of the file
 * @throws PosttrainError `invalid-argument` for another trainer, or for what is no address over HTTP
 *
 * @example
 * ```ts
 * const file = pythonShim('trl', { url: 'http://10.0.0.1:8000' })
 * file.includes('def posttrain_reward(prompts, completions') // => true
 * ```
 */
export function pythonShim(trainer: ShimTrainer, { url }: PythonShimOptions = {}): string {
  if (!SHIM_TRAINERS.includes(trainer)) {
    throw invalidArgument(`there is no shim for ${shown(trainer)}`, `choose one of ${SHIM_TRAINERS.join(', ')}`)
  }
  const client = python('client').replace(DEFAULT_URL, (line) =>
    url === undefined ? line : `DEFAULT_URL = ${literal(url)}`,
  )
  return python(trainer).replace(IMPORT, () => client.trimEnd())
}

/** The line with the address that a shim asks by default. */
const DEFAULT_URL = /^DEFAULT_URL = .*$/m

/** The line that stands for what all shims share. */
const IMPORT = /^from posttrain_client import .*$/m

const python = (name: string): string =>
  readFileSync(new URL(`../../shims/posttrain_${name}.py`, import.meta.url), 'utf8')

/** An address as a literal of Python: what JSON escapes, Python reads alike. */
function literal(url: string): string {
  const address = URL.canParse(url) ? new URL(url) : undefined
  if (address?.protocol !== 'http:' && address?.protocol !== 'https:') {
    throw invalidArgument(`url is ${shown(url)}, but a reward server is asked over HTTP`, 'write http://HOST:PORT')
  }
  return JSON.stringify(address.href)
}
