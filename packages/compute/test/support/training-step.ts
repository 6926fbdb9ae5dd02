import type { Device, DeviceBuffer } from '@posttrain/compute'
import { type ModelConfig, parameterCount, parameterShapes, product } from './model-config.js'

/** Named views into one buffer, so that one AdamW call updates all parameters. */
function views(buffer: DeviceBuffer, c: ModelConfig): (name: string) => DeviceBuffer {
  const byName = new Map<string, DeviceBuffer>()
  let offset = 0
  for (const [name, shape] of Object.entries(parameterShapes(c))) {
    byName.set(name, buffer.view(offset, product(shape)))
    offset += product(shape)
  }
  return (name) => byName.get(name)!
}

export interface TrainingStep {
  readonly parameters: DeviceBuffer
  readonly gradients: DeviceBuffer
  /** Mean −log p of the targets, with the gradients of it in `gradients`. */
  gradientsOf(tokens: Int32Array, targets: Int32Array): Promise<number>
  /** The same, then AdamW. */
  step(tokens: Int32Array, targets: Int32Array): Promise<number>
  dispose(): void
}

/** One training step written directly on the kernels of a device. */
export function createTrainingStep(device: Device, c: ModelConfig): TrainingStep {
  const { width, hidden, vocabulary, heads } = c
  const rows = c.batch * c.context
  const headSize = width / heads
  const all: DeviceBuffer[] = []
  const floats = (length: number): DeviceBuffer => {
    const buffer = device.allocate(length)
    all.push(buffer)
    return buffer
  }
  const integers = (length: number): DeviceBuffer => {
    const buffer = device.allocate(length, 'i32')
    all.push(buffer)
    return buffer
  }
  const count = parameterCount(c)
  const [parameters, gradients, firstMoment, secondMoment] = [
    floats(count),
    floats(count),
    floats(count),
    floats(count),
  ]
  const p = views(parameters, c)
  const g = views(gradients, c)
  const [tokens, targets, positions] = [integers(rows), integers(rows), integers(rows)]
  device.write(
    positions,
    Int32Array.from({ length: rows }, (_, i) => i % c.context),
  )

  const streams = Array.from({ length: c.layers + 1 }, () => floats(rows * width))
  const activations = Array.from({ length: c.layers }, () => ({
    norm1: floats(rows * width),
    statistics1: floats(rows * 2),
    qkv: floats(rows * 3 * width),
    probabilities: floats(c.batch * heads * c.context * c.context),
    attended: floats(rows * width),
    middle: floats(rows * width),
    norm2: floats(rows * width),
    statistics2: floats(rows * 2),
    up: floats(rows * hidden),
    active: floats(rows * hidden),
  }))
  const [norm, statistics, logits, logprob] = [
    floats(rows * width),
    floats(rows * 2),
    floats(rows * vocabulary),
    floats(rows),
  ]
  const [dStream, dWidth, dQkv, dHidden] = [
    floats(rows * width),
    floats(rows * width),
    floats(rows * 3 * width),
    floats(rows * hidden),
  ]
  const gradLogprob = floats(rows)
  device.fill(gradLogprob, -1 / rows)

  /** out (+)= x·W + b */
  const linear = (name: string, k: number, n: number, a: DeviceBuffer, out: DeviceBuffer, accumulate = false): void =>
    device.matmul({ m: rows, n, k, a, b: p(`${name}.weight`), bias: p(`${name}.bias`), out, accumulate })

  /** ∂W += xᵀ·∂y, ∂b += Σ ∂y, ∂x = ∂y·Wᵀ */
  const linearBackward = (
    name: string,
    k: number,
    n: number,
    x: DeviceBuffer,
    dy: DeviceBuffer,
    dx: DeviceBuffer,
  ): void => {
    device.matmul({ m: k, n, k: rows, a: x, transposeA: true, b: dy, out: g(`${name}.weight`), accumulate: true })
    device.sumRows({ rows, columns: n, x: dy, out: g(`${name}.bias`) })
    device.matmul({ m: rows, n: k, k: n, a: dy, b: p(`${name}.weight`), transposeB: true, out: dx })
  }

  const layerNorm = (name: string, x: DeviceBuffer, out: DeviceBuffer, stats: DeviceBuffer): void =>
    device.layerNorm({
      rows,
      columns: width,
      x,
      gain: p(`${name}.gain`),
      bias: p(`${name}.bias`),
      out,
      statistics: stats,
    })

  const layerNormBackward = (name: string, x: DeviceBuffer, stats: DeviceBuffer, gradOut: DeviceBuffer): void =>
    device.layerNormBackward({
      rows,
      columns: width,
      x,
      gain: p(`${name}.gain`),
      statistics: stats,
      gradOut,
      gradX: dStream,
      gradGain: g(`${name}.gain`),
      gradBias: g(`${name}.bias`),
    })

  const embeddings = { rows, columns: width, tokens, positions }
  const attention = { batch: c.batch, length: c.context, heads, keyValueHeads: heads, headSize }
  const scores = { rows, vocabulary, logits, targets }

  function forward(): void {
    device.embedding({ ...embeddings, tokenTable: p('tokens'), positionTable: p('positions'), out: streams[0]! })
    activations.forEach((s, l) => {
      const x = streams[l]!
      const next = streams[l + 1]!
      layerNorm(`${l}.norm1`, x, s.norm1, s.statistics1)
      linear(`${l}.qkv`, width, 3 * width, s.norm1, s.qkv)
      device.attention({ ...attention, qkv: s.qkv, out: s.attended, probabilities: s.probabilities })
      device.copy(x, s.middle)
      linear(`${l}.out`, width, width, s.attended, s.middle, true)
      layerNorm(`${l}.norm2`, s.middle, s.norm2, s.statistics2)
      linear(`${l}.up`, width, hidden, s.norm2, s.up)
      device.activation({ kind: 'gelu', length: rows * hidden, x: s.up, out: s.active })
      device.copy(s.middle, next)
      linear(`${l}.down`, hidden, width, s.active, next, true)
    })
    layerNorm('norm', streams[c.layers]!, norm, statistics)
    device.matmul({ m: rows, n: vocabulary, k: width, a: norm, b: p('head'), out: logits })
    device.tokenScores({ ...scores, logprob })
  }

  function backward(): void {
    device.fill(gradients, 0)
    device.fill(dStream, 0)
    device.tokenScoresBackward({ ...scores, gradLogprob, gradLogits: logits })
    device.matmul({ m: width, n: vocabulary, k: rows, a: norm, transposeA: true, b: logits, out: g('head') })
    device.matmul({ m: rows, n: width, k: vocabulary, a: logits, b: p('head'), transposeB: true, out: dWidth })
    layerNormBackward('norm', streams[c.layers]!, statistics, dWidth)
    for (let l = c.layers - 1; l >= 0; l--) {
      const s = activations[l]!
      linearBackward(`${l}.down`, hidden, width, s.active, dStream, dHidden)
      device.activationBackward({ kind: 'gelu', length: rows * hidden, x: s.up, gradOut: dHidden, gradX: dHidden })
      linearBackward(`${l}.up`, width, hidden, s.norm2, dHidden, dWidth)
      layerNormBackward(`${l}.norm2`, s.middle, s.statistics2, dWidth)
      linearBackward(`${l}.out`, width, width, s.attended, dStream, dWidth)
      device.attentionBackward({
        ...attention,
        qkv: s.qkv,
        probabilities: s.probabilities,
        gradOut: dWidth,
        gradQkv: dQkv,
      })
      linearBackward(`${l}.qkv`, width, 3 * width, s.norm1, dQkv, dWidth)
      layerNormBackward(`${l}.norm1`, streams[l]!, s.statistics1, dWidth)
    }
    const tables = { gradTokenTable: g('tokens'), gradPositionTable: g('positions') }
    device.embeddingBackward({ ...embeddings, gradOut: dStream, ...tables })
  }

  let steps = 0
  const gradientsOf = async (inputs: Int32Array, labels: Int32Array): Promise<number> => {
    device.write(tokens, inputs)
    device.write(targets, labels)
    forward()
    backward()
    return -(await device.read(logprob)).reduce((sum, x) => sum + x / rows, 0)
  }
  return {
    parameters,
    gradients,
    gradientsOf,
    async step(inputs, labels) {
      const loss = await gradientsOf(inputs, labels)
      device.adamW({
        length: count,
        parameters,
        gradients,
        firstMoment,
        secondMoment,
        step: ++steps,
        learningRate: 1e-3,
        betas: [0.9, 0.99],
        epsilon: 1e-8,
        weightDecay: 0.01,
        gradientScale: 1,
      })
      return loss
    },
    dispose: () => all.forEach((buffer) => buffer.dispose()),
  }
}
