import { PosttrainError, reasonOf } from '@posttrain/core'
import type { WebResponse } from './web.js'

/** The statuses of answers that are no verdicts. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 413 | 415 | 422 | 429 | 499 | 500 | 502 | 503 | 504

/** Why a request is not answered with verdicts, in the form that it is told to the client. */
export class Refusal extends Error {
  readonly status: RefusalStatus
  readonly code: string
  readonly hint: string | undefined
  /** Seconds after which to try again, where that makes sense. */
  readonly retryAfter: number | undefined

  constructor(
    status: RefusalStatus,
    code: string,
    message: string,
    { hint, retryAfter }: { readonly hint?: string | undefined; readonly retryAfter?: number | undefined } = {},
  ) {
    super(message)
    this.name = 'Refusal'
    this.status = status
    this.code = code
    this.hint = hint
    this.retryAfter = retryAfter
  }
}

/** What a client is sent of a refusal. */
export const refusalResponse = ({ status, code, message, hint, retryAfter }: Refusal): WebResponse =>
  Response.json(bodyOf({ code, message, hint }), {
    status,
    headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
  })

const bodyOf = ({ code, message, hint }: Pick<Refusal, 'code' | 'message' | 'hint'>): object => ({
  error: { code, message, ...(hint !== undefined && { hint }) },
})

/** What a client is sent where the status is gone already. */
export const refusalBody = (error: unknown): object => bodyOf(refusalOf(error))

/** An answer to a request for which there is no room now. */
export const busy = (message: string): Refusal =>
  new Refusal(503, 'overloaded', message, { hint: 'try again later', retryAfter: 1 })

/** Why something thrown ends a request: 422 where it is about what was sent, otherwise 500. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof PosttrainError) {
    const { code, message, hint } = error
    return new Refusal(code === 'invalid-data' ? 422 : 500, code, message, { hint })
  }
  if (error instanceof RangeError && /call stack/.test(error.message)) {
    return new Refusal(422, 'invalid-data', 'the body is nested too deep', { hint: 'make it flatter' })
  }
  return new Refusal(500, 'defect', reasonOf(error))
}
