import { createReferenceDevice, createWasmDevice, type Device } from '@posttrain/compute'

/** Every complete device there is, by name. */
export const devices: Readonly<Record<string, () => Promise<Device>>> = {
  reference: async () => createReferenceDevice(),
  wasm: createWasmDevice,
}
