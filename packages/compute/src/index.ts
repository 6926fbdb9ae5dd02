export * from './device.js'
export { createReferenceDevice } from './reference/reference-device.js'
export { createWasmDevice, isWasmSupported } from './wasm/wasm-device.js'
