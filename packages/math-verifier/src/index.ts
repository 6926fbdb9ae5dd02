export type { AnswerOptions } from './answer-options.js'
export * from './compare-answers.js'
export * from './extract-answer.js'
export * from './math-reward.js'
