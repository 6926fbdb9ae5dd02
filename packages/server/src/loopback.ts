import { shown } from '@posttrain/core'
import { Refusal } from './refusal.js'

const NAMES = ['localhost', '127.0.0.1', '[::1]']

/**
 * Refuses a request that was not sent to this machine by one of its own names. A site whose name was made to point here
 * sends its own.
 *
 * @param host the Host header
 * @throws Refusal 403 for any other
 */
export function requireLoopback(host: string | undefined): void {
  if (host !== undefined && NAMES.includes(host.replace(/:\d+$/, '').toLowerCase())) return
  const said = host === undefined ? 'there is no Host header' : `the Host header is ${shown(host)}`
  throw new Refusal(403, 'other-host', said, { hint: `ask by one of ${NAMES.join(', ')}` })
}
