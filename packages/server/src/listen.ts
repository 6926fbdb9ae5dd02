import { once } from 'node:events'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { machineFailed, requireInteger, shown, systemReason } from '@posttrain/core'
import type { WebServer } from './web-app.js'

/** Where a server listens. */
export interface ListenOptions {
  /** Default `127.0.0.1`: this machine alone. */
  readonly host?: string | undefined
  /** Default 8765; 0 takes one that is free. */
  readonly port?: number | undefined
}

/** A server that listens. */
export interface Listening {
  readonly url: string
  /** Takes no more connections, answers what was taken on, and then lets the port go, also if called twice. */
  readonly close: () => Promise<void>
}

/**
 * Gives a server a port of this machine.
 *
 * @throws PosttrainError `machine-failed` for a port that is taken or an address that is not this machine's
 * @example
 * ```ts
 * const listening = (server: WebServer): Promise<Listening> => listen(server, { port: 0 })
 * ```
 */
export async function listen(server: WebServer, options: ListenOptions = {}): Promise<Listening> {
  const { host = '127.0.0.1', port = 8765 } = options
  requireInteger('port', port, { min: 0, max: 65_535 })
  const http = createAdaptorServer({ fetch: server.fetch }) as Server
  const answering = new Set<ServerResponse>()
  http.on('request', (_, response) => {
    answering.add(response)
    response.once('close', () => answering.delete(response))
  })
  await new Promise<void>((resolve, reject) => {
    http.once('error', (error) =>
      reject(
        machineFailed(
          `cannot listen on ${shown(host)}:${port}: ${systemReason(error)}`,
          'choose another port or host',
          error,
        ),
      ),
    )
    http.listen(port, host, resolve)
  })
  const shut = async (): Promise<void> => {
    const closed = once(http, 'close')
    http.close()
    await server.close()
    await Promise.all([...answering].map((response) => once(response, 'close')))
    // What is left are connections that clients keep for a next request.
    http.closeAllConnections()
    await closed
  }
  const { address, port: taken, family } = http.address() as AddressInfo
  let closing: Promise<void> | undefined
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    close: () => (closing ??= shut()),
  }
}
