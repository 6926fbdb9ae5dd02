import { createHash, timingSafeEqual } from 'node:crypto'
import { Refusal } from './refusal.js'

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/**
 * Requires the token in a request's `Authorization: Bearer` or, of clients that can only be told a URL, in its `token`
 * parameter. The comparison takes as long for any two tokens.
 *
 * @throws Refusal 401
 */
export function requireToken(token: string, request: Request): void {
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(request.headers.get('authorization') ?? '') ?? []
  const given = bearer ?? new URL(request.url).searchParams.get('token')
  if (given !== null && timingSafeEqual(digest(given), digest(token))) return
  throw new Refusal(401, 'unauthorized', given === null ? 'the request has no token' : 'the token is not right', {
    hint: 'send Authorization: Bearer TOKEN, or ?token=TOKEN in the URL',
  })
}
