import { createReferenceDevice } from '@posttrain/compute'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { kernelCases } from '../support/kernel-cases.js'
import { trainingLosses } from '../support/losses.js'
import { chromiumPath, launchChromium } from './chromium.js'
import { type Call, openPage } from './open-page.js'
import { type PageServer, servePage } from './serve.js'

/** Fewer calls than in Node: each is a round trip to a GPU that is emulated. */
const RUNS = 20
const SEED = 20

/** f32 losses differ from float64 ones by 1.2e-7 after ten steps; a wrong gradient by more than 1e-3. */
const LOSS_TOLERANCE = 1e-6

const missing = chromiumPath === undefined ? ' (skipped: there is no Chromium; set CHROMIUM to where it is)' : ''

describe.skipIf(missing !== '')(`in Chromium${missing}`, () => {
  let server: PageServer
  let browser: Browser
  let call: Call

  beforeAll(async () => {
    server = await servePage()
    browser = await launchChromium()
    call = await openPage(browser, `${server.url}/`)
  }, 60_000)

  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  describe.each([
    ['wasm', ''],
    ['webgpu', 'google swiftshader'],
    ['gpujs', 'gpu'],
  ])('%s', (name, backend) => {
    it(`runs on ${backend || 'WebAssembly'}`, async () => expect(await call('backend', name)).toBe(backend))

    it.each(Object.entries(kernelCases))('%s agrees with reference', async (kernel, { bound }) => {
      const { error, where } = await call('conform', name, kernel, RUNS, SEED)
      expect(error, where).toBeLessThanOrEqual(bound)
    })

    // Longer than the 1,000 rounds after which gpu.js leaves a loop unless told otherwise.
    it('multiplies along 2,500 entries', async () => {
      expect(await call('conformMatmul', name, 3, 5, 2500)).toBeLessThanOrEqual(kernelCases['matmul']!.bound)
    })

    it('sampleTokens takes the tokens that reference takes', async () => {
      const { error, where } = await call('conformSampling', name, 2 * RUNS, SEED)
      expect(error, where).toBeLessThan(2e-6)
    })

    it('trains for ten steps with the losses of reference', async () => {
      const expected = await trainingLosses(createReferenceDevice(), 10)
      const losses = await call('losses', name, 10)
      expect(losses).toHaveLength(10)
      losses.forEach((loss, i) => expect(Math.abs(loss - expected[i]!), `step ${i}`).toBeLessThan(LOSS_TOLERANCE))
      expect(losses[9]).toBeLessThan(0.8 * losses[0]!)
    })
  })

  it("gpujs compiles a user's functions for WebGL", async () => {
    const { term, power } = await call('defineKernel', [1, 0.5, 2], [1, 0.25, 0.5], [2000, 2, 10])
    expect(power).toEqual([1, 0.25, 1024])
    const expected = [0, 0.5 * Math.log(2), 2 * Math.log(4)]
    term.forEach((x, i) => expect(Math.abs(x - expected[i]!)).toBeLessThan(1e-6))
  })

  it('wasm shares work among threads where the page is cross-origin isolated', async () => {
    expect(await call('isCrossOriginIsolated')).toBe(true)
    const threaded = 'wasm on two threads'
    expect(await call('conformMatmul', threaded, 130, 140, 150)).toBeLessThanOrEqual(kernelCases['matmul']!.bound)
    expect(await call('middleLosses', threaded)).toEqual(await call('middleLosses', 'wasm'))
  })

  it('wasm has one thread where it is not, and says so', async () => {
    const plain = await openPage(browser, `${server.url}/plain/`)
    expect(await plain('isCrossOriginIsolated')).toBe(false)
    await expect(plain('choose', 'wasm', { threads: 2 })).rejects.toThrow('this page may not share memory')
    const { name, reason } = await plain('choose', 'auto', { threads: 2 })
    expect(name).toBe('wasm')
    expect(reason).toContain('on one thread; not wasm: this page may not share memory between threads')
    expect(await plain('middleLosses', 'wasm')).toEqual(await call('middleLosses', 'wasm'))
  })

  it('createDevice picks wasm, and webgpu where there is no SIMD', async () => {
    expect(await call('choose', 'auto', { threads: 2 })).toEqual({
      name: 'wasm',
      reason: 'wasm was picked: this engine has WebAssembly with SIMD',
    })
    expect(await call('choose', 'auto', { simd: false })).toEqual({
      name: 'webgpu',
      reason: 'webgpu was picked: there is a WebGPU adapter; not wasm: this engine has no WebAssembly with SIMD',
    })
  })
})
