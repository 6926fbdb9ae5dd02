import { unsupported } from '@posttrain/core'

/** Whether a GPU can still be used. WebGPU reports a failure after the call that caused it. */
export interface Health {
  /** @throws PosttrainError `unsupported` after the device was lost, ran out of memory or refused some work */
  readonly require: () => void
  /** Creates a buffer and notes if there was no memory for it. */
  readonly watchMemory: (bytes: number, create: () => GPUBuffer) => GPUBuffer
}

/** Watches a device from now on. */
export function watchHealth(device: GPUDevice): Health {
  let failure: string | undefined
  void device.lost.then(({ message }) => (failure ??= `the WebGPU device was lost: ${message}`))
  device.onuncapturederror = ({ error }) => (failure ??= `the WebGPU device failed: ${error.message}`)
  return {
    require() {
      if (failure !== undefined) throw unsupported(failure, 'open the device again, or use wasm')
    },
    watchMemory(bytes, create) {
      device.pushErrorScope('out-of-memory')
      const buffer = create()
      device.popErrorScope().then(
        (error) => {
          if (error !== null) failure ??= `the WebGPU device has no memory for ${bytes} bytes: ${error.message}`
        },
        () => {}, // the device was lost, which is noted above
      )
      return buffer
    },
  }
}
