import { invalidArgument } from '@posttrain/core'

/** A function's text in the one form that gpu.js can compile. */
export interface FunctionSource {
  readonly parameters: readonly string[]
  readonly source: string
}

const names = String.raw`\s*([A-Za-z_$][\w$]*(?:\s*,\s*[A-Za-z_$][\w$]*)*)\s*,?\s*`
const named = new RegExp(String.raw`^function\s*[\w$]*\s*\(${names}\)\s*(\{[\s\S]*\})$`)
const arrow = new RegExp(String.raw`^\(${names}\)\s*=>\s*([\s\S]+)$`)
const bareArrow = /^([A-Za-z_$][\w$]*)\s*=>\s*([\s\S]+)$/

/**
 * Rewrites `(x, y) => …` and `function (x, y) { … }` as a function called `name`.
 *
 * @throws PosttrainError `invalid-argument` for parameters that are not plain names, and for methods and classes
 */
export function functionSource(name: string, text: string): FunctionSource {
  const [, parameters, body] = named.exec(text) ?? arrow.exec(text) ?? bareArrow.exec(text) ?? []
  if (parameters === undefined || body === undefined) {
    throw invalidArgument(
      `a kernel must be an arrow function or a function with plain parameters, but is ${text.slice(0, 60)}`,
      'write it as (x, y) => …, without defaults and destructuring',
    )
  }
  const block = body.startsWith('{') ? body : `{ return ${body} }`
  return { parameters: parameters.split(',').map((p) => p.trim()), source: `function ${name}(${parameters}) ${block}` }
}
