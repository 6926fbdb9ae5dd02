import { invalidArgument, type ConstantName, type PosttrainError } from '@posttrain/core'

const remedies: Readonly<Record<ConstantName, string>> = {
  advantage: 'pass one for the whole sequence or one for each of its tokens',
  rolloutLogprob: 'sample from a policy that records log-probs',
  oldLogprob: 'score the samples with the policy before its first update on them',
  referenceLogprob: 'score the sequences with the reference policy',
  valueTarget: 'pass what the value head should say: returns, for instance advantage + value, or labels of steps',
  oldValue: 'keep the values from before the first update of the batch, or use the loss without a clip',
  margin: 'pass it on the first sequence of the pair',
}

/** The error for a constant that a loss reads and a sequence lacks, with what to do. */
export const missingConstant = (name: ConstantName, index: number): PosttrainError =>
  invalidArgument(`sequence ${index} has no ${name}, which this loss reads`, remedies[name])
