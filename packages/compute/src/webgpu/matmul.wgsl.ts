/** Rows and columns of C that a workgroup computes. */
export const TILE = 16

/**
 * C = A·B (+ bias) (+ C). A workgroup loads 16 × 16 tiles of A and B into its memory, so that each value is read once per
 * tile instead of once per product. Transpositions and views are strides and offsets.
 */
export const matmulShader: string = /* wgsl */ `
struct Sizes {
  m: u32, n: u32, k: u32, accumulate: u32,
  aOffset: u32, aRow: u32, aColumn: u32, biased: u32,
  bOffset: u32, bRow: u32, bColumn: u32, biasOffset: u32,
  outOffset: u32,
}
@group(0) @binding(0) var<uniform> size: Sizes;
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> bias: array<f32>;
@group(0) @binding(4) var<storage, read_write> out: array<f32>;

var<workgroup> aTile: array<array<f32, ${TILE}>, ${TILE}>;
var<workgroup> bTile: array<array<f32, ${TILE}>, ${TILE}>;

@compute @workgroup_size(${TILE}, ${TILE})
fn matmul(@builtin(global_invocation_id) global: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let i = global.y;
  let j = global.x;
  var sum = 0.0;
  for (var start = 0u; start < size.k; start += ${TILE}u) {
    let aK = start + local.x;
    let bK = start + local.y;
    aTile[local.y][local.x] = 0.0;
    bTile[local.y][local.x] = 0.0;
    if (i < size.m && aK < size.k) { aTile[local.y][local.x] = a[size.aOffset + i * size.aRow + aK * size.aColumn]; }
    if (j < size.n && bK < size.k) { bTile[local.y][local.x] = b[size.bOffset + bK * size.bRow + j * size.bColumn]; }
    workgroupBarrier();
    for (var l = 0u; l < ${TILE}u; l++) { sum += aTile[local.y][l] * bTile[l][local.x]; }
    workgroupBarrier();
  }
  if (i >= size.m || j >= size.n) { return; }
  if (size.biased == 1u) { sum += bias[size.biasOffset + j]; }
  let at = size.outOffset + i * size.n + j;
  if (size.accumulate == 1u) { sum += out[at]; }
  out[at] = sum;
}
`
