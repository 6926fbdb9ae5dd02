// Tells nx the targets of each package, and what each of them depends on. A target's result is taken from the cache as
// long as its inputs are the same, so that an edit is checked again where it can matter and nowhere else.
import { join } from 'node:path'
import { codeFiles, namedModules, ownPackages } from './imports.js'

/**
 * @param {Iterable<string>} names npm names of packages of ours
 * @param {ReadonlyMap<string, { dependencies: string[] }>} packages
 * @param {Set<string>} [seen]
 * @returns {Set<string>} the packages and all of ours that they depend on
 */
function closure(names, packages, seen = new Set()) {
  for (const name of names) {
    if (seen.has(name)) continue
    seen.add(name)
    closure(packages.get(name)?.dependencies ?? [], packages, seen)
  }
  return seen
}

/**
 * Tests may import any package, without a word in package.json: nx would see a circle in it.
 *
 * @param {string} name npm name
 * @param {ReturnType<typeof ownPackages>} packages
 * @param {string} workspaceRoot
 * @returns {string[]} the packages, besides its own dependencies, whose sources the tests of a package reach
 */
function testedWith(name, packages, workspaceRoot) {
  const { folder } = packages.get(name)
  const modules = codeFiles(join(workspaceRoot, 'packages', folder, 'test')).flatMap(namedModules)
  const reached = closure(
    modules.filter((module) => packages.has(module)),
    packages,
  )
  const own = closure([name], packages)
  return [...reached].filter((other) => !own.has(other)).sort()
}

/** Targets of a package; nx.json has their commands. */
export const createNodes = [
  'packages/*/package.json',
  (files, _options, { workspaceRoot }) => {
    const packages = ownPackages()
    return [...packages].map(([name, { folder }]) => {
      const others = testedWith(name, packages, workspaceRoot)
      const sources = ['default', '^source', ...(others.length > 0 ? [{ input: 'source', projects: others }] : [])]
      const inputs = (...files) => [...sources, ...files.map((file) => `{workspaceRoot}/tools/${file}`)]
      const targets = {
        build: { inputs: ['source', '^source'], dependsOn: ['^build'], outputs: ['{projectRoot}/dist'], cache: true },
        typecheck: { inputs: inputs('tsconfig.test.json'), cache: true },
        lint: { inputs: inputs('tsconfig.test.json', 'eslint.config.js', 'import-table.js'), cache: true },
        test: { inputs: inputs('vitest.config.ts', 'closing-line-reporter.ts', 'golden/**/*'), cache: true },
      }
      return [`packages/${folder}/package.json`, { projects: { [`packages/${folder}`]: { name, targets } } }]
    })
  },
]
