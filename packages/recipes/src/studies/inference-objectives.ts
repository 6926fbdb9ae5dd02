import type { Study } from './study.js'

/** Each objective is trained for, and measured by all. */
export const inferenceObjectives: Study = {
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
