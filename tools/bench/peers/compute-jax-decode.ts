// jax-js' side of the decoding benchmark: the same model with caches of keys and values, one compiled step per token, and
// sampling by its own random generator. On one WASM thread, as the training step.
import { benchmarkModel as c, initialParameters } from '../../../packages/compute/test/support/benchmark-model.js'
import { parameterShapes } from '../../../packages/compute/test/support/model-config.js'
import { forcedToken, NEW_TOKENS, SEQUENCES } from '../compute-decoder.js'
import { answer, cpuMilliseconds } from '../worker.js'

Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency: 1 }, configurable: true })
const { defaultDevice, init, jit, nn, numpy: np, random, tree } = await import('@jax-js/jax')
type Tensor = ReturnType<typeof np.array>
type Tensors = Record<string, Tensor>
interface Cache {
  readonly keys: Tensor
  readonly values: Tensor
}

await init()
defaultDevice('wasm')

const headSize = c.width / c.heads
const cacheShape = [SEQUENCES, c.heads, NEW_TOKENS, headSize]

function layerNorm(x: Tensor, gain: Tensor, bias: Tensor): Tensor {
  const centred = x.ref.sub(x.mean(-1, { keepdims: true }))
  const variance = np.square(centred.ref).mean(-1, { keepdims: true })
  return centred
    .mul(np.reciprocal(np.sqrt(variance.add(1e-5))))
    .mul(gain)
    .add(bias)
}

/** Logits and caches after one more token per sequence. An operation consumes its operands; `.ref` keeps one. */
function decode(p: Tensors, caches: Cache[], tokens: Tensor, position: Tensor): [Tensor, Cache[]] {
  const linear = (name: string, x: Tensor): Tensor => np.matmul(x, p[`${name}.weight`]!).add(p[`${name}.bias`]!)
  const norm = (name: string, x: Tensor): Tensor => layerNorm(x, p[`${name}.gain`]!, p[`${name}.bias`]!)
  let x = p['tokens']!.slice(tokens).add(p['positions']!.slice(position.ref))
  const slot = np.arange(NEW_TOKENS).equal(position.ref).reshape([1, 1, NEW_TOKENS, 1])
  const seen = np.arange(NEW_TOKENS).less(position.add(1)).reshape([1, 1, 1, NEW_TOKENS])
  const next = caches.map((cache, l): Cache => {
    const qkv = linear(`${l}.qkv`, norm(`${l}.norm1`, x.ref))
    const parts = qkv.reshape([SEQUENCES, 3, c.heads, 1, headSize]).transpose([1, 0, 2, 3, 4])
    const [q, k, v] = [parts.ref.slice(0), parts.ref.slice(1), parts.slice(2)]
    const keys = np.where(slot.ref, k, cache.keys)
    const values = np.where(slot.ref, v, cache.values)
    const scores = np.matmul(q, keys.ref.transpose([0, 1, 3, 2])).mul(1 / Math.sqrt(headSize))
    const weights = nn.softmax(np.where(seen.ref, scores, -1e9), -1)
    x = x.add(linear(`${l}.out`, np.matmul(weights, values.ref).reshape([SEQUENCES, c.width])))
    x = x.ref.add(linear(`${l}.down`, nn.gelu(linear(`${l}.up`, norm(`${l}.norm2`, x)))))
    return { keys, values }
  })
  slot.dispose()
  seen.dispose()
  return [np.matmul(norm('norm', x), p['head']!), next]
}

const values = initialParameters(c)
const parameters: Tensors = Object.fromEntries(
  Object.entries(parameterShapes(c)).map(([name, shape]) => [name, np.array(values[name]!).reshape([...shape])]),
)
const emptyCaches = (): Cache[] =>
  Array.from({ length: c.layers }, () => ({ keys: np.zeros(cacheShape), values: np.zeros(cacheShape) }))
const integers = (x: number[] | Int32Array): Tensor => np.array(Int32Array.from(x))
const scalar = (x: number): Tensor => np.array(x, { dtype: np.int32 })

type Step = (p: Tensors, caches: Cache[], tokens: Tensor, position: Tensor) => [Tensor, Cache[]]
const compiled = jit(decode as never) as unknown as Step

type Draw = (p: Tensors, caches: Cache[], tokens: Tensor, position: Tensor, key: Tensor) => [Tensor, Cache[], Tensor]
const drawing = jit(((...[p, caches, tokens, position, key]: Parameters<Draw>): ReturnType<Draw> => {
  const [logits, next] = decode(p, caches, tokens, position)
  const keys = random.split(key)
  return [random.categorical(keys.ref.slice(0), logits).astype(np.int32), next, keys.slice(1)]
}) as never) as unknown as Draw

async function sample(): Promise<number> {
  let [caches, tokens, key] = [emptyCaches(), integers(new Int32Array(SEQUENCES)), random.key(0)]
  let drawn = 0
  for (let position = 0; position < NEW_TOKENS; position++) {
    ;[tokens, caches, key] = drawing(tree.ref(parameters), caches, tokens, scalar(position), key)
    drawn += (await tokens.ref.data()).length
  }
  tree.dispose([caches, tokens, key])
  return drawn
}

async function forced(): Promise<number[]> {
  let caches = emptyCaches()
  let logits: Tensor | undefined
  for (let position = 0; position < NEW_TOKENS; position++) {
    logits?.dispose()
    const tokens = Array.from({ length: SEQUENCES }, (_, row) => forcedToken(row, position, c.vocabulary))
    ;[logits, caches] = compiled(tree.ref(parameters), caches, integers(tokens), scalar(position))
  }
  tree.dispose(caches)
  return [...(await logits!.data())]
}

answer({ forced, decode: () => cpuMilliseconds(sample) })
