import { createReferenceDevice, createWasmDevice, type Device, openGpuJs, openWebGpu } from '@posttrain/compute'

/** Every device, by name; one that is not there throws. Without a test framework, so that a browser page can use it too. */
export const devices: Readonly<Record<string, () => Promise<Device>>> = {
  reference: async () => createReferenceDevice(),
  wasm: createWasmDevice,
  gpujs: openGpuJs,
  webgpu: openWebGpu,
}
