import type { RewardFunction } from '@posttrain/core'
import type { NamedOptions, NamedProcedure } from './named-procedure.js'
import { beamSearch } from './search/beam-search.js'
import { budgetForcing } from './search/budget-forcing.js'
import { diverseVerifierTreeSearch } from './search/diverse-verifier-tree-search.js'
import { monteCarloTreeSearch } from './search/monte-carlo-tree-search.js'
import type { SearchAggregation } from './search/step-scorer.js'

/** Where a step of a search ends: at a blank line, or after so many tokens. */
const steps = (of: NamedOptions) => ({ stop: ['\n\n'], maxTokensPerStep: of.numeric('tokens') })

/**
 * The searches that a line of text can declare, by their names. Steps end at blank lines; those that need functions,
 * such as a prompt that proposes thoughts or asks for a revision, are declared in a program, for nobody states prompts
 * that fit every task.
 */
export const NAMED_SEARCHES: Readonly<Record<string, NamedProcedure>> = {
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
  'budget-forcing': {
    form: 'budget-forcing:MOST,least=0,end=</think>,wait=Wait,waits=8,final=TEXT',
    title: 'thinks MOST tokens at most and so many at least, up to the end of thinking; then it says final and answers',
    options: ['least', 'end', 'wait', 'waits', 'final'],
    make: (of) =>
      budgetForcing({
        maximum: of.number,
        minimum: of.numeric('least'),
        endOfThinking: of.text('end') ?? '</think>',
        wait: of.text('wait'),
        waits: of.numeric('waits'),
        final: of.text('final'),
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
