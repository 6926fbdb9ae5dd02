/** Why a request gave nothing. */
export class EndpointFailure extends Error {
  /** Absent: there was no answer, or none that could be read. */
  readonly status: number | undefined
  /** Seconds after which the server wants to be asked again. */
  readonly retryAfter: number | undefined
  /**
   * `again`: another attempt may succeed. `request`: this request is wrong, and others may not be. `all`: every request
   * would fail so.
   */
  readonly scope: 'again' | 'request' | 'all'

  constructor(
    message: string,
    {
      status,
      retryAfter,
      scope,
    }: Pick<EndpointFailure, 'scope'> & Partial<Pick<EndpointFailure, 'status' | 'retryAfter'>>,
  ) {
    super(message)
    this.name = 'EndpointFailure'
    this.status = status
    this.retryAfter = retryAfter
    this.scope = scope
  }
}

/** Too many requests, or a server that is not well: 408, 409, 425, 429 and all from 500 on. */
const isPassing = (status: number): boolean => status >= 500 || [408, 409, 425, 429].includes(status)

/** The part of a response that says what went wrong. */
interface ErrorResponse {
  readonly status: number
  readonly headers: { get(name: string): string | null }
}

/**
 * What an answer other than 200 means.
 *
 * @param hidden takes out of a text what nobody may read
 */
export function failureOf(
  { status, headers }: ErrorResponse,
  body: string,
  hidden: (text: string) => string,
): EndpointFailure {
  const said = hidden(saidIn(body))
  const message = said === '' ? `${status}` : `${status}: ${said}`
  if (isPassing(status) && !/insufficient_quota/.test(body)) {
    return new EndpointFailure(message, {
      status,
      scope: 'again',
      retryAfter: retryAfterOf(headers.get('retry-after')),
    })
  }
  // 401, 403, 404 and a quota that is used up are about the key or the model, which all requests have in common.
  const scope = [400, 413, 422].includes(status) ? 'request' : 'all'
  return new EndpointFailure(message, { status, scope })
}

/** The sentence in the body of an error, in the forms of OpenAI and of FastAPI. */
function saidIn(body: string): string {
  try {
    const { error, detail, message } = JSON.parse(body) as Readonly<Record<string, unknown>>
    const said = (error as { readonly message?: unknown } | undefined)?.message ?? error ?? detail ?? message
    return typeof said === 'string' ? said : said === undefined ? body : JSON.stringify(said)
  } catch {
    return body.trim()
  }
}

/** Seconds that a header asks to wait, given as a number of them or as a date. */
function retryAfterOf(header: string | null): number | undefined {
  if (header === null || header.trim() === '') return undefined
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds)
  // eslint-disable-next-line no-restricted-properties -- the header is a time of day
  const left = (Date.parse(header) - Date.now()) / 1000
  return Number.isNaN(left) ? undefined : Math.max(0, left)
}
