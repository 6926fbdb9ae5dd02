// Our side of the compute benchmark, on the wasm device. Its arguments are the number of threads and perhaps `fused`.
import { createWasmDevice } from '@posttrain/compute'
import {
  benchmarkModel,
  initialParameters,
  trainingBatch,
} from '../../packages/compute/test/support/benchmark-model.js'
import { createTrainingStep } from '../../packages/compute/test/support/training-step.js'
import { createDecoder } from './compute-decoder.js'
import { matmulRates } from './compute-matmul.js'
import { stepTimes } from './compute-sizes.js'
import { answer, cpuMilliseconds, wallMilliseconds } from './worker.js'

const [threads = '1', fused] = process.argv.slice(2)
const device = await createWasmDevice({ threads: Number(threads), fused: fused !== undefined })
const model = createTrainingStep(device, benchmarkModel)
const values = Object.values(initialParameters(benchmarkModel)).flatMap((x) => [...x])
device.write(model.parameters, values)
const { tokens, targets } = trainingBatch(benchmarkModel)
const step = (): Promise<number> => model.step(tokens, targets)

// Decoding has weights of its own, which no step changes.
const weights = device.allocate(values.length)
device.write(weights, values)
const { forced, sample } = createDecoder(device, benchmarkModel, weights)

answer({
  loss: step,
  step: () => cpuMilliseconds(step),
  stepWall: () => wallMilliseconds(step),
  forced,
  decode: () => cpuMilliseconds(sample),
  decodeWall: () => wallMilliseconds(sample),
  matmul: () => matmulRates(device),
  sizes: () => stepTimes(),
})
