import { randomBytes } from 'node:crypto'
import { shown } from '@posttrain/core'
import { listen, type AccessOptions, type Refusal, type WebServer } from '@posttrain/server'
import type { Command } from 'commander'
import { note } from './log-options.js'
import { integer } from './option-parsers.js'
import { stopOnInterrupt } from './stop-signal.js'

/** The variable of the environment that has the token. */
export const TOKEN = 'POSTTRAIN_TOKEN'

/** Where and to whom something is served, and how much of it at a time. */
export interface ServingOptions {
  readonly host: string
  readonly port: number
  readonly token: boolean
  readonly concurrency: number
  readonly queue: number
  readonly perClient?: number | undefined
}

/**
 * Adds the options that every server has.
 *
 * @param units what is worked on, for instance `samples`
 */
export const withServing = (command: Command, units: string, concurrency: string): Command =>
  command
    .option('--host <address>', 'the address to listen on; 0.0.0.0 is every one of this machine', '127.0.0.1')
    .option('--port <n>', 'the port; 0 takes one that is free', integer(0), 8765)
    .option('--no-token', 'let everybody in who reaches the port')
    .option('--concurrency <n>', concurrency, integer(1), 8)
    .option('--queue <n>', `${units} that may wait; more are refused with 503`, integer(0), 1024)
    .option(
      '--per-client <n>',
      `${units} of one address, worked on or waiting; more are refused with 429 (default: no limit)`,
      integer(1),
    )

/** What clients and the token are told in every help. */
export const TOKEN_HELP: string = `Clients send Authorization: Bearer TOKEN or, where they can be told only a URL, ?token=TOKEN in it. The token is that in
the variable ${TOKEN}, or else one that is made now and said. Standard output has the URL, once the port is open.`

/** Whom a server lets in, and what it says of those it refuses. */
export const accessOf = ({ token }: ServingOptions): AccessOptions => ({
  token: token ? (process.env[TOKEN] ?? randomBytes(24).toString('base64url')) : false,
  onRefusal: tellOnce(),
})

/** Serves until the first Ctrl-C, and then answers what was taken on. */
export async function serveUntilStopped(
  server: WebServer,
  { token }: AccessOptions,
  { host, port }: ServingOptions,
): Promise<void> {
  const { url, close } = await listen(server, { host, port })
  process.stdout.write(`${url}\n`)
  if (token === false) note('there is no token: everybody who reaches the port is let in')
  else if (process.env[TOKEN] === undefined) note(`the token is ${token}`)
  await stopped()
  await close()
}

/** Resolves at the first Ctrl-C. */
const stopped = (): Promise<void> =>
  new Promise((resolve) =>
    stopOnInterrupt('stopping: what was taken on is answered; again to stop at once').addEventListener('abort', () =>
      resolve(),
    ),
  )

/** Says what requests were refused for, once of each status and path. */
function tellOnce(): (refusal: Refusal, path: string) => void {
  const told = new Set<string>()
  return ({ status, message, hint }, path) => {
    const kind = `${status} ${path}`
    if (told.has(kind)) return
    told.add(kind)
    note(`${shown(path)} was answered ${status}: ${message}${hint === undefined ? '' : `; ${hint}`}`)
  }
}
