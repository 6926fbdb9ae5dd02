import { defineProgram, THREADS } from './program.js'
import type { WebGpuKernel } from './runner.js'

/** Rows and columns of C that a workgroup computes; each thread has 4 × 4 of them in registers. */
const TILE = 32

/** Entries along k that are in the workgroup's memory at once. */
const DEPTH = 32

/** Vectors of four lines from one l to the next: one more than needed, so that threads use different banks. */
const PITCH = TILE / 4 + 1

/**
 * Loads a tile of A or B, four lines (rows of A, columns of B) to a vector. Neighbouring threads take neighbouring
 * entries of memory, which are those along k unless `lineFirst`.
 */
const loadTile = (tile: string, operand: string, first: string, lines: string, lineFirst: string): string => `
    for (var e = thread; e < ${(TILE / 4) * DEPTH}u; e += ${THREADS}u) {
      let l = select(e % ${DEPTH}u, e / ${TILE / 4}u, ${lineFirst});
      let four = select(e / ${DEPTH}u, e % ${TILE / 4}u, ${lineFirst});
      let line = ${first} + 4u * four;
      let at = select(line * u.k + start + l, (start + l) * u.${lines} + line, ${lineFirst});
      let step = select(u.k, 1u, ${lineFirst});
      let inside = select(0u, min(4u, u.${lines} - min(u.${lines}, line)), start + l < u.k);
      var values = vec4f();
      if (inside > 0u) { values.x = ${operand}(at); }
      if (inside > 1u) { values.y = ${operand}(at + step); }
      if (inside > 2u) { values.z = ${operand}(at + 2u * step); }
      if (inside > 3u) { values.w = ${operand}(at + 3u * step); }
      ${tile}[l * ${PITCH}u + four] = values;
    }`

const program = defineProgram({
  name: 'matmul',
  operands: { a: 'f32', b: 'f32', bias: 'f32', out: 'f32' },
  writes: ['out'],
  sizes: ['m', 'n', 'k', 'transposeA', 'transposeB', 'biased', 'accumulate'],
  numbers: [],
  declarations: `
var<workgroup> a_tile: array<vec4f, ${DEPTH * PITCH}>;
var<workgroup> b_tile: array<vec4f, ${DEPTH * PITCH}>;

// Four entries of a row of C.
fn store(row: u32, column: u32, values: vec4f) {
  if (row >= u.m) { return; }
  for (var j = 0u; j < min(4u, u.n - min(u.n, column)); j++) {
    var value = values[j];
    if (u.biased == 1u) { value += bias(column + j); }
    let at = row * u.n + column + j;
    if (u.accumulate == 1u) { value += out(at); }
    set_out(at, value);
  }
}
`,
  // Sums are vectors by name: SwiftShader does not reset an array without initialiser that is declared in a loop.
  body: `
  let across = (u.n + ${TILE - 1}u) / ${TILE}u;
  let row = group / across * ${TILE}u;
  let column = group % across * ${TILE}u;
  let i4 = thread / ${TILE / 4}u;
  let j4 = thread % ${TILE / 4}u;
  let in_c = row + 4u * i4 < u.m && column + 4u * j4 < u.n;
  var total0 = vec4f();
  var total1 = vec4f();
  var total2 = vec4f();
  var total3 = vec4f();
  for (var start = 0u; start < u.k; start += ${DEPTH}u) {
    ${loadTile('a_tile', 'a', 'row', 'm', 'u.transposeA == 1u')}
    ${loadTile('b_tile', 'b', 'column', 'n', 'u.transposeB == 0u')}
    workgroupBarrier();
    var sum0 = vec4f();
    var sum1 = vec4f();
    var sum2 = vec4f();
    var sum3 = vec4f();
    for (var l = 0u; in_c && l < ${DEPTH}u; l++) {
      let x = a_tile[l * ${PITCH}u + i4];
      let y = b_tile[l * ${PITCH}u + j4];
      sum0 += x.x * y;
      sum1 += x.y * y;
      sum2 += x.z * y;
      sum3 += x.w * y;
    }
    total0 += sum0;
    total1 += sum1;
    total2 += sum2;
    total3 += sum3;
    workgroupBarrier();
  }
  let totals = array<vec4f, 4>(total0, total1, total2, total3);
  for (var i = 0u; i < 4u; i++) { store(row + 4u * i4 + i, column + 4u * j4, totals[i]); }
`,
})

/** C = A·B (+ bias) (+ C), in f32 with partial sums over 32 entries of k. */
export const matmul: WebGpuKernel<'matmul'> = (gpu, args) => {
  const { m, n, k, a, b, out, bias, transposeA, transposeB, accumulate } = args
  gpu.run(program, {
    groups: Math.ceil(m / TILE) * Math.ceil(n / TILE),
    operands: { a, b, bias: bias ?? a, out },
    settings: {
      ...{ m, n, k },
      transposeA: Number(transposeA ?? false),
      transposeB: Number(transposeB ?? false),
      biased: Number(bias !== undefined),
      accumulate: Number(accumulate ?? false),
    },
  })
}
