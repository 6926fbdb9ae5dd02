"""NumPy's side of the estimator benchmark: reads a request per line, answers with CPU milliseconds and a checksum as JSON."""

import json
import sys
import time

import numpy as np

PAIRS = 1_000_000
K = 10


def draw_pairs():
    """n and c by the generator that the other side uses too, so that both estimate the same pairs."""
    state = np.uint32(1)
    words = np.empty(2 * PAIRS, dtype=np.uint32)
    x = int(state)
    for i in range(2 * PAIRS):
        x ^= (x << 13) & 0xFFFFFFFF
        x ^= x >> 17
        x ^= (x << 5) & 0xFFFFFFFF
        words[i] = x
    n = 100 + words[0::2].astype(np.int64) % 101
    return n, words[1::2].astype(np.int64) % (n + 1)


def pass_at_k_published(n, c, k):
    """The estimator as published with HumanEval: one NumPy product per pair."""
    if n - c < k:
        return 1.0
    return 1.0 - np.prod(1.0 - k / np.arange(n - c + 1, n + 1))


def pass_at_k_vectorised(n, c, k):
    """The same over all pairs at once, one factor after the other."""
    missed = np.ones(len(n))
    wrong = n - c
    for j in range(k):
        missed *= np.maximum(wrong - j, 0) / (n - j)
    return 1.0 - missed


def bootstrap(values, rng):
    """10,000 resamples of all values and the two quantiles of their means."""
    drawn = rng.integers(0, len(values), size=(10_000, len(values)))
    return np.quantile(values[drawn].mean(axis=1), [0.025, 0.975])


def main():
    n, c = draw_pairs()
    values = (np.arange(1000) * 7919 % 1000) / 1000
    rng = np.random.default_rng(0)
    work = {
        "published": lambda: float(
            np.array([pass_at_k_published(a, b, K) for a, b in zip(n.tolist(), c.tolist())]).sum()
        ),
        "vectorised": lambda: float(pass_at_k_vectorised(n, c, K).sum()),
        "bootstrap": lambda: float(bootstrap(values, rng).sum()),
    }
    print(json.dumps({"version": np.__version__}), flush=True)
    for line in sys.stdin:
        start = time.process_time()
        result = work[line.strip()]()
        print(json.dumps({"ms": 1000 * (time.process_time() - start), "result": result}), flush=True)


main()
