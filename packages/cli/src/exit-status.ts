/** What an exit status of the command means. */
export const EXIT = {
  done: 0,
  /** A defect of posttrain itself. */
  defect: 1,
  /** `compare --gate`: B is credibly worse; `evaluate --at-least`: a lower bound is not reached. */
  gateFailed: 1,
  /** Input or options that cannot work. */
  wrongInput: 2,
  /** A disk is full, a file system read-only, no memory left; what was done is kept. */
  machineFailed: 2,
  /** Stopped by Ctrl-C; what was done is kept. */
  stopped: 130,
  /** Whoever read standard output stopped reading, as `head` does: 128 and the number of SIGPIPE. */
  outputClosed: 141,
} as const
