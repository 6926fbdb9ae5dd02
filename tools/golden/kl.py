"""Golden values of @posttrain/kl: divergences to 50 digits with mpmath, and the KL terms of TRL and verl with PyTorch.

    pip install torch mpmath numpy
    python tools/golden/kl.py        # writes tools/golden/kl.json

The losses are written from the trainers' documented options, in the form their gradient is taken: what is added to the loss is
differentiated by autograd, what is added to the reward enters as a constant times log-probs.
"""

import json
import pathlib

import mpmath
import torch

mpmath.mp.dps = 50
torch.set_default_dtype(torch.float64)


# ---- divergences between softmax(a) and softmax(b), a and b taken as exact doubles ----


def softmax(logits):
    top = max(logits)
    weights = [mpmath.exp(mpmath.mpf(x) - mpmath.mpf(top)) if x > -mpmath.inf else mpmath.mpf(0) for x in logits]
    total = sum(weights)
    return [w / total for w in weights]


def kl(p, q):
    if any(x > 0 and y == 0 for x, y in zip(p, q)):
        return mpmath.inf
    return sum(x * mpmath.log(x / y) for x, y in zip(p, q) if x > 0)


def power_sum(p, q, alpha):
    if alpha > 1 and any(x > 0 and y == 0 for x, y in zip(p, q)):
        return mpmath.inf
    if alpha < 0 and any(y > 0 and x == 0 for x, y in zip(p, q)):
        return mpmath.inf
    return sum(x**alpha * y ** (1 - alpha) for x, y in zip(p, q) if x > 0 and y > 0)


def divergences(a, b):
    p, q = softmax(a), softmax(b)
    m = [(x + y) / 2 for x, y in zip(p, q)]
    alpha = lambda o: (power_sum(p, q, mpmath.mpf(o)) - 1) / (mpmath.mpf(o) * (mpmath.mpf(o) - 1))
    renyi = lambda o: mpmath.log(power_sum(p, q, mpmath.mpf(o))) / (mpmath.mpf(o) - 1)
    chi2 = alpha(2) * 2
    return {
        "kl": kl(p, q),
        "reversed kl": kl(q, p),
        "jeffreys": kl(p, q) + kl(q, p),
        "jensen-shannon": (kl(p, m) + kl(q, m)) / 2,
        "total variation": sum(abs(x - y) for x, y in zip(p, q)) / 2,
        "squared hellinger": sum((mpmath.sqrt(x) - mpmath.sqrt(y)) ** 2 for x, y in zip(p, q)) / 2,
        "chi-squared": chi2,
        "alpha -1": alpha(-1),
        "alpha 0.001": alpha(0.001),
        "alpha 0.5": alpha(0.5),
        "alpha 3": alpha(3),
        "renyi 0.3": renyi(0.3),
        "renyi 0.999": renyi(0.999),
        "renyi 2": renyi(2),
        "renyi infinity": mpmath.log(max(x / y if y > 0 else mpmath.inf for x, y in zip(p, q) if x > 0)),
    }


def number(x):
    """A double, or a text for what JSON cannot hold."""
    x = float(x)
    return x if x not in (float("inf"), float("-inf")) else ("Infinity" if x > 0 else "-Infinity")


def divergence_cases():
    generator = torch.Generator().manual_seed(5)
    cases = []
    for size, scale, shift in [(2, 1, 1), (3, 1, 1), (5, 3, 3), (8, 1, 0.3), (40, 4, 1), (4, 1, 1e-3), (4, 1, 1e-7), (4, 1, 1e-10)]:
        a = torch.randn(size, generator=generator) * scale
        b = a + torch.randn(size, generator=generator) * shift
        cases.append((a.tolist(), b.tolist()))
    cases.append(([1e4, 0.0, -1e4], [-1e4, 0.0, 1e4]))
    cases.append(([1e4, 0.0], [1e4 + 1, 0.0]))
    cases.append(([0.5, 0.0, -float("inf")], [0.1, 0.3, 0.2]))
    cases.append(([0.1, 0.3, 0.2], [0.5, 0.0, -float("inf")]))
    return [
        {"p": [number(x) for x in a], "q": [number(x) for x in b], "values": {k: number(v) for k, v in divergences(a, b).items()}}
        for a, b in cases
    ]


# ---- the KL terms of TRL and verl on one sample ----


def k1(lp, ref):
    return lp - ref


def k3(lp, ref):
    return torch.exp(ref - lp) - (ref - lp) - 1


def verl_k3(lp, ref):
    d = torch.clamp(ref - lp, -20, 20)
    return torch.clamp(torch.exp(d) - d - 1, -10, 10)


VERL = {"kl": k1, "abs": lambda lp, ref: (lp - ref).abs(), "mse": lambda lp, ref: (lp - ref) ** 2 / 2, "low_var_kl": verl_k3}


def straight_through(value, lp, ref):
    half_square = (lp - ref) ** 2 / 2
    return half_square - half_square.detach() + value(lp, ref).detach()


def charged_to_go(value, lp, ref):
    """Rewards of minus the value per token, returns without discount, times log-probs: what a policy gradient differentiates."""
    values = value(lp, ref).detach()
    to_go = values.flip(0).cumsum(0).flip(0)
    return values.sum(), (to_go * lp).sum()


def trainer_terms(lp, ref, old):
    """For each choice, the value it reports and the scalar whose gradient it contributes."""
    terms = {}

    def in_loss(name, per_token):
        terms[name] = (per_token.detach().sum(), per_token.sum())

    in_loss("trl GRPOConfig.beta", k3(lp, ref))
    in_loss("trl GRPOConfig.beta with use_bias_correction_kl", k3(lp, ref) * torch.exp(lp - old))
    whole = k1(lp, ref).sum().detach()
    terms["trl RLOOConfig.beta"] = (whole, whole * lp.sum())
    terms["trl PPOConfig.kl_estimator=k1"] = charged_to_go(k1, lp, ref)
    terms["trl PPOConfig.kl_estimator=k3"] = charged_to_go(k3, lp, ref)
    for name, value in VERL.items():
        in_loss(f"verl kl_loss_type={name}", value(lp, ref))
        if name != "mse":
            in_loss(f"verl kl_loss_type={name}+", straight_through(value, lp, ref))
        terms[f"verl kl_penalty={name}"] = charged_to_go(value, lp, ref)
    return terms


def trainer_case(seed, shift):
    generator = torch.Generator().manual_seed(seed)
    tokens, vocabulary, beta = 6, 5, 0.3
    policy = torch.randn(tokens, vocabulary, generator=generator).requires_grad_()
    reference = torch.randn(tokens, vocabulary, generator=generator)
    old = policy.detach() + 0.2 * torch.randn(tokens, vocabulary, generator=generator)
    sampled = torch.randint(vocabulary, (tokens,), generator=generator)
    for t, by in enumerate(shift):
        reference[t, sampled[t]] += by
    at = lambda logits: torch.log_softmax(logits, -1)[torch.arange(tokens), sampled]
    choices = {}
    for name, (value, term) in trainer_terms(at(policy), at(reference), at(old)).items():
        (gradient,) = torch.autograd.grad(beta * term, policy, retain_graph=True)
        choices[name] = {"value": value.item(), "gradient": gradient.tolist()}
    kl_rows = torch.distributions.kl_divergence(
        torch.distributions.Categorical(logits=policy), torch.distributions.Categorical(logits=reference)
    )
    (kl_gradient,) = torch.autograd.grad(kl_rows.sum(), policy)
    return {
        "coefficient": beta,
        "policy": policy.tolist(),
        "reference": reference.tolist(),
        "sampling": old.tolist(),
        "tokens": sampled.tolist(),
        "next-token kl": kl_rows.tolist(),
        "next-token kl gradient": kl_gradient.tolist(),
        "choices": choices,
    }


golden = {
    "made by": f"tools/golden/kl.py with torch {torch.__version__} and mpmath {mpmath.__version__}",
    "divergences": divergence_cases(),
    # The second sample has tokens beyond each clamp of verl: a log-ratio beyond ±20, and a k3 above 10.
    "trainers": [trainer_case(1, [0] * 6), trainer_case(2, [-25, 25, 6, -6, 0, 0])],
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1) + "\n")
print(f"wrote {path}")
