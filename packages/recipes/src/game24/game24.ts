import { wordTokenizer } from '@posttrain/text'
import type { Recipe } from '../recipe.js'
import { pretrainingBatches } from './pretraining-data.js'
import { GPT4_COUNTS, PUBLISHED_PUZZLES } from './published.js'
import { puzzleTasks, reorderedTasks, splitPuzzles } from './puzzles.js'
import { game24Answer, game24Reward } from './reward.js'
import { expressionOfTrace } from './solution.js'
import { LARGEST_NUMBER, OPERATORS } from './steps.js'
import { defaults, pretraining } from './settings.js'

const WORDS = [...Array.from({ length: LARGEST_NUMBER + 1 }, (_, n) => String(n)), ...OPERATORS, '|', ':', '.']
/** Prompt of 6 and completion of 18 tokens. */
const CONTEXT = 24
/** Orders in which the numbers of a training puzzle are asked. */
const TRAINING_ORDERS = 8

/**
 * Game of 24: use each of four numbers exactly once to make 24. Answers are step by step and verified by exact
 * arithmetic.
 */
export function game24(): Recipe {
  const splits = splitPuzzles()
  const tokenizer = wordTokenizer(WORDS, '.')
  return {
    name: 'game24',
    title: 'Game of 24',
    tokenizer,
    model: {
      vocabulary: WORDS.length,
      context: CONTEXT,
      width: 96,
      layers: 4,
      heads: 4,
      hidden: 384,
      activation: 'relu',
    },
    reward: game24Reward(),
    answerOf: game24Answer,
    maxTokens: 18,
    tasks: {
      train: reorderedTasks(splits.train, TRAINING_ORDERS, 'train'),
      validation: puzzleTasks(splits.validation, 'validation'),
      heldOut: puzzleTasks(splits.heldOut, 'held-out'),
    },
    pretraining,
    pretrainingBatches: (batchSize, seed) => pretrainingBatches(splits, tokenizer, batchSize, seed),
    defaults,
    metrics: ['pass@1', 'pass@8', 'pass@64'],
    published: {
      tasks: PUBLISHED_PUZZLES,
      counts: GPT4_COUNTS,
      note:
        'GPT-4 on the 100 published puzzles (Yao et al. 2023), as context and not as a contest: it was prompted, ' +
        'while the model here is a specialist trained on this task alone.',
    },
    describe: (completion) => expressionOfTrace(completion) ?? completion,
  }
}
