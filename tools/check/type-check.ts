import { join, sep } from 'node:path'
import ts from 'typescript'

/** The strictest settings of a consumer's project; libraries are not skipped, their declarations are what is tested. */
const common: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts'],
  types: ['node'],
  skipLibCheck: false,
}
const settings = {
  nodenext: { ...common, module: ts.ModuleKind.NodeNext },
  /** Without the types of Node or of a browser: as a library for any engine would have it. */
  bare: { ...common, module: ts.ModuleKind.NodeNext, types: [], noEmit: true },
  bundler: { ...common, module: ts.ModuleKind.ESNext, moduleResolution: ts.ModuleResolutionKind.Bundler, noEmit: true },
}

/** A kind of project that consumers have. */
export type ProjectKind = keyof typeof settings

/** The files of the library, of Node's types and of third parties are the same for every project: parsed once. */
const parsed = new Map<string, ts.SourceFile | undefined>()

/**
 * Type-checks files of a project, and everything of ours they reach; writes JavaScript into `out` under nodenext.
 *
 * @returns the errors as text, empty if there are none
 */
export function typeCheck(project: string, files: readonly string[], kind: ProjectKind): string {
  const options = { ...settings[kind], rootDir: project, outDir: join(project, 'out') }
  const host = ts.createCompilerHost(options)
  const read = host.getSourceFile.bind(host)
  host.getCurrentDirectory = () => project
  host.getSourceFile = (name, ...rest) => {
    if (name.startsWith(project + sep)) return read(name, ...rest)
    const key = `${kind} ${name}`
    if (!parsed.has(key)) parsed.set(key, read(name, ...rest))
    return parsed.get(key)
  }
  const program = ts.createProgram({ rootNames: files.map((file) => join(project, file)), options, host })
  const ours = program.getSourceFiles().filter(({ fileName }) => fileName.startsWith(project + sep))
  const diagnostics = [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...ours.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ]
  if (kind === 'nodenext') program.emit()
  return ts.formatDiagnostics(diagnostics, host)
}
