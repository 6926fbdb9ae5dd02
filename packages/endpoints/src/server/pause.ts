import { aborted, onAbort } from '@posttrain/core'

/** Waits so many seconds. @throws PosttrainError `aborted` at the signal */
export function pause(seconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.reject(aborted())
  return new Promise((resolve, reject) => {
    const forget = onAbort(signal, () => {
      clearTimeout(timer)
      reject(aborted())
    })
    const timer = setTimeout(() => {
      forget()
      resolve()
    }, seconds * 1000)
  })
}
