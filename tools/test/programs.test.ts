import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { root } from '../workspace.js'

const folder = join(root, 'examples')
const programs = readdirSync(folder).filter((file) => file.endsWith('.ts'))
const LOADER = fileURLToPath(import.meta.resolve('tsx'))

/** What a program prints, run on the sources. @throws Error with what it said if it fails */
const run = (file: string): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [`--import=${LOADER}`, '--conditions=@posttrain/source', join(folder, file)])
    let [out, errors] = ['', '']
    child.stdout.on('data', (chunk) => (out += chunk))
    child.stderr.on('data', (chunk) => (errors += chunk))
    child.on('error', reject)
    child.on('close', (status) => (status === 0 ? resolve(out) : reject(new Error(`status ${status}: ${errors}`))))
  })

/** What it trains depends on the rounding of a processor; what it shows does not. */
const TRAINED_ON_WASM = 'train-for-pass-at-k.ts'

describe('the programs in examples', () => {
  it('are listed in their README', () => {
    const listed = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/\]\(([\w-]+\.ts)\)/g)].map(
      ([, f]) => f,
    )
    expect(listed.sort()).toEqual(programs.sort())
  })

  it.each(programs.filter((file) => file !== TRAINED_ON_WASM))('%s prints what it did', async (file) => {
    expect(await run(file)).toMatchSnapshot()
  })

  it(`${TRAINED_ON_WASM} shows that what is trained for is what is gained`, async () => {
    const lines = (await run(TRAINED_ON_WASM)).trim().split('\n')
    const shares = lines.map((line) => [...line.matchAll(/(\d+) %/g)].map(([, share]) => Number(share)))
    const [taught, forMean, forPassAt4] = shares as [[number, number], [number, number], [number, number]]
    expect(taught[0]).toBeGreaterThan(20)
    expect(taught[0]).toBeLessThan(30)
    expect(forMean[0]).toBeGreaterThan(36) // the likeliest meaning is 40 % of all
    expect(forMean[1]).toBeLessThan(60)
    expect(forPassAt4[1]).toBeGreaterThan(taught[1])
    expect(forPassAt4[1]).toBeGreaterThan(forMean[1] + 15)
  })
})
