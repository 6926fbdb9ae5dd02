/** How much of a study is done. */
export interface StudySizes {
  /** Runs that differ in their seed alone. */
  readonly seeds: number
  /** Training steps of each variant (default: the recipe's). */
  readonly steps?: number | undefined
  readonly samplesPerTask: number
  /** Held-out tasks, from the first (default: all). */
  readonly heldOutTasks?: number | undefined
}

/** A question that several runs answer together, and what a paper says of it. */
export interface Study {
  readonly name: string
  readonly title: string
  /** Where the idea is from. */
  readonly paper: string
  /** What is to be seen if the paper's claim holds here. */
  readonly claim: string
  /** On whose tasks and checkpoint. */
  readonly recipe: string
  /** One copy of the checkpoint is trained by each. */
  readonly algorithms: readonly string[]
  readonly full: StudySizes
  /** A few minutes on two cores. */
  readonly quick: StudySizes
}

/** Each objective is trained for, and measured by all. */
const inferenceObjectives: Study = {
  name: 'inference-objectives',
  title: 'Training for the inference procedure',
  paper: 'Optimizing language models for inference time objectives using reinforcement learning (arXiv 2503.19595)',
  claim:
    'A model that is trained for the procedure behind which it is deployed does better behind it than one that was trained ' +
    'for its average single answer: each objective is the best by its own metric.',
  recipe: 'game24',
  algorithms: ['mean', 'pass@8', 'maj@8'],
  full: { seeds: 5, samplesPerTask: 256 },
  quick: { seeds: 3, steps: 60, samplesPerTask: 64, heldOutTasks: 100 },
}

/** The studies there are, by name. */
export const studies: Readonly<Record<string, Study>> = { 'inference-objectives': inferenceObjectives }
