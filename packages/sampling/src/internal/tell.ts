import { abortable, callCaller, PosttrainError, type CallOptions } from '@posttrain/core'

/**
 * Tells one of the caller's functions something, and waits until it is done with it. It is told after an abort too, so
 * that nothing finished is lost; nobody waits for it then.
 *
 * @throws PosttrainError `invalid-data`, naming the function, for what it throws
 */
export async function tell(
  name: string,
  where: string,
  call: () => void | PromiseLike<void>,
  { signal }: CallOptions,
): Promise<void> {
  await callCaller(name, where, async () => {
    try {
      await abortable(Promise.resolve(call()), signal)
    } catch (error) {
      if (!(signal?.aborted && error instanceof PosttrainError && error.code === 'aborted')) throw error
    }
  })
}
