/** What an exit status of the command means. */
export const EXIT = {
  done: 0,
  /** A defect of posttrain itself. */
  defect: 1,
  /** `compare --gate`: B is credibly worse. */
  gateFailed: 1,
  /** Input or options that cannot work. */
  wrongInput: 2,
  /** Stopped by Ctrl-C; what was done is kept. */
  stopped: 130,
} as const
