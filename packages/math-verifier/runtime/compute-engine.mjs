// Asks compute-engine whether the difference of two expressions is 0, in a thread that can be ended.
import { parentPort } from 'node:worker_threads'
import { ComputeEngine } from '@cortex-js/compute-engine'

const engine = new ComputeEngine()

/** Whether the difference becomes the number 0 by rules of algebra. `is(0)` would compare approximations. */
function simplifiesToZero(left, right) {
  const [a, b] = [engine.parse(left), engine.parse(right)]
  return a.isValid && b.isValid && engine.function('Subtract', [a, b]).simplify().json === 0
}

parentPort.on('message', ([left, right]) => {
  try {
    parentPort.postMessage(simplifiesToZero(left, right))
  } catch {
    parentPort.postMessage(false)
  }
})
parentPort.postMessage('ready')
