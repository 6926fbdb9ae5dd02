import { join, relative } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { packages, readTsconfig, root } from '../workspace.js'

const { compilerOptions } = readTsconfig(join(root, 'tsconfig.base.json')) as { compilerOptions: object }
const { options } = ts.convertCompilerOptionsFromJson({ ...compilerOptions, types: [] }, root)
const indexes = packages.map(({ path }) => join(path, 'src/index.ts'))
const program = ts.createProgram({ rootNames: indexes, options })
const checker = program.getTypeChecker()

/** Where properties of ours are declared that may be left out and may not be `undefined`. */
const narrow = new Set<string>()
const seen = new Set<ts.Type>()

/** Looks at the properties of a type, of what it is made of, and of what functions in it take and return. */
function visit(type: ts.Type): void {
  if (seen.has(type)) return
  seen.add(type)
  if (type.isUnionOrIntersection()) {
    type.types.forEach(visit)
    return
  }
  for (const argument of checker.getTypeArguments(type as ts.TypeReference)) visit(argument)
  for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
    visit(signature.getReturnType())
    for (const parameter of signature.getParameters()) visit(checker.getTypeOfSymbol(parameter))
  }
  for (const property of type.getProperties()) {
    const declaration = property.declarations?.[0]
    if (!declaration || !/\/packages\/\w+\/src\//.test(declaration.getSourceFile().fileName)) continue
    if (property.flags & ts.SymbolFlags.Optional && !takesUndefined(checker.getTypeOfSymbol(property))) {
      const file = declaration.getSourceFile()
      const { line } = file.getLineAndCharacterOfPosition(declaration.getStart())
      narrow.add(`${relative(root, file.fileName)}:${line + 1} ${property.name}`)
    }
    visit(checker.getTypeOfSymbol(property))
  }
}

/** Whether a type names `undefined`; that a property may be missing is another type to the compiler. */
const takesUndefined = (type: ts.Type): boolean =>
  Boolean(type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) ||
  (type.isUnion() ? type.types : [type]).includes(checker.getUndefinedType())

// So options may be forwarded from options under `exactOptionalPropertyTypes`: { level: options.level }.
it('what may be left out may be undefined', () => {
  for (const index of indexes) {
    for (const exported of checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(index)!)!)) {
      const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
      visit(
        symbol.flags & ts.SymbolFlags.Value ? checker.getTypeOfSymbol(symbol) : checker.getDeclaredTypeOfSymbol(symbol),
      )
    }
  }
  expect(seen.size).toBeGreaterThan(1000)
  expect([...narrow].sort()).toEqual([])
})
