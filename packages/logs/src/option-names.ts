/**
 * What a caller's own options are called, for hints: `--drop-short` in a command, `dropShort: true` in a program.
 */
export interface OptionNames {
  /** Says which format the sources are in (default `format:`). */
  readonly format?: string | undefined
  /** Name fields (default `fields.id:` and so on). */
  readonly id?: string | undefined
  readonly score?: string | undefined
  readonly sample?: string | undefined
  readonly cost?: string | undefined
  /** Takes the rows with a value of a field (default `where:`). */
  readonly where?: string | undefined
  /** Makes a log for each value of a field (default `groupBy:`). */
  readonly groupBy?: string | undefined
  /** Tells runs of the same tasks apart (default `runs:`). */
  readonly runs?: string | undefined
  /** Mixes the values of a field knowingly (default `pool:`). */
  readonly pool?: string | undefined
  /** Says what texts are worth as scores (default `verdicts:`). */
  readonly verdicts?: string | undefined
  /** Says from which score on a sample is correct (default `threshold:`). */
  readonly threshold?: string | undefined
  /** Says why tasks have so many samples (default `stopping:`). */
  readonly stopping?: string | undefined
  /** Leaves out tasks with too few samples (default `dropShort: true`). */
  readonly dropShort?: string | undefined
  /** Says what becomes of unscored samples (default `unscored:`). */
  readonly unscored?: string | undefined
}

const DEFAULTS: Readonly<Record<keyof OptionNames, string>> = {
  format: 'format:',
  id: 'fields.id:',
  score: 'fields.score:',
  sample: 'fields.sample:',
  cost: 'fields.cost:',
  where: 'where:',
  groupBy: 'groupBy:',
  runs: 'runs:',
  pool: 'pool:',
  verdicts: 'verdicts:',
  threshold: 'threshold:',
  stopping: 'stopping:',
  dropShort: 'dropShort: true',
  unscored: 'unscored:',
}

/** The name of an option, the caller's own where there is one. */
export const nameOfOption = (option: keyof OptionNames, names: OptionNames = {}): string =>
  names[option] ?? DEFAULTS[option]
