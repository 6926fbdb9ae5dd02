import { BufferUsage } from './buffer-usage.js'

/** Bytes from the settings of one dispatch to the next; every GPU binds uniform buffers at multiples of it. */
const SLOT_BYTES = 256

/** Most dispatches per submission: a submission costs as much as many dispatches. */
const SLOTS = 128

/** A dispatch without its settings. */
export interface Dispatch {
  readonly pipeline: GPUComputePipeline
  readonly layout: GPUBindGroupLayout
  readonly buffers: readonly GPUBuffer[]
  readonly grid: readonly [number, number]
}

/** Dispatches that are collected, and submitted in order. */
export interface CommandBatch {
  /** @param fill writes the settings of the dispatch */
  add(dispatch: Dispatch, fill: (settings: DataView) => void): void
  /** Submits what was collected, before anything that is given to the queue afterwards. */
  flush(): void
}

/** Collects dispatches in one compute pass; their settings go to the GPU with one write per batch. */
export function createCommandBatch(device: GPUDevice): CommandBatch {
  const settings = new ArrayBuffer(SLOTS * SLOT_BYTES)
  const uniforms = device.createBuffer({
    size: settings.byteLength,
    usage: BufferUsage.UNIFORM | BufferUsage.COPY_DST,
  })
  let open: { readonly encoder: GPUCommandEncoder; readonly pass: GPUComputePassEncoder } | undefined
  let count = 0

  function begin(): NonNullable<typeof open> {
    const encoder = device.createCommandEncoder()
    return { encoder, pass: encoder.beginComputePass() }
  }

  function flush(): void {
    if (open === undefined) return
    open.pass.end()
    device.queue.writeBuffer(uniforms, 0, settings, 0, count * SLOT_BYTES)
    device.queue.submit([open.encoder.finish()])
    open = undefined
    count = 0
  }

  return {
    add({ pipeline, layout, buffers, grid }, fill) {
      open ??= begin()
      const start = count++ * SLOT_BYTES
      fill(new DataView(settings, start, SLOT_BYTES))
      const resources = [{ buffer: uniforms, size: SLOT_BYTES }, ...buffers.map((buffer) => ({ buffer }))]
      const entries = resources.map((resource, binding) => ({ binding, resource }))
      open.pass.setPipeline(pipeline)
      open.pass.setBindGroup(0, device.createBindGroup({ layout, entries }), [start])
      open.pass.dispatchWorkgroups(...grid)
      if (count === SLOTS) flush()
    },
    flush,
  }
}
