import { createStream } from '@posttrain/core'
import { wordTokenizer } from '@posttrain/text'
import type { Recipe } from '../recipe.js'
import { multiplicationPrompt, multiplicationTrace } from './grammar.js'
import { problemTasks, splitProblems } from './problems.js'
import { multiplicationAnswer, multiplicationReward } from './reward.js'
import { defaults, pretraining } from './settings.js'

const WORDS = [...'0123456789', '*', '=', ';', '.']
/** Prompt of 7 and completion of 16 tokens. */
const CONTEXT = 23

/**
 * 3 × 2 digit multiplication with partial products. Its answers are numbers, so that majority votes mean something.
 */
export function multiplication(): Recipe {
  const splits = splitProblems()
  const tokenizer = wordTokenizer(WORDS, '.')
  return {
    name: 'multiplication',
    title: '3 × 2 digit multiplication',
    tokenizer,
    model: {
      vocabulary: WORDS.length,
      context: CONTEXT,
      width: 96,
      layers: 3,
      heads: 4,
      hidden: 384,
      activation: 'relu',
    },
    reward: multiplicationReward(),
    answerOf: multiplicationAnswer,
    maxTokens: 16,
    tasks: {
      train: problemTasks(splits.train, 'train'),
      validation: problemTasks(splits.validation, 'validation'),
      heldOut: problemTasks(splits.heldOut, 'held-out'),
    },
    pretraining,
    pretrainingBatches: (batchSize, seed) => (step) => {
      const stream = createStream(seed, 'pretraining batch', step)
      return Array.from({ length: batchSize }, () => {
        const { x, y } = splits.train[stream.integer(splits.train.length)]!
        return { prompt: multiplicationPrompt(x, y), tokens: tokenizer.encode(multiplicationTrace(x, y)) }
      })
    },
    defaults,
    metrics: ['pass@1', 'pass@8', 'maj@8'],
    published: undefined,
    describe: (completion) => completion,
  }
}
