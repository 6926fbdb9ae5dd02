/**
 * What a caller's own options are called, for hints: `--drop-short` in a command, `dropShort: true` in a program.
 */
export interface OptionNames {
  /** Chooses a system (default `system:`). */
  readonly system?: string | undefined
  /** Leaves out tasks with too few samples (default `dropShort: true`). */
  readonly dropShort?: string | undefined
  /** Says what becomes of unscored samples (default `unscored:`). */
  readonly unscored?: string | undefined
}

const DEFAULTS: Readonly<Record<keyof OptionNames, string>> = {
  system: 'system:',
  dropShort: 'dropShort: true',
  unscored: 'unscored:',
}

/** The name of an option, the caller's own where there is one. */
export const nameOfOption = (option: keyof OptionNames, names: OptionNames = {}): string =>
  names[option] ?? DEFAULTS[option]
