"""Golden values of the enclosures of packages/math-verifier: exp, ln, sin, cos, powers and π to 200 digits.

    pip install mpmath==1.3.0
    python tools/golden/elementary-functions.py        # writes tools/golden/elementary-functions.json

Each row has an expression in LaTeX and its value, rounded to 200 digits after the point; mpmath computes with 300 more.
"""

import json
import pathlib

import mpmath

mpmath.mp.dps = 900
rows = []


def add(expression, value):
    rows.append({"expression": expression, "value": mpmath.nstr(value, 700, strip_zeros=False, min_fixed=-mpmath.inf, max_fixed=mpmath.inf)})


arguments = ["0.001", "0.5", "1", "1.5", "2", "3.14159", "7", "10", "33.3", "100", "500", "1000"]
for x in arguments:
    for sign in ("", "-"):
        value = mpmath.mpf(sign + x)
        add(f"\\sin({sign}{x})", mpmath.sin(value))
        add(f"\\cos({sign}{x})", mpmath.cos(value))
        add(f"e^{{{sign}{x}}}", mpmath.exp(value))
for x in ["0.00001", "0.3", "0.999", "1.001", "2", "3", "97", "1000003", "123456789.25"]:
    add(f"\\ln({x})", mpmath.log(mpmath.mpf(x)))
add("\\pi", mpmath.pi)
add("e", mpmath.e)
add("2^{\\sqrt{2}}", mpmath.mpf(2) ** mpmath.sqrt(2))
add("\\pi^{e}", mpmath.pi**mpmath.e)
add("e^{\\pi}", mpmath.exp(mpmath.pi))
add("\\cos\\frac{\\pi}{7}", mpmath.cos(mpmath.pi / 7))
add("\\sin\\frac{3\\pi}{11}", mpmath.sin(3 * mpmath.pi / 11))
add("\\ln(\\ln 7)", mpmath.log(mpmath.log(7)))
add("\\sin(\\cos(1))", mpmath.sin(mpmath.cos(1)))
add("\\sqrt[3]{2+\\sqrt{3}}", mpmath.cbrt(2 + mpmath.sqrt(3)))
add("e^{\\sin 2}", mpmath.exp(mpmath.sin(2)))
add("(\\ln 2)^{10}", mpmath.log(2) ** 10)
add("\\cosh(3)", mpmath.cosh(3))

target = pathlib.Path(__file__).with_suffix(".json")
target.write_text(json.dumps(rows, indent=0) + "\n", encoding="utf-8")
print(len(rows))
