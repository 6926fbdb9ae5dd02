import { visible } from './shown.js'

/** What went wrong, in a form a program can branch on. */
export type ErrorCode =
  | 'invalid-argument'
  | 'invalid-data'
  | 'unsupported'
  | 'unscored'
  | 'provenance-mismatch'
  | 'exploded'
  | 'aborted'
  | 'sampler-failed'
  | 'timeout'
  | 'machine-failed'

/**
 * The one error class of Posttrain: `message` says what was wrong and where, `hint` what to do about it,
 * `code` is for programs. Both are `visible`: a file's name or a model's answer in them steers no terminal.
 *
 * @example
 * ```ts
 * const error = new PosttrainError('invalid-argument', 'k is 9 but only 8 samples were drawn', 'draw more samples')
 * error.code // => 'invalid-argument'
 * ```
 */
export class PosttrainError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, hint?: string, options?: ErrorOptions) {
    super(visible(message), options)
    this.name = 'PosttrainError'
    this.code = code
    this.hint = hint === undefined ? undefined : visible(hint)
  }
}

const causedBy = (cause: unknown): ErrorOptions | undefined => (cause === undefined ? undefined : { cause })

/** An argument that cannot be right, named together with its value. */
export const invalidArgument = (message: string, hint?: string): PosttrainError =>
  new PosttrainError('invalid-argument', message, hint)

/** A file, a response, or an answer of a caller's function that does not say what it should. */
export const invalidData = (message: string, hint?: string, cause?: unknown): PosttrainError =>
  new PosttrainError('invalid-data', message, hint, causedBy(cause))

/** Something this sampler, policy, device or procedure does not do. */
export const unsupported = (message: string, hint?: string): PosttrainError =>
  new PosttrainError('unsupported', message, hint)

/** The caller's `AbortSignal` fired, or a call before this one failed. */
export const aborted = (message = "stopped at the caller's request", hint?: string, cause?: unknown): PosttrainError =>
  new PosttrainError('aborted', message, hint, causedBy(cause))

/** A disk, a stream or a thread of this machine did not do its part: the disk is full, a file system read-only. */
export const machineFailed = (message: string, hint?: string, cause?: unknown): PosttrainError =>
  new PosttrainError('machine-failed', message, hint, causedBy(cause))
