import { readFile } from 'node:fs/promises'

/** Milliseconds between two looks. */
const PERIOD = 100
const PAGE = 4096

/**
 * Looks at a process's resident memory until it is more than allowed. It looks where Linux keeps it; elsewhere the
 * limits inside the interpreter are all there is.
 *
 * @returns stops looking
 */
export function watchMemory(pid: number | undefined, bytes: number, onExcess: () => void): () => void {
  if (pid === undefined) return () => {}
  const timer = setInterval(() => {
    readFile(`/proc/${pid}/statm`, 'utf8').then(
      (pages) => {
        if (Number(pages.split(' ')[1]) * PAGE > bytes) onExcess()
      },
      () => clearInterval(timer), // no such process, or no such file system
    )
  }, PERIOD)
  timer.unref()
  return () => clearInterval(timer)
}
