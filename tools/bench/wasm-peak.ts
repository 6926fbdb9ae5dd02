import asc from 'assemblyscript/asc'

/** Accumulators: enough to hide the latency of an addition, few enough to stay in registers with their operands. */
const SUMS = 8

/**
 * Four broadcast values times two vectors, added to eight sums: the shape of a matrix product's innermost loop, from 2 KiB
 * of memory. Of the loops tried it is the fastest; loops with fewer loads run slower.
 */
function source(): string {
  const sums = Array.from({ length: SUMS }, (_, i) => `c${i}`)
  const step = (c: string, i: number): string => `${c} = f32x4.add(${c}, f32x4.mul(x${i >> 1}, y${i & 1}))`
  return `export function peak(rounds: i32): f32 {
    let ${sums.map((c) => `${c} = f32x4.splat(0)`).join(', ')}
    for (let i = 0; i < rounds; i++) {
      const p: usize = <usize>(i & 63) << 5
      const y0 = v128.load(p), y1 = v128.load(p, 16)
      const x0 = v128.load32_splat(p), x1 = v128.load32_splat(p, 4)
      const x2 = v128.load32_splat(p, 8), x3 = v128.load32_splat(p, 12)
      ${sums.map(step).join('; ')}
    }
    return ${sums.map((c) => `f32x4.extract_lane(${c}, 0)`).join(' + ')}
  }`
}

/** Compiles the loop; a call runs it and returns how many floating-point operations it did. */
export async function compilePeak(): Promise<(rounds: number) => number> {
  let binary: Uint8Array<ArrayBuffer> | undefined
  const { error } = await asc.main(
    [
      'peak.ts',
      '--outFile',
      'peak.wasm',
      '-O3',
      '--runtime',
      'stub',
      '--initialMemory',
      '1',
      '--use',
      'abort=',
      '--enable',
      'simd',
    ],
    {
      readFile: (name) => (name === 'peak.ts' ? source() : null),
      writeFile: (name, contents) => {
        if (name === 'peak.wasm') binary = contents as Uint8Array<ArrayBuffer>
      },
      listFiles: () => [],
    },
  )
  if (error || binary === undefined) throw new Error('the peak program does not compile', { cause: error })
  const { instance } = await WebAssembly.instantiate(binary)
  const { peak } = instance.exports as { peak: (rounds: number) => number }
  return (rounds) => {
    peak(rounds)
    return 2 * 4 * SUMS * rounds
  }
}
