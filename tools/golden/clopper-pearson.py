"""Golden values of clopperPearsonInterval of @posttrain/estimators: quantiles of the beta distribution of counts up to 10^12.

    pip install scipy mpmath
    python tools/golden/clopper-pearson.py        # writes tools/golden/clopper-pearson.json

A quantile is found by Newton steps within a bracket, on the continued fraction of the incomplete beta function, to 40 digits. What
SciPy 1.17.1 gives stands beside it: at 1,000 of 10^9 and more it is not the quantile.
"""

import json
import pathlib

import mpmath
from scipy.stats import beta

mpmath.mp.dps = 40
one = mpmath.mpf(1)

CASES = [
    (8, 10, 0.95),
    (0, 10**9, 0.95),
    (1, 10**9, 0.95),
    (1_000, 10**9, 0.95),
    (1_000_000, 10**9, 0.95),
    (123_456_789, 10**9, 0.95),
    (500_000_000, 10**9, 0.95),
    (500_000_000, 10**9, 0.999),
    (999_999_999, 10**9, 0.95),
    (10**9, 10**9, 0.95),
    (1_000, 10**12, 0.95),
]


def density(x, a, b):
    return mpmath.exp(mpmath.loggamma(a + b) - mpmath.loggamma(a) - mpmath.loggamma(b) + (a - 1) * mpmath.log(x) + (b - 1) * mpmath.log1p(-x))


def lower_tail(x, a, b):
    """The regularised incomplete beta function below the mean, by its continued fraction (Lentz)."""
    c, d = one, one / (one - (a + b) * x / (a + 1))
    fraction = d
    m = 0
    while True:
        m += 1
        for step in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)), -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = one / (one + step * d)
            c = one + step / c
            fraction *= c * d
        if abs(c * d - 1) < mpmath.mpf(10) ** -35:
            return density(x, a, b) * x * (one - x) * fraction / a


def cdf(x, a, b):
    return lower_tail(x, a, b) if x < a / (a + b) else one - lower_tail(one - x, b, a)


def quantile(p, a, b):
    a, b, p = mpmath.mpf(a), mpmath.mpf(b), mpmath.mpf(p)
    low, high = mpmath.mpf(0), one
    x = a / (a + b)
    while True:
        missing = p - cdf(x, a, b)
        low, high = (x, high) if missing > 0 else (low, x)
        step = x + missing / density(x, a, b)
        if abs(step - x) < x * mpmath.mpf(10) ** -25:
            return float(step)
        x = step if low < step < high else (low + high) / 2


def interval(c, n, level):
    below, above = (1 - level) / 2, (1 + level) / 2
    lower = 0.0 if c == 0 else quantile(below, c, n - c + 1)
    upper = 1.0 if c == n else quantile(above, c + 1, n - c)
    scipy = [
        0.0 if c == 0 else float(beta.ppf(below, c, n - c + 1)),
        1.0 if c == n else float(beta.ppf(above, c + 1, n - c)),
    ]
    return {"c": c, "n": n, "level": level, "lower": lower, "upper": upper, "scipy": scipy}


out = pathlib.Path(__file__).with_suffix(".json")
out.write_text(json.dumps([interval(*case) for case in CASES], indent=2) + "\n")
