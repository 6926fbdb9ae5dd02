import js from '@eslint/js'
import { defineConfig } from 'eslint/config'
import tseslint from 'typescript-eslint'
import { importTable } from './import-table.js'

/** With the name z, a bundle gets all of zod, its messages in fifty languages included. */
const wholeZod = {
  selector: 'ImportDeclaration[source.value="zod"][importKind!="type"] > ImportSpecifier[imported.name="z"]',
  message: "Write import * as z from 'zod': of that a bundle gets what is used.",
}

/**
 * The import table as lint rules: what the sources of a package may not name, in an import, an `import()` or an import type.
 * A path that leaves the folder of the package is refused to all.
 */
const importsOf = ([name, allowed]) => {
  const regex = `^(@posttrain/(?!(${[...allowed, ''].join('$|')}$))|posttrain$|(\\./)*\\.\\./.*/src/)`
  const may = allowed.length > 0 ? `may import only ${allowed.join(', ')}` : 'may import none of our packages'
  const message = `${name} ${may}, each by its name: see tools/import-table.js`
  const literal = `[value=/${regex.replaceAll('/', '\\/')}/]`
  return {
    files: [`packages/${name}/src/**`],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex, message }] }],
      'no-restricted-syntax': [
        'error',
        wholeZod,
        { selector: `ImportExpression > Literal.source${literal}`, message },
        { selector: `TSImportType Literal${literal}`, message },
      ],
    },
  }
}

export default defineConfig(
  // assembly/ is AssemblyScript, another language in the same file names; bench/peers sees types that only a benchmark installs.
  { ignores: ['**/dist/**', '**/assembly/**', '**/bench/peers/**', 'docs/**', 'runs/**'] },
  {
    files: ['packages/**/*.ts', 'tools/**/*.ts', 'examples/**/*.ts'],
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
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Draw from a stream of @posttrain/core that the caller names.' },
        { object: 'Date', property: 'now', message: 'A clock in a result makes it another result each time.' },
      ],
      // Prettier breaks lines of code; this is for comments, which it leaves as they are.
      'max-len': ['error', { code: Number.MAX_SAFE_INTEGER, comments: 120, ignoreUrls: true }],
    },
  },
  ...Object.entries(importTable).map(importsOf),
  // Tests and benchmarks read JSON and untyped programs; what they then claim is checked by running them.
  {
    files: ['packages/*/test/**', 'tools/**/*.ts', 'examples/**/*.ts'],
    rules: Object.fromEntries(
      ['argument', 'assignment', 'call', 'member-access', 'return']
        .map((what) => `no-unsafe-${what}`)
        .concat('unbound-method', 'restrict-plus-operands')
        .map((rule) => [`@typescript-eslint/${rule}`, 'off']),
    ),
  },
  // The command and the examples print, and the command says how long is left.
  {
    files: ['packages/cli/src/**', 'tools/**', 'examples/**'],
    rules: { 'no-console': 'off', 'no-restricted-properties': 'off' },
  },
)
