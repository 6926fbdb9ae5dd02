// tfjs' side of the compute benchmark: the same model, batch and Adam step on its wasm backend with one thread, with the
// gradient of a product written for it. The one it comes with passes transposed flags to the wasm kernel, which has a
// slow path for them: a whole step then takes three times as long. Adam is without weight decay, which is less work.
import * as tf from '@tensorflow/tfjs-core'
import '@tensorflow/tfjs-backend-cpu'
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { dirname } from 'node:path'
import { createRequire } from 'node:module'
import {
  benchmarkModel as c,
  initialParameters,
  trainingBatch,
} from '../../../packages/compute/test/support/benchmark-model.js'
import { parameterShapes } from '../../../packages/compute/test/support/model-config.js'
import { answer, cpuMilliseconds } from '../worker.js'

const require = createRequire(import.meta.url)
// tfjs-core registers gradients in this file, which only its union package imports.
require('@tensorflow/tfjs-core/dist/register_all_gradients')
setThreadsCount(1)
setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm'))}/`)
await tf.setBackend('wasm')
await tf.ready()
if (!(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT'))) throw new Error('tfjs runs without SIMD here')

const rows = c.batch * c.context
const headSize = c.width / c.heads
const values = initialParameters(c)
const parameters = new Map(
  Object.entries(parameterShapes(c)).map(([name, shape]) => [
    name,
    tf.variable(tf.tensor(values[name]!, [...shape]), true, name),
  ]),
)
const p = (name: string): tf.Variable => parameters.get(name)!

const { tokens, targets } = trainingBatch(c)
const oneHot = (indices: Int32Array): tf.Tensor =>
  tf.cast(tf.oneHot(tf.tensor1d(indices, 'int32'), c.vocabulary), 'float32')
// The wasm backend has no kernel for the gradient of a gather: rows are looked up by a product.
const [inputs, labels] = [oneHot(tokens), oneHot(targets)]
const future = tf.tensor2d(
  Float32Array.from({ length: c.context ** 2 }, (_, i) => (i % c.context > Math.floor(i / c.context) ? -1e9 : 0)),
  [c.context, c.context],
)

const transposed = (x: tf.Tensor): tf.Tensor => {
  const axes = [...x.shape.keys()]
  return tf.transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2])
}

/** a·b with ∂a = ∂y·bᵀ and ∂b = aᵀ·∂y from transposed copies. */
const matMul = tf.customGrad<tf.Tensor>((...inputs) => {
  const [a, b, save] = inputs as [tf.Tensor, tf.Tensor, tf.GradSaveFunc]
  save([a, b])
  return {
    value: tf.matMul(a, b),
    gradFunc: (dy, saved) => [tf.matMul(dy, transposed(saved[1]!)), tf.matMul(transposed(saved[0]!), dy)],
  }
})

function norm(name: string, x: tf.Tensor): tf.Tensor {
  const centred = tf.sub(x, tf.mean(x, -1, true))
  const scale = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5))
  return tf.add(tf.mul(tf.mul(centred, scale), p(`${name}.gain`)), p(`${name}.bias`))
}

const linear = (name: string, x: tf.Tensor): tf.Tensor => tf.add(matMul(x, p(`${name}.weight`)), p(`${name}.bias`))

function gelu(x: tf.Tensor): tf.Tensor {
  const inner = tf.mul(tf.mul(x, tf.add(tf.mul(tf.square(x), 0.044715), 1)), Math.sqrt(2 / Math.PI))
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1))
}

function attention(qkv: tf.Tensor): tf.Tensor {
  const heads = tf.transpose(tf.reshape(qkv, [c.batch, c.context, 3, c.heads, headSize]), [2, 0, 3, 1, 4])
  const [q, k, v] = tf.unstack(heads, 0) as [tf.Tensor, tf.Tensor, tf.Tensor]
  const scores = tf.add(tf.mul(matMul(q, transposed(k)), 1 / Math.sqrt(headSize)), future)
  return tf.reshape(tf.transpose(matMul(tf.softmax(scores), v), [0, 2, 1, 3]), [rows, c.width])
}

function loss(): tf.Scalar {
  const embedded = tf.reshape(matMul(inputs, p('tokens')), [c.batch, c.context, c.width])
  let x = tf.reshape(tf.add(embedded, p('positions')), [rows, c.width])
  for (let l = 0; l < c.layers; l++) {
    x = tf.add(x, linear(`${l}.out`, attention(linear(`${l}.qkv`, norm(`${l}.norm1`, x)))))
    x = tf.add(x, linear(`${l}.down`, gelu(linear(`${l}.up`, norm(`${l}.norm2`, x)))))
  }
  const logprobs = tf.logSoftmax(matMul(norm('norm', x), p('head')))
  return tf.neg(tf.mean(tf.sum(tf.mul(logprobs, labels), -1)))
}

const optimizer = tf.train.adam(1e-3, 0.9, 0.99, 1e-8)

async function step(): Promise<number> {
  const value = tf.tidy(() => optimizer.minimize(loss, true, [...parameters.values()])!)
  const [mean = Number.NaN] = await value.data()
  value.dispose()
  return mean
}

answer({ loss: step, step: () => cpuMilliseconds(step) })
