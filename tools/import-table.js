/**
 * Which of our packages the sources of a package may import; tests may import any. The linter enforces it, and
 * tools/test/packages.test.ts that each package.json and tsconfig.json agree with it.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const importTable = {
  core: [],
  estimators: ['core'],
  kl: ['core'],
  losses: ['core', 'kl'],
  sampling: ['core', 'estimators'],
  rewards: ['core', 'estimators', 'sampling'],
  'math-verifier': ['core', 'rewards'],
  text: ['core'],
  compute: ['core'],
  models: ['core', 'compute', 'text'],
  trainers: ['core', 'estimators', 'kl', 'losses', 'sampling'],
  laws: ['core', 'sampling'],
  logs: ['core', 'estimators', 'sampling'],
  testing: ['core', 'estimators', 'sampling'],
  report: ['core'],
  recipes: [
    'core',
    'estimators',
    'kl',
    'losses',
    'sampling',
    'rewards',
    'text',
    'compute',
    'models',
    'trainers',
    'laws',
    'logs',
    'report',
  ],
  cli: [
    'core',
    'estimators',
    'kl',
    'losses',
    'sampling',
    'rewards',
    'text',
    'compute',
    'models',
    'trainers',
    'laws',
    'logs',
    'report',
    'recipes',
  ],
}
