// Our side of the compute benchmark: one training step on the wasm device.
import { createWasmDevice } from '@posttrain/compute'
import {
  benchmarkModel,
  initialParameters,
  trainingBatch,
} from '../../packages/compute/test/support/benchmark-model.js'
import { createTrainingStep } from '../../packages/compute/test/support/training-step.js'
import { answer, cpuMilliseconds } from './worker.js'
import { matmulRates } from './compute-matmul.js'

const device = await createWasmDevice()
const model = createTrainingStep(device, benchmarkModel)
device.write(
  model.parameters,
  Object.values(initialParameters(benchmarkModel)).flatMap((x) => [...x]),
)
const { tokens, targets } = trainingBatch(benchmarkModel)

answer({
  loss: () => model.step(tokens, targets),
  step: () => cpuMilliseconds(() => model.step(tokens, targets)),
  matmul: () => matmulRates(device),
})
