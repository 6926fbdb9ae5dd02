/** What the operating system refused, by its code, as the second half of a sentence. */
const REASONS: Readonly<Record<string, string>> = {
  E2BIG: 'the arguments are too long',
  EACCES: 'permission is denied',
  EAGAIN: 'nothing can be had of it now',
  EBADF: 'it is not open',
  EBUSY: 'it is in use',
  EDQUOT: 'the quota of the disk is used up',
  EEXIST: 'it exists already',
  EFBIG: 'the file would be too large',
  EINVAL: 'it cannot be used in this way',
  EIO: 'the device reports an error',
  EISDIR: 'it is a folder',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENFILE: 'too many files are open',
  ENODEV: 'the device is gone',
  ENOENT: 'there is no such file or folder',
  ENOMEM: 'no memory is left',
  ENOSPC: 'no space is left on the disk',
  ENOTDIR: 'a part of the path is no folder',
  ENOTEMPTY: 'the folder is not empty',
  ENXIO: 'the device is gone',
  EPERM: 'it is not permitted',
  EPIPE: 'nobody reads it any more',
  EROFS: 'the file system is read-only',
  ESTALE: 'the network file system has lost it',
  ETXTBSY: 'it is a program that runs',
  EXDEV: 'it is on another disk',
}

/**
 * The code under which the operating system refused something.
 *
 * @param error anything that was thrown
 * @returns for instance `ENOSPC`; undefined for an error of another kind
 * @example
 * ```ts
 * systemCode(Object.assign(new Error('write'), { code: 'ENOSPC' })) // => 'ENOSPC'
 * systemCode(new Error('write')) // => undefined
 * ```
 */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined
}

/**
 * Why something failed, as the second half of a sentence: the reason alone, without call and path.
 *
 * @param error anything that was thrown
 * @returns for an error of another kind its own message
 * @example
 * ```ts
 * systemReason(Object.assign(new Error('write'), { code: 'ENOSPC' })) // => 'no space is left on the disk (ENOSPC)'
 * ```
 */
export function systemReason(error: unknown): string {
  const code = systemCode(error)
  if (code === undefined) return error instanceof Error ? error.message : String(error)
  return Object.hasOwn(REASONS, code) ? `${REASONS[code]} (${code})` : `the system says ${code}`
}
