import { createReferenceDevice, createWasmDevice, type Device } from '@posttrain/compute'

/** The devices that models are tested on. */
export const deviceNames = ['reference', 'wasm'] as const

/** Opens a device by name. */
export const openDevice = async (name: (typeof deviceNames)[number]): Promise<Device> =>
  name === 'reference' ? createReferenceDevice() : createWasmDevice()
