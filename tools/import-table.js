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
  rewards: ['core'],
  sampling: ['core', 'estimators'],
  compute: ['core'],
  models: ['core', 'compute'],
  trainers: ['core', 'estimators', 'kl'],
  laws: ['core'],
  report: ['core'],
  recipes: ['core', 'estimators', 'kl', 'rewards', 'sampling', 'compute', 'models', 'trainers', 'laws', 'report'],
  cli: [
    'core',
    'estimators',
    'kl',
    'rewards',
    'sampling',
    'compute',
    'models',
    'trainers',
    'laws',
    'report',
    'recipes',
  ],
}
