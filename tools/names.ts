// The public names of each package, pinned in tools/names: a name that appears, goes or changes its kind is seen in review.
//   npm run names    writes the lists anew
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { entryPoints, packages, readTsconfig, root } from './workspace.js'

/** The folder of the lists. */
export const namesFolder: string = join(root, 'tools/names')

/** Public names with their kinds, a line each, in alphabetical order. */
export type PublicNames = readonly string[]

const kinds: readonly (readonly [ts.SymbolFlags, string])[] = [
  [ts.SymbolFlags.Class, 'class'],
  [ts.SymbolFlags.Enum, 'enum'],
  [ts.SymbolFlags.Function, 'function'],
  [ts.SymbolFlags.Variable, 'const'],
  [ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias, 'type'],
]

/** What the entry points of each package export, by folder name of the package: values and types. */
export function publicNames(): ReadonlyMap<string, PublicNames> {
  const { compilerOptions } = readTsconfig(join(root, 'tsconfig.base.json')) as { compilerOptions: object }
  const { options } = ts.convertCompilerOptionsFromJson({ ...compilerOptions, noLib: true }, root)
  // Our own files are enough for the names, and a fraction of the work.
  const host = ts.createCompilerHost(options)
  host.resolveModuleNameLiterals = (literals, from) =>
    literals.map(({ text }) =>
      /^(\.|@posttrain\/)/.test(text)
        ? ts.resolveModuleName(text, from, options, host, undefined, undefined, ts.ModuleKind.ESNext)
        : { resolvedModule: undefined },
    )
  const program = ts.createProgram({ rootNames: packages.flatMap(entryPoints), options, host })
  const checker = program.getTypeChecker()
  const lineOf = (symbol: ts.Symbol): string => {
    const { flags } = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
    return `${symbol.name} ${kinds.find(([flag]) => flags & flag)?.[1] ?? 'not found'}`
  }
  return new Map(
    packages.map((one) => {
      const names = entryPoints(one).flatMap((file) => {
        const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)
        if (!module) throw new Error(`${file} exports nothing`)
        return checker.getExportsOfModule(module).map(lineOf)
      })
      return [one.folder, names.sort()]
    }),
  )
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  mkdirSync(namesFolder, { recursive: true })
  for (const file of readdirSync(namesFolder)) rmSync(join(namesFolder, file))
  for (const [folder, names] of publicNames()) {
    writeFileSync(join(namesFolder, `${folder}.txt`), `${names.join('\n')}\n`)
  }
}
