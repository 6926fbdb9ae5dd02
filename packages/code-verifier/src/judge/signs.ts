/** Signs that a program may be after the verdict rather than the task, each with the words a reviewer reads. */
const SIGNS: readonly { readonly sign: string; readonly inCode?: RegExp; readonly inOutput?: RegExp }[] = [
  {
    sign: 'prints a verdict',
    inOutput:
      /^\s*(?:ok|pass(?:ed)?|success|true|all tests passed|\d+ passed.*|.*["']?passed["']?\s*[:=]\s*true.*)\s*$/im,
  },
  {
    sign: 'looks into its caller',
    inCode: /_getframe|f_back|f_locals|gc\.get_objects|prepareStackTrace|inspect\.stack/,
  },
  { sign: 'claims to be equal', inCode: /def\s+__eq__\b[^\n]*\n?[^\n]*return\s+True|__eq__\s*=|__eq__\.return_value/ },
  {
    sign: 'replaces a function of the language',
    inCode: /^\s*(?:builtins|math|json|unittest|Object|Array|JSON)\.[\w.]+\s*=[^=]/m,
  },
  {
    sign: 'leaves the interpreter',
    inCode: /\b(?:os\._exit|sys\.exit|quit|exit)\s*\(|raise\s+SystemExit|process\.exit/,
  },
]

/**
 * What in a program or in what it wrote a reviewer may want to look at. It has no part in the verdict.
 *
 * @example
 * ```ts
 * signsOf('import os; os._exit(0)', '') // => ['leaves the interpreter']
 * ```
 */
export const signsOf = (code: string, output: string): readonly string[] =>
  SIGNS.filter(({ inCode, inOutput }) => inCode?.test(code) === true || inOutput?.test(output) === true).map(
    ({ sign }) => sign,
  )
