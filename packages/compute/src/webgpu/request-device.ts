import { unsupported } from '@posttrain/core'

/** An open GPU, and the objects that it comes from. */
export interface RequestedDevice {
  /** Must be held while the device is used: see `open-webgpu.ts`. */
  readonly gpu: GPU
  /** Vendor and architecture of the adapter. */
  readonly adapter: string
  readonly device: GPUDevice
}

/** The browser's GPU interface, or Dawn's in Node through the optional peer `webgpu`. */
async function findGpu(): Promise<GPU> {
  const { gpu } = (globalThis as { navigator?: Partial<Navigator> }).navigator ?? {}
  if (gpu !== undefined) return gpu
  try {
    const { create } = await import('webgpu')
    return create([])
  } catch (cause) {
    throw unsupported(`there is no WebGPU here: ${String(cause)}`, 'in Node: npm install webgpu')
  }
}

/**
 * Asks WebGPU for an adapter and a device.
 *
 * @throws PosttrainError `unsupported` if there is no WebGPU, no adapter or no device, saying which
 */
export async function requestDevice(): Promise<RequestedDevice> {
  const gpu = await findGpu()
  const adapter = await gpu.requestAdapter()
  if (adapter === null) {
    throw unsupported('WebGPU has no adapter here', "a GPU's Vulkan, Metal or Direct3D 12 driver is needed")
  }
  // A model's activations are one buffer: ask for all that the adapter allows, not the 128 MiB that every adapter does.
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits
  const requiredLimits = { maxBufferSize, maxStorageBufferBindingSize }
  const device = await adapter.requestDevice({ requiredLimits }).catch((cause: unknown) => {
    throw unsupported(`the WebGPU adapter gives no device: ${String(cause)}`, 'use wasm')
  })
  const { vendor, architecture } = adapter.info
  return { gpu, adapter: `${vendor} ${architecture}`.trim(), device }
}
