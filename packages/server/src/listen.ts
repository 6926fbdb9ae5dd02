import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { machineFailed, requireInteger, shown, systemReason } from '@posttrain/core'
import type { RewardServer } from './reward-server.js'

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
  /** Takes no more connections, answers what was taken on, and then lets the port go. */
  readonly close: () => Promise<void>
}

/**
 * Gives a server a port of this machine.
 *
 * @throws PosttrainError `machine-failed` for a port that is taken or an address that is not this machine's
 * @example
 * ```ts
 * const listening = (server: RewardServer): Promise<Listening> => listen(server, { port: 0 })
 * ```
 */
export async function listen(server: RewardServer, options: ListenOptions = {}): Promise<Listening> {
  const { host = '127.0.0.1', port = 8765 } = options
  requireInteger('port', port, { min: 0, max: 65_535 })
  const http = createAdaptorServer({ fetch: server.fetch })
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
  const { address, port: taken, family } = http.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
    async close() {
      const closed = new Promise((resolve) => http.close(resolve))
      await server.close()
      await closed
    },
  }
}
