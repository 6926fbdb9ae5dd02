// The peer's side of the compute benchmark: the same model, batch and AdamW step in jax-js on one WASM thread. Without
// web workers jax-js computes on the calling thread, so that its CPU time is comparable with ours.
import {
  benchmarkModel as c,
  initialParameters,
  trainingBatch,
} from '../../../packages/compute/test/support/benchmark-model.js'
import { parameterShapes } from '../../../packages/compute/test/support/model-config.js'
import { answer, cpuMilliseconds } from '../worker.js'

Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency: 1 }, configurable: true })
const { defaultDevice, init, jit, nn, numpy: np, tree, valueAndGrad } = await import('@jax-js/jax')
type Tensor = ReturnType<typeof np.array>
type Tensors = Record<string, Tensor>

await init()
defaultDevice('wasm')

const rows = c.batch * c.context
const headSize = c.width / c.heads
const shapes = parameterShapes(c)

/** jax-js counts references: an operation consumes its operands, and `.ref` keeps one for another use. */
function layerNorm(x: Tensor, gain: Tensor, bias: Tensor): Tensor {
  const centred = x.ref.sub(x.mean(-1, { keepdims: true }))
  const variance = np.square(centred.ref).mean(-1, { keepdims: true })
  return centred
    .mul(np.reciprocal(np.sqrt(variance.add(1e-5))))
    .mul(gain)
    .add(bias)
}

function attention(qkv: Tensor): Tensor {
  const parts = qkv.reshape([c.batch, c.context, 3, c.heads, headSize]).transpose([2, 0, 3, 1, 4])
  const [q, k, v] = [parts.ref.slice(0), parts.ref.slice(1), parts.slice(2)]
  const scores = np.matmul(q, k.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(headSize))
  const causal = np.where(np.tri(c.context, c.context, 0, { dtype: np.bool }), scores, -1e9)
  return np.matmul(nn.softmax(causal, -1), v).transpose([0, 2, 1, 3]).reshape([rows, c.width])
}

function loss(p: Tensors, tokens: Tensor, targets: Tensor): Tensor {
  const linear = (name: string, x: Tensor): Tensor => np.matmul(x, p[`${name}.weight`]!).add(p[`${name}.bias`]!)
  const norm = (name: string, x: Tensor): Tensor => layerNorm(x, p[`${name}.gain`]!, p[`${name}.bias`]!)
  let x = p['tokens']!.slice(tokens).add(p['positions']!).reshape([rows, c.width])
  for (let l = 0; l < c.layers; l++) {
    x = x.ref.add(linear(`${l}.out`, attention(linear(`${l}.qkv`, norm(`${l}.norm1`, x)))))
    x = x.ref.add(linear(`${l}.down`, nn.gelu(linear(`${l}.up`, norm(`${l}.norm2`, x)))))
  }
  const logp = nn.logSoftmax(np.matmul(norm('norm', x), p['head']!), -1)
  return logp.mul(nn.oneHot(targets, c.vocabulary)).sum(-1).mean().neg()
}

const [beta1, beta2, rate, decay] = [0.9, 0.99, 1e-3, 0.01]

/** 1/(1 − βᵗ) */
const unbias = (beta: number, t: Tensor): Tensor => np.reciprocal(np.subtract(1, np.exp(t.mul(Math.log(beta)))))

function step(p: Tensors, m: Tensors, v: Tensors, t: Tensor, tokens: Tensor, targets: Tensor): unknown[] {
  const [value, g] = valueAndGrad(loss)(tree.ref(p), tokens, targets) as [Tensor, Tensors]
  const time = t.add(1)
  const first: Tensors = tree.map((m: Tensor, g: Tensor) => m.mul(beta1).add(g.mul(1 - beta1)), m, tree.ref(g))
  const second: Tensors = tree.map((v: Tensor, g: Tensor) => v.mul(beta2).add(np.square(g).mul(1 - beta2)), v, g)
  const [c1, c2] = [unbias(beta1, time.ref), unbias(beta2, time.ref)]
  const next = tree.map(
    (p: Tensor, m: Tensor, v: Tensor) => {
      const update = m.mul(c1.ref).div(np.sqrt(v.mul(c2.ref)).add(1e-8))
      return p.ref.sub(update.add(p.mul(decay)).mul(rate))
    },
    p,
    tree.ref(first),
    tree.ref(second),
  )
  c1.dispose()
  c2.dispose()
  return [value, next, first, second, time]
}

const tensors = (of: (name: string, shape: number[]) => Tensor): Tensors =>
  Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, of(name, [...shape])]))

const values = initialParameters(c)
let p = tensors((name, shape) => np.array(values[name]!).reshape(shape))
let m = tensors((_, shape) => np.zeros(shape))
let v = tensors((_, shape) => np.zeros(shape))
let t = np.array(0)
const batch = trainingBatch(c)
const tokens = np.array(batch.tokens).reshape([c.batch, c.context])
const targets = np.array(batch.targets).reshape([rows])
const compiled = jit(step as never) as unknown as (...args: unknown[]) => [Tensor, Tensors, Tensors, Tensors, Tensor]

async function run(): Promise<number> {
  const [value, ...state] = compiled(p, m, v, t, tokens.ref, targets.ref)
  ;[p, m, v, t] = state
  return (await value.data())[0]!
}

answer({ loss: run, step: () => cpuMilliseconds(run) })
