import js from '@eslint/js'
import nx from '@nx/eslint-plugin'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { importTable } from './import-table.js'

/** Layers, as tagged in each package.json, and the layers they may build on. */
const layers = {
  core: [],
  algorithm: ['core'],
  procedure: ['core', 'algorithm'],
  compute: ['core'],
  model: ['core', 'compute'],
  trainer: ['core', 'algorithm'],
  laws: ['core'],
  report: ['core'],
  recipe: ['core', 'algorithm', 'procedure', 'compute', 'model', 'trainer', 'laws', 'report'],
  cli: ['core', 'algorithm', 'procedure', 'compute', 'model', 'trainer', 'laws', 'report', 'recipe'],
}

/** The layers leave room (the trainer's algorithms include rewards); the table says it to the package. */
const importsOf = ([name, allowed]) => {
  const others = `^(@posttrain/(?!(${[...allowed, ''].join('$|')}$))|posttrain$)`
  const message = `${name} may import only ${allowed.length > 0 ? allowed.join(', ') : 'itself'}: see tools/import-table.js`
  return {
    files: [`packages/${name}/src/**`],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ regex: others, message }] }] },
  }
}

export default defineConfig(
  // assembly/ is AssemblyScript, another language in the same file names.
  { ignores: ['**/dist/**', '**/assembly/**', 'docs/api/**', 'runs/**'] },
  {
    files: ['packages/**/*.ts', 'tools/**/*.ts'],
    extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: new URL('..', import.meta.url).pathname },
    },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      // With noUncheckedIndexedAccess, an index that is right by construction is written a[i]!.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': 'off', // the compiler says it
      '@typescript-eslint/no-unnecessary-condition': 'off', // arguments are checked for callers without types
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-misused-spread': 'off', // [...text] is the way to its code points
      '@typescript-eslint/require-await': 'off', // an async method turns what it throws into a rejection, as its contract says
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNever: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          depConstraints: Object.entries(layers).map(([layer, below]) => ({
            sourceTag: `layer:${layer}`,
            onlyDependOnLibsWithTags: below.map((name) => `layer:${name}`),
          })),
        },
      ],
    },
  },
  {
    files: ['packages/*/src/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Draw from a stream of @posttrain/core that the caller names.' },
        { object: 'Date', property: 'now', message: 'A clock in a result makes it another result each time.' },
      ],
    },
  },
  ...Object.entries(importTable).map(importsOf),
  // Tests and benchmarks read JSON and untyped programs; what they then claim is checked by running them.
  {
    files: ['packages/*/test/**', 'tools/**/*.ts'],
    rules: Object.fromEntries(
      ['argument', 'assignment', 'call', 'member-access', 'return']
        .map((what) => `no-unsafe-${what}`)
        .concat('unbound-method', 'restrict-plus-operands')
        .map((rule) => [`@typescript-eslint/${rule}`, 'off']),
    ),
  },
  // The command prints, and says how long is left.
  {
    files: ['packages/cli/src/**', 'tools/**'],
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off' },
  },
)
