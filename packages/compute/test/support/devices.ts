import { createReferenceDevice, createWasmDevice, type Device, openGpuJs, openWebGpu } from '@posttrain/compute'

/** Opens every device, by name; a missing one throws. A browser page uses it too, so it needs no test framework. */
export const devices: Readonly<Record<string, () => Promise<Device>>> = {
  reference: async () => createReferenceDevice(),
  wasm: createWasmDevice,
  gpujs: openGpuJs,
  webgpu: openWebGpu,
}
