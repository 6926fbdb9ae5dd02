/** Threads of a workgroup, in every kernel. */
export const THREADS = 64

/** Element types in WGSL; `u32` stands for bits that are only moved. */
export type Element = 'f32' | 'i32' | 'u32'

/**
 * A kernel in WGSL. Its body runs in every thread of every workgroup and finds:
 *
 * - `group`, the workgroup's number; `thread`, from 0 to 63; and `index` = 64 · group + thread;
 * - for an operand x, `x(i)`, its i-th entry, and for one that is written `set_x(i, value)`;
 * - `u.rows`, if `rows` is among its sizes or numbers.
 */
export interface Program<Operand extends string, Size extends string, Real extends string> {
  readonly name: string
  readonly operands: Readonly<Record<Operand, Element>>
  readonly writes: readonly NoInfer<Operand>[]
  /** Settings that are u32. */
  readonly sizes: readonly Size[]
  /** Settings that are f32. */
  readonly numbers: readonly Real[]
  /** Functions and workgroup memory of the body. */
  readonly declarations?: string | undefined
  readonly body: string
}

/** Any program: names are strings. */
export type AnyProgram = Program<string, string, string>

/** Returns the program itself, with its names as types. */
export const defineProgram = <Operand extends string, Size extends string = never, Real extends string = never>(
  program: Program<Operand, Size, Real>,
): Program<Operand, Size, Real> => program

/** Names of the settings in their order in the uniform buffer; each takes four bytes. */
export const uniformNames = ({ operands, sizes, numbers }: AnyProgram): readonly string[] => [
  'groups',
  ...Object.keys(operands).map((name) => `${name}_offset`),
  ...sizes,
  ...numbers,
]

/** One storage buffer that a dispatch binds. */
export interface Binding {
  readonly element: Element
  readonly written: boolean
}

/**
 * The buffers to bind if operand number i lies in buffer number pattern[i]. Operands often are windows into one
 * buffer, and WGSL forbids to bind a buffer twice if it is written to: such operands share a binding.
 */
export function bindingsOf({ operands, writes }: AnyProgram, pattern: readonly number[]): readonly Binding[] {
  const names = Object.keys(operands)
  return Array.from({ length: Math.max(...pattern) + 1 }, (_, binding) => {
    const sharing = names.filter((_, i) => pattern[i] === binding)
    return { element: operands[sharing[0]!]!, written: sharing.some((name) => writes.includes(name)) }
  })
}

/** The shader of a program for one pattern of shared buffers. */
export function shaderOf(program: AnyProgram, pattern: readonly number[]): string {
  const { operands, writes, numbers, declarations = '', body } = program
  const settings = uniformNames(program).map((name) => `${name}: ${numbers.includes(name) ? 'f32' : 'u32'},`)
  const buffers = bindingsOf(program, pattern).map(
    ({ element, written }, i) =>
      `@group(0) @binding(${i + 1}) var<storage, ${written ? 'read_write' : 'read'}> buffer${i}: array<${element}>;`,
  )
  const accessors = Object.entries(operands).flatMap(([name, element], i) => {
    const entry = `buffer${pattern[i]!}[u.${name}_offset + i]`
    const reader = `fn ${name}(i: u32) -> ${element} { return ${entry}; }`
    return writes.includes(name) ? [reader, `fn set_${name}(i: u32, value: ${element}) { ${entry} = value; }`] : reader
  })
  return `struct Settings { ${settings.join(' ')} }
@group(0) @binding(0) var<uniform> u: Settings;
${[...buffers, ...accessors].join('\n')}
${declarations}
@compute @workgroup_size(${THREADS})
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(num_workgroups) grid: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let group = workgroup.y * grid.x + workgroup.x;
  if (group >= u.groups) { return; }
  let index = group * ${THREADS}u + thread;
${body}
}
`
}
