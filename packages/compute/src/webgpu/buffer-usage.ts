/** The flags of GPUBufferUsage (https://gpuweb.github.io/gpuweb/#buffer-usage), which Node has no global for. */
export const BufferUsage = { MAP_READ: 0x1, COPY_SRC: 0x4, COPY_DST: 0x8, UNIFORM: 0x40, STORAGE: 0x80 } as const

/** GPUMapMode.READ */
export const MAP_MODE_READ = 0x1

/** GPUShaderStage.COMPUTE */
export const STAGE_COMPUTE = 0x4
