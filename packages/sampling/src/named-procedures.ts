import type { Procedure, Reading, RewardFunction } from '@posttrain/core'
import { bordaWeights } from '@posttrain/estimators'
import { adaptiveVote } from './procedures/adaptive-vote.js'
import { bestOf } from './procedures/best-of.js'
import { confidentVote } from './procedures/confident-vote.js'
import { firstPassing } from './procedures/first-passing.js'
import { majorityVote } from './procedures/majority-vote.js'
import { sequentialTest } from './procedures/sequential-test.js'
import { sequentialVoting } from './procedures/sequential-voting.js'
import { singleSample } from './procedures/single-sample.js'
import { weightedMajorityVote } from './procedures/weighted-majority-vote.js'
import { beamSearch } from './search/beam-search.js'
import { diverseVerifierTreeSearch } from './search/diverse-verifier-tree-search.js'
import { monteCarloTreeSearch } from './search/monte-carlo-tree-search.js'
import type { SearchAggregation } from './search/step-scorer.js'

/** What a named procedure chooses by and how it reads; each is needed by some procedures. */
export interface ProcedureParts {
  /** A verifier, reward model or process reward. */
  readonly by?: RewardFunction | undefined
  /** For votes (default: the trimmed text). */
  readonly answerOf?: NonNullable<Reading['answerOf']> | undefined
}

/** What a name says beside itself; who makes the procedure checks it. */
export interface NamedOptions {
  /** Behind the colon, or the default. */
  readonly number: number
  numeric(key: string): number | undefined
  text(key: string): string | undefined
}

/** A procedure that has a name. */
export interface NamedProcedure {
  /** How it is written, with the options there are and their defaults. */
  readonly form: string
  /** What it does, in a line. */
  readonly title: string
  /** Of the number behind the colon. Absent: it must be said; `none`: there is none. */
  readonly number?: number | 'none' | undefined
  readonly options: readonly string[]
  /** Whether it chooses by something. */
  readonly needsBy?: true | undefined
  readonly make: (of: NamedOptions, parts: ProcedureParts) => Procedure
}

/** Where a step of a search ends: at a blank line, or after so many tokens. */
const steps = (of: NamedOptions) => ({ stop: ['\n\n'], maxTokensPerStep: of.numeric('tokens') })

/**
 * Every procedure that a line of text can declare, by its name. Searches end their steps at blank lines; those that
 * need functions, such as a prompt that proposes thoughts, are declared in a program.
 */
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
  beam: {
    form: 'beam:BEAMS,width=4,depth=8,lookahead=0,aggregate=last,tokens=N',
    title: 'beam search over steps by a process reward',
    options: ['width', 'depth', 'lookahead', 'aggregate', 'tokens'],
    needsBy: true,
    make: (of, { by }) =>
      beamSearch({ ...processSearch(of, by!), beams: of.number, lookahead: of.numeric('lookahead') }),
  },
  dvts: {
    form: 'dvts:SUBTREES,width=4,depth=8,aggregate=last,tokens=N',
    title: 'diverse verifier tree search: a greedy path in each subtree',
    options: ['width', 'depth', 'aggregate', 'tokens'],
    needsBy: true,
    make: (of, { by }) => diverseVerifierTreeSearch({ ...processSearch(of, by!), subtrees: of.number }),
  },
  mcts: {
    form: 'mcts:SIMULATIONS,width=4,selection=uct,c=1.414,tokens=N',
    title: 'Monte-Carlo tree search over steps, selection uct or puct',
    options: ['width', 'selection', 'c', 'tokens'],
    needsBy: true,
    make: (of, { by }) =>
      monteCarloTreeSearch({
        ...steps(of),
        simulations: of.number,
        width: of.numeric('width') ?? 4,
        selection: (of.text('selection') ?? 'uct') as 'uct' | 'puct',
        c: of.numeric('c'),
        by: by!,
      }),
  },
}

const processSearch = (of: NamedOptions, by: RewardFunction) => ({
  ...steps(of),
  width: of.numeric('width') ?? 4,
  depth: of.numeric('depth') ?? 8,
  aggregate: of.text('aggregate') as SearchAggregation | undefined,
  by,
})
