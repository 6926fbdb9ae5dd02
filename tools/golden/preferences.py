"""Golden values of fitBradleyTerry and fitPlackettLuce of @posttrain/rewards, from statsmodels and choix.

    pip install choix statsmodels
    python tools/golden/preferences.py        # writes tools/golden/preferences.json

Bradley-Terry is a logistic regression on item columns, the first of them left out: abilities, standard errors and the log-likelihood
are those of statsmodels' Logit. With a home column it has the home advantage. Plackett-Luce is choix's iterative Luce spectral ranking.
"""

import json
import pathlib

import choix
import numpy as np
import statsmodels.api as sm

random = np.random.default_rng(13)


def bradley_terry(items, games, home):
    truth = random.normal(size=items)
    pairs = [tuple(int(i) for i in random.choice(items, 2, replace=False)) for _ in range(games)]
    first_wins = random.random(games) < 1 / (1 + np.exp([truth[j] - truth[i] - 0.4 for i, j in pairs]))
    design = np.zeros((games, items + 1))
    for row, (i, j) in zip(design, pairs):
        row[i], row[j], row[items] = 1, -1, 1
    columns = list(range(1, items)) + ([items] if home else [])
    fit = sm.Logit(first_wins.astype(float), design[:, columns]).fit(method="newton", tol=1e-14, disp=0)
    return {
        "home": home,
        # first at home, second, whether the first won
        "games": [[i, j, bool(won)] for (i, j), won in zip(pairs, first_wins)],
        "values": fit.params.tolist(),
        "errors": fit.bse.tolist(),
        "logLikelihood": float(fit.llf),
    }


def plackett_luce(items, rankings):
    truth = random.normal(size=items)
    data = [
        [int(i) for i in choix.generate_rankings(truth, 1, size)[0]]
        for size in random.integers(2, items + 1, size=rankings)
    ]
    fit = choix.ilsr_rankings(items, data, alpha=0, max_iter=10_000, tol=1e-13)
    return {"rankings": data, "values": (fit - fit[0]).tolist()}


np.random.seed(13)
golden = {
    "bradleyTerry": [bradley_terry(4, 60, False), bradley_terry(6, 300, True)],
    "plackettLuce": [plackett_luce(5, 80)],
}
pathlib.Path(__file__).with_suffix(".json").write_text(json.dumps(golden) + "\n")
