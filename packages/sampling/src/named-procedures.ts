import { bordaWeights } from '@posttrain/estimators'
import type { NamedProcedure } from './named-procedure.js'
import { NAMED_SEARCHES } from './named-searches.js'
import { adaptiveVote } from './procedures/adaptive-vote.js'
import { bestOf } from './procedures/best-of.js'
import { confidentVote } from './procedures/confident-vote.js'
import { deepConf } from './procedures/deep-conf.js'
import { firstPassing } from './procedures/first-passing.js'
import { majorityVote } from './procedures/majority-vote.js'
import { sequentialTest } from './procedures/sequential-test.js'
import { sequentialVoting } from './procedures/sequential-voting.js'
import { singleSample } from './procedures/single-sample.js'
import { weightedMajorityVote } from './procedures/weighted-majority-vote.js'

/** Every procedure that a line of text can declare, by its name. */
export const NAMED_PROCEDURES: Readonly<Record<string, NamedProcedure>> = {
  single: {
    form: 'single',
    title: 'one sample',
    number: 'none',
    options: [],
    make: () => singleSample(),
  },
  majority: {
    form: 'majority:K',
    title: 'the most frequent answer of K',
    options: [],
    make: ({ number: k }, { answerOf }) => majorityVote({ k, answerOf }),
  },
  'weighted-majority': {
    form: 'weighted-majority:K',
    title: 'the answer whose votes of K weigh most by a reward',
    options: [],
    needsBy: true,
    make: ({ number: k }, { by, answerOf }) => weightedMajorityVote({ k, by: by!, answerOf }),
  },
  borda: {
    form: 'borda:K,power=0.5',
    title: 'the same by ranks: of K samples the best weighs K to the power',
    options: ['power'],
    needsBy: true,
    make: (of, { by, answerOf }) =>
      weightedMajorityVote({ k: of.number, by: by!, answerOf, weigh: bordaWeights(of.numeric('power') ?? 0.5) }),
  },
  adaptive: {
    form: 'adaptive:MOST,threshold=0.95,criterion=beta,atOnce=1',
    title: 'a vote that ends once it is decided (adaptive consistency), criterion beta or dirichlet; MOST is 40',
    number: 40,
    options: ['threshold', 'criterion', 'atOnce'],
    make: (of, { answerOf }) =>
      adaptiveVote({
        most: of.number,
        threshold: of.numeric('threshold'),
        criterion: of.text('criterion') as 'beta' | 'dirichlet' | undefined,
        atOnce: of.numeric('atOnce'),
        answerOf,
      }),
  },
  confident: {
    form: 'confident:MOST,share=0.95,warmUp=4',
    title: 'a vote that ends once an answer has a share of all samples',
    options: ['share', 'warmUp'],
    make: (of, { answerOf }) =>
      confidentVote({ most: of.number, share: of.numeric('share'), warmUp: of.numeric('warmUp'), answerOf }),
  },
  deepconf: {
    form: 'deepconf:MOST,keep=0.1,warmUp=16,window=2048,step=N,share=0.95',
    title:
      "a vote weighed by the model's confidence, whose unsure traces are stopped (DeepConf); log-probs must be there",
    options: ['keep', 'warmUp', 'window', 'step', 'share'],
    make: (of, { answerOf }) =>
      deepConf({
        most: of.number,
        keep: of.numeric('keep'),
        warmUp: of.numeric('warmUp'),
        window: of.numeric('window'),
        step: of.numeric('step'),
        share: of.numeric('share'),
        answerOf,
      }),
  },
  sequential: {
    form: 'sequential:ATMOST,needed=3',
    title: 'trials until so many agree (sequential voting); ATMOST is 8',
    number: 8,
    options: ['needed'],
    make: (of, { answerOf }) => sequentialVoting({ atMost: of.number, needed: of.numeric('needed'), answerOf }),
  },
  sprt: {
    form: 'sprt:MOST,low=0.4,high=0.6,alpha=0.05,beta=0.05',
    title: "Wald's test between two rates of passing a verifier, without one of agreement; it gives up at the low one",
    options: ['low', 'high', 'alpha', 'beta'],
    make: (of, { by, answerOf }) =>
      sequentialTest({
        most: of.number,
        low: of.numeric('low') ?? 0.4,
        high: of.numeric('high') ?? 0.6,
        alpha: of.numeric('alpha'),
        beta: of.numeric('beta'),
        by,
        answerOf,
      }),
  },
  'best-of': {
    form: 'best-of:N',
    title: 'the sample of N that a reward likes best',
    options: [],
    needsBy: true,
    make: ({ number: n }, { by }) => bestOf({ n, by: by! }),
  },
  'first-passing': {
    form: 'first-passing:K,threshold=1',
    title: 'the first of K that a verifier passes, or a reward model by the threshold; it stops there',
    options: ['threshold'],
    needsBy: true,
    make: (of, { by }) => firstPassing({ k: of.number, by: by!, threshold: of.numeric('threshold') }),
  },
  ...NAMED_SEARCHES,
}
