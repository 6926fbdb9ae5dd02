"""Golden values of the losses of @posttrain/losses: TRL's own loss methods, and verl's formulas where TRL has none.

    pip install torch trl==1.16.0
    python tools/golden/losses.py        # writes tools/golden/losses.json

TRL's methods run as they are, on stand-ins that give them log-probs for their model's; autograd differentiates what comes out. verl's
losses are written from its documented formulas. Everything is float64, except that TRL's ORPO casts to float32 unless stopped.
"""

import contextlib
import json
import pathlib
from collections import defaultdict
from types import SimpleNamespace

import torch
import torch.nn.functional as F
import trl
from trl import DPOTrainer, GRPOTrainer, KTOTrainer, RewardTrainer, RLOOTrainer
from trl.experimental.cpo import CPOTrainer
from trl.experimental.gkd import GKDTrainer
from trl.experimental.orpo import ORPOTrainer

torch.set_default_dtype(torch.float64)
generator = torch.Generator().manual_seed(6)
LENGTHS = [5, 3, 4, 1, 6, 2]
G, T = len(LENGTHS), max(LENGTHS)
MASK = (torch.arange(T) < torch.tensor(LENGTHS)[:, None]).to(torch.get_default_dtype())


def noise(scale):
    """Numbers that are the same in JSON, padded with zeros."""
    return (torch.randn(G, T, generator=generator) * scale * 1e4).round() / 1e4 * MASK


sampling = -(0.1 + torch.rand(G, T, generator=generator) * 2).mul(1e4).round().div(1e4) * MASK
start = (sampling + noise(0.4)).mul(1e4).round().div(1e4)  # what the trainer's engine says of the sampler's tokens
logprob = (start + noise(0.5)).mul(1e4).round().div(1e4)
reference = (start + noise(0.4)).mul(1e4).round().div(1e4)
value, returns, sampling_value, entropy = noise(1), noise(1), noise(1), noise(1).abs()
token_advantage = noise(1)
advantage = torch.tensor([1.2, -0.7, 0.4, -1.5, 0.9, -0.3])
labels = torch.tensor([1, -1, 0, 0, 1, -1])  # of KTO; sequences with 0 are the mismatched ones
margin = torch.tensor([0.5, 0.0, -0.25])  # of pairs
step_label = ((1 + returns.clamp(-1, 1)) / 2 * 1e4).round() / 1e4  # some are 0 or 1, others between
logprob[0, 1] = start[0, 1] + 1.6  # a ratio of 4.95 with a positive and one with a negative advantage, for bounds that are high
logprob[1, 1] = start[1, 1] + 1.6

cases = []


def add(name, made_by, of, loss):
    """Differentiates loss(x) at x = of, the padded scores."""
    x = of.clone().requires_grad_()
    result = loss(x)
    (gradient,) = torch.autograd.grad(result, x)
    assert (gradient * (1 - MASK) == 0).all(), name
    cases.append({"name": name, "made by": made_by, "value": result.item(), "gradient": rows(gradient)})


def rows(padded):
    return [row[:length].tolist() for row, length in zip(padded, LENGTHS)]


class Accelerator:
    """One process: gathering gives back what it got."""

    device, num_processes, sync_gradients = torch.device("cpu"), 1, True
    gather = gather_for_metrics = staticmethod(lambda x: x)
    reduce = staticmethod(lambda x, reduction: x)


def stand_in(**attributes):
    return SimpleNamespace(
        accelerator=Accelerator(),
        model=SimpleNamespace(training=True),
        aux_loss_enabled=False,
        precompute_ref_logps=True,
        _metrics=defaultdict(lambda: defaultdict(list)),
        _total_train_tokens=0,
        _tp_size=1,
        **attributes,
    )


# ---- TRL: GRPO and its relatives ----


def grpo(x, loss_type="grpo", level="token", low=0.2, high=0.2, delta=None, advantages=advantage, beta=0.0, bias_corrected=False,
         importance=None, entropy_coef=0.0, entropies=entropy):
    trainer = stand_in(
        args=SimpleNamespace(delta=delta, use_bias_correction_kl=bias_corrected, steps_per_generation=1),
        loss_type=loss_type, importance_sampling_level=level, epsilon_low=low, epsilon_high=high, beta=beta,
        top_entropy_quantile=1.0, off_policy_mask_threshold=None, max_completion_length=8, current_gradient_accumulation_steps=1,
        use_vllm=importance is not None, vllm_importance_sampling_correction=True,
        _entropy_bonus_enabled=entropy_coef != 0, use_adaptive_entropy=False, entropy_coef=entropy_coef,
        _get_per_token_logps_and_entropies=lambda *_, **__: (x, entropies, None),
    )
    empty = torch.zeros(G, 0)
    inputs = {
        "prompt_ids": empty, "prompt_mask": empty, "completion_ids": torch.zeros(G, T), "completion_mask": MASK,
        "advantages": advantages, "old_per_token_logps": start, "ref_per_token_logps": reference, "num_items_in_batch": MASK.sum(),
        "importance_sampling_ratio": importance,
    }
    return GRPOTrainer._compute_loss(trainer, None, inputs)


def trl_case(name, of=logprob, **options):
    add(name, "GRPOTrainer", of, lambda x: grpo(x, **options))


trl_case("grpo")
trl_case("grpo clip-higher", high=0.28)
trl_case("grpo per-token advantages", advantages=token_advantage)
trl_case("grpo delta", delta=3.0)
trl_case("bnpo", loss_type="bnpo")
trl_case("dapo", loss_type="dapo", high=0.28)
trl_case("dr_grpo", loss_type="dr_grpo")
trl_case("grpo sequence level", level="sequence", low=3e-4, high=4e-4)
trl_case("grpo sequence level, wide", level="sequence", low=0.3, high=0.3)
trl_case("cispo", loss_type="cispo", high=2.0)
trl_case("grpo with beta", beta=0.04)
trl_case("grpo with beta and use_bias_correction_kl", beta=0.04, bias_corrected=True)
token_ratio = torch.exp((start - sampling) * MASK)
sequence_ratio = torch.exp(((start - sampling) * MASK).sum(-1, keepdim=True))
trl_case("grpo token_truncate", importance=token_ratio.clamp(max=1.2))
trl_case("grpo sequence_truncate", importance=sequence_ratio.clamp(max=1.5))
trl_case("grpo sequence level, token_truncate", level="sequence", low=0.3, high=0.3, importance=token_ratio.clamp(max=1.2))
add("bnpo entropy", "GRPOTrainer", entropy, lambda h: grpo(logprob, loss_type="bnpo", entropy_coef=0.01, entropies=h) - grpo(logprob, loss_type="bnpo"))


def rloo(x):
    trainer = stand_in(epsilon_low=0.2, epsilon_high=0.2, _get_per_token_logps_and_entropies=lambda *_, **__: (x, entropy, None))
    empty = torch.zeros(G, 0)
    return RLOOTrainer._compute_loss(trainer, None, {
        "prompt_ids": empty, "prompt_mask": empty, "completion_ids": torch.zeros(G, T), "completion_mask": MASK,
        "advantages": advantage, "old_logps": (start * MASK).sum(1),
    })


add("rloo", "RLOOTrainer", logprob, rloo)


# ---- TRL: preferences. Pairs are sequences (0, 1), (2, 3), (4, 5); TRL wants all chosen, then all rejected ----

ORDER = torch.tensor([0, 2, 4, 1, 3, 5])


def outputs(log_probs):
    """What TRL reads of a model's output; its mask and log-probs are shifted against each other by one token."""
    zeros = torch.zeros_like(log_probs)
    return SimpleNamespace(log_probs=log_probs, entropy=zeros, mean_logits=zeros, is_top1=zeros.bool())


def with_first(padded, first):
    return torch.cat([torch.full((len(padded), 1), first, dtype=padded.dtype), padded], 1)


def dpo(x, loss_type, beta=0.1):
    trainer = stand_in(loss_types=[loss_type], loss_weights=[1.0], beta=beta, label_smoothing=0.0, ld_alpha=None,
                       f_divergence_type="reverse_kl", use_weighting=False)
    sums = (reference * MASK).sum(1)[ORDER]
    mask = with_first(MASK[ORDER], 0.0).long()
    inputs = {"input_ids": mask, "attention_mask": mask, "completion_mask": mask, "ref_chosen_logps": sums[:3], "ref_rejected_logps": sums[3:]}
    return DPOTrainer._compute_loss(trainer, lambda **_: outputs((x * MASK)[ORDER]), inputs, False)


for beta in [0.1, 0.5]:
    add(f"dpo beta {beta}", "DPOTrainer", logprob, lambda x: dpo(x, "sigmoid", beta))
    add(f"ipo beta {beta}", "DPOTrainer", logprob, lambda x: dpo(x, "ipo", beta))


def sequence_scores(x, average):
    sums = (x * MASK).sum(1)[ORDER]
    return (sums / MASK.sum(1)[ORDER] if average else sums).chunk(2)


def cpo(x, loss_type, **options):
    trainer = stand_in(loss_type=loss_type, alpha=0.0, **{"beta": 0.1, "simpo_gamma": 0.5, "label_smoothing": 0.0, **options})
    return CPOTrainer.cpo_loss(trainer, *sequence_scores(x, loss_type == "simpo"))[0].mean()


# TRL's DPO has no label smoothing of this kind any more; its CPO has, on what it takes for log-probs: here log-ratios.
add("cdpo", "CPOTrainer.cpo_loss on log-ratios", logprob, lambda x: cpo(x - reference, "sigmoid", label_smoothing=0.1))
add("ipo of sums", "CPOTrainer.cpo_loss on log-ratios", logprob, lambda x: cpo(x - reference, "ipo"))
add("simpo", "CPOTrainer.cpo_loss", logprob, lambda x: cpo(x, "simpo", beta=2.0, simpo_gamma=1.0))


@contextlib.contextmanager
def float_is_float64():
    real = torch.Tensor.float
    torch.Tensor.float = lambda self: self.double()
    try:
        yield
    finally:
        torch.Tensor.float = real


def orpo(x, nll):
    trainer = stand_in(beta=0.3)
    chosen, rejected = sequence_scores(x, True)
    trainer.odds_ratio_loss = lambda a, b: ORPOTrainer.odds_ratio_loss(trainer, a, b)
    trainer.concatenated_forward = lambda *_: (chosen, rejected, torch.zeros(1), torch.zeros(1), nll(x[ORDER[:3]], MASK[ORDER[:3]]))
    with float_is_float64():
        return ORPOTrainer.get_batch_loss_metrics(trainer, None, {})[0]


add("orpo, likelihood by sequence", "ORPOTrainer", logprob, lambda x: orpo(x, lambda lp, m: -((lp * m).sum(1) / m.sum(1)).mean()))
add("orpo, likelihood by token", "ORPOTrainer", logprob, lambda x: orpo(x, lambda lp, m: -(lp * m).sum() / m.sum()))


def kto(x, calculate_kl, desirable, undesirable):
    labelled, others = labels != 0, labels == 0
    trainer = stand_in(calculate_KL=calculate_kl, loss_type="kto", beta=0.3, desirable_weight=desirable, undesirable_weight=undesirable)
    trainer._compute_kl_logps = lambda model, batch: (x * MASK).sum(1)[others].detach() if calculate_kl else None
    mask = with_first(MASK[labelled], 0.0).long()
    sums = (reference * MASK).sum(1)
    batch = {"input_ids": mask, "attention_mask": mask, "completion_mask": mask, "label": labels[labelled] == 1,
             "ref_logps": sums[labelled], "ref_KL_logps": sums[others]}
    return KTOTrainer._compute_loss(trainer, lambda **_: outputs((x * MASK)[labelled]), batch, False)


add("kto", "KTOTrainer", logprob, lambda x: kto(x, True, 1.0, 1.0))
add("kto weighted", "KTOTrainer", logprob, lambda x: kto(x, True, 1.5, 0.5))
add("kto without reference point", "KTOTrainer", logprob, lambda x: kto(x, False, 1.0, 1.0))


# ---- TRL: reward models. Of each sequence its first value is the reward ----


def reward(v, coefficient=None, margins=None):
    trainer = stand_in(args=SimpleNamespace(center_rewards_coefficient=coefficient))
    inputs = {"attention_mask": MASK[ORDER], **({} if margins is None else {"margin": margins})}
    return RewardTrainer.compute_loss(trainer, lambda **_: SimpleNamespace(logits=v[ORDER, :1]), inputs)


add("reward model", "RewardTrainer", value, reward)
add("reward model with margins", "RewardTrainer", value, lambda v: reward(v, margins=margin))
add("reward model with margins, centred", "RewardTrainer", value, lambda v: reward(v, 0.01, margin))


# ---- verl, by its formulas: actor losses with token-mean or seq-mean-token-mean, the critic's, rollout correction ----

per_token = advantage[:, None].expand(G, T)


def token_mean(losses):
    return (losses * MASK).sum() / MASK.sum()


def verl_ratio(x):
    return torch.exp(torch.clamp(x - start, -20, 20))


def verl_vanilla(x, low=0.2, high=0.2, c=3.0, weights=1.0, shift=0.0):
    ratio = verl_ratio(x + shift)
    clipped = torch.maximum(-per_token * ratio, -per_token * torch.clamp(ratio, 1 - low, 1 + high))
    dual = torch.min(clipped, -per_token * c)
    return token_mean(torch.where(per_token < 0, dual, clipped) * weights)


def verl_gspo(x, low=0.3, high=0.3):
    mean = ((x - start) * MASK).sum(-1) / MASK.sum(-1)
    s = torch.exp(torch.clamp(x - x.detach() + mean.detach()[:, None], max=10.0))
    losses = torch.maximum(-per_token * s, -per_token * torch.clamp(s, 1 - low, 1 + high))
    return ((losses * MASK).sum(-1) / (MASK.sum(-1) + 1e-8)).mean()


def verl_cispo(x, low=0.3, high=0.4):
    return token_mean(-torch.clamp(verl_ratio(x), 1 - low, 1 + high).detach() * per_token * x)


def verl_value(v, epsilon):
    clipped = torch.min(torch.max(v, sampling_value - epsilon), sampling_value + epsilon)
    return 0.5 * token_mean(torch.max((v - returns) ** 2, (clipped - returns) ** 2))


add("verl vanilla", "verl", logprob, verl_vanilla)
add("verl vanilla, far off-policy", "verl", logprob, lambda x: verl_vanilla(x, c=1e12, shift=torch.tensor([25.0, 0, 0, 21, 0, -23])[:, None] * MASK))
add("verl gspo", "verl", logprob, verl_gspo)
add("verl cispo", "verl", logprob, verl_cispo)
add("verl token IS", "verl", logprob, lambda x: verl_vanilla(x, weights=token_ratio.clamp(max=2.0)))
add("verl sequence IS", "verl", logprob, lambda x: verl_vanilla(x, weights=sequence_ratio.clamp(max=2.0)))
add("verl reinforce", "verl", logprob, lambda x: token_mean(-per_token * x))
add("verl value", "verl", value, lambda v: verl_value(v, 0.5))
add("verl value without clip", "verl", value, lambda v: verl_value(v, 1e9))


# ---- What neither has, with autograd alone ----


def bonbon(x, n=4, alpha=0.005):
    best, worst = sequence_scores(x - reference, False)
    target = (n - 1) * sum(1 / k for k in range(1, n))
    return (-alpha * sequence_scores(x, False)[0] + (1 - alpha) * (best - worst - target) ** 2).mean()


add("bonbon", "autograd", logprob, bonbon)
add("importance-weighted", "autograd", logprob, lambda x: token_mean(-torch.exp(x - start) * token_advantage))
add("importance-weighted sequence", "autograd", logprob, lambda x: -(torch.exp(((x - start) * MASK).sum(1)) * advantage).mean())
add("supervised", "autograd", logprob, lambda x: token_mean(-x))
add("step labels", "PyTorch", value, lambda v: token_mean(F.binary_cross_entropy_with_logits(v, step_label, reduction="none")))
add("step labels as two classes", "PyTorch", value, lambda v: F.cross_entropy(
    torch.stack([torch.zeros_like(v), v], -1)[MASK == 1], torch.stack([1 - step_label, step_label], -1)[MASK == 1]))


# ---- TRL: reverse distillation, from the logits of student and teacher ----

student, teacher = torch.randn(4, 5, generator=generator), torch.randn(4, 5, generator=generator)
logits = student.clone().requires_grad_()
labels_all = torch.zeros(1, 4, dtype=torch.long)
distilled = GKDTrainer.generalized_jsd_loss(logits[None], teacher[None], labels=labels_all, beta=1)
(distillation_gradient,) = torch.autograd.grad(distilled, logits)

golden = {
    "made by": f"tools/golden/losses.py with torch {torch.__version__} and trl {trl.__version__}",
    "batch": {
        "logprob": rows(logprob), "startLogprob": rows(start), "samplingLogprob": rows(sampling), "referenceLogprob": rows(reference),
        "value": rows(value), "returns": rows(returns), "samplingValue": rows(sampling_value), "entropy": rows(entropy),
        "tokenAdvantage": rows(token_advantage), "advantage": advantage.tolist(), "label": labels.tolist(),
        "margin": margin.tolist(), "stepLabel": rows(step_label),
    },
    "cases": cases,
    "reverse distillation": {
        "student": student.tolist(), "teacher": teacher.tolist(), "value": distilled.item(), "gradient": distillation_gradient.tolist(),
    },
}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden) + "\n")
print(f"wrote {path}: {len(cases)} cases")
