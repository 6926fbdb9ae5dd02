import { join } from 'node:path'
import { ESLint } from 'eslint'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { importTable } from '../import-table.js'
import { packages, root } from '../workspace.js'

/** The lint rules of the import table; they need no types. */
const eslint = new ESLint({
  cwd: root,
  overrideConfigFile: join(root, 'tools/eslint.config.js'),
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  ruleFilter: ({ ruleId }) => ruleId.startsWith('no-restricted-'),
})

/** Lints a text as if it were a source of a package; gives the rule that each refused line breaks, by line. */
async function refusals(folder: string, lines: readonly string[]): Promise<Record<string, string>> {
  const [result] = await eslint.lintText(lines.join('\n'), {
    filePath: join(root, 'packages', folder, 'src/index.ts'),
  })
  return Object.fromEntries(result!.messages.map(({ line, ruleId }) => [lines[line - 1], ruleId ?? 'syntax']))
}

describe.each(packages.map((one) => one.folder))('the sources of %s', (folder) => {
  it('may import what the table allows and no other package of ours', async () => {
    const lines = packages.map(({ manifest }) => `export * from '${manifest.name}'`)
    const refused = packages.filter((one) => !importTable[folder]!.includes(one.folder))
    const expected = refused.map(({ manifest }) => `export * from '${manifest.name}'`)
    expect(Object.keys(await refusals(folder, lines)).sort()).toEqual(expected.sort())
  })
})

it('a forbidden import is seen in every form that it can have', async () => {
  const forms = {
    "import '@posttrain/models'": 'no-restricted-imports',
    "import type { Tensor } from '@posttrain/models'": 'no-restricted-imports',
    "export { type Tensor } from '@posttrain/models'": 'no-restricted-imports',
    "import 'posttrain'": 'no-restricted-imports',
    "import '../../compute/src/index.js'": 'no-restricted-imports',
    "const a = await import('@posttrain/models')": 'no-restricted-syntax',
    "const b = await import('../../models/src/index.js')": 'no-restricted-syntax',
    "let c: import('@posttrain/models').Tensor": 'no-restricted-syntax',
  }
  expect(await refusals('kl', Object.keys(forms))).toEqual(forms)
  const allowed = ["import '@posttrain/core'", "import './values/kl.js'", "import '../src-of-truth.js'", "import 'zod'"]
  expect(await refusals('kl', allowed)).toEqual({})
})

it('zod is imported in the way of which a bundle gets a part', async () => {
  const whole = "import { z } from 'zod'"
  expect(await refusals('text', [whole])).toEqual({ [whole]: 'no-restricted-syntax' })
  expect(await refusals('text', ["import * as z from 'zod'"])).toEqual({})
  expect(await refusals('text', ["import type { z } from 'zod'"])).toEqual({})
})

/** The declarations of the library are the same for every package: parsed once. */
const parsed = new Map<string, ts.SourceFile | undefined>()

/** Compiles a text as if it were a source of a package; gives the errors. */
function compile(folder: string, text: string): string[] {
  const config = ts.getParsedCommandLineOfConfigFile(join(root, 'packages', folder, 'tsconfig.json'), undefined, {
    ...ts.sys,
    onUnRecoverableConfigFileDiagnostic: ({ messageText }) => {
      throw new Error(ts.flattenDiagnosticMessageText(messageText, '\n'))
    },
  })!
  const planted = join(root, 'packages', folder, 'src/planted.ts')
  const host = ts.createCompilerHost(config.options)
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (name, options) => {
    if (name === planted) return ts.createSourceFile(name, text, options)
    if (!parsed.has(name)) parsed.set(name, read(name, options))
    return parsed.get(name)
  }
  const program = ts.createProgram({ rootNames: [planted], options: config.options, host })
  const errors = program.getSemanticDiagnostics(program.getSourceFile(planted))
  return errors.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}

const planting = (type: string): string => `export let planted: ${type} | undefined\n`

it.each(packages.map((one) => one.folder).filter((folder) => folder !== 'compute'))(
  'the compiler refuses a GPU type in %s',
  (folder) => {
    expect(compile(folder, planting('GPUDevice'))).toEqual(["Cannot find name 'GPUDevice'."])
  },
)

it('the compiler passes a GPU type in compute', () => {
  expect(compile('compute', planting('GPUDevice'))).toEqual([])
})

it('the compiler refuses a global of Node in a package that runs in browsers too', () => {
  expect(compile('kl', planting('typeof process'))).toEqual([expect.stringMatching(/^Cannot find name 'process'/)])
})
