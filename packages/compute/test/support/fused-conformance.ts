// A program: compares the wasm device with fused multiply-add with reference, and prints as JSON the worst error per
// kernel and whether a product differs from the plain device's in its bits. It needs an engine that has relaxed SIMD.
import { createReferenceDevice, createWasmDevice } from '@posttrain/compute'
import { conform } from './conform.js'
import { draw } from './draw.js'
import { kernelCases } from './kernel-cases.js'
import { runKernel } from './run-kernel.js'

const reference = createReferenceDevice()
const fused = await createWasmDevice({ fused: true })
const errors: Record<string, number> = {}
for (const [kernel, kernelCase] of Object.entries(kernelCases)) {
  errors[kernel] = (await conform(fused, reference, kernel, kernelCase, 40, 7)).error
}
const d = draw(1)
const buffers = { a: d.normal(4096), b: d.normal(4096), out: d.normal(4096) }
const call = { settings: { m: 64, n: 64, k: 64 }, buffers }
const [one, other] = [fused, await createWasmDevice()].map((device) => runKernel(device, 'matmul', call))
const isFused = [...(await one!).out!].join() !== [...(await other!).out!].join()
process.stdout.write(JSON.stringify({ errors, isFused }))
