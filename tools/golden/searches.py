"""Golden values of the searches of @posttrain/sampling on trees of which everything is known, by enumeration.

    python tools/golden/searches.py        # writes packages/sampling/test/vectors/searches.json

Needs nothing but Python. Conventions: among equals the lexicographically first path; UCT visits what was not visited first, the
lowest index before others; PUCT takes Q = 0 for what was not visited, and the parent's visits before the present simulation.
"""

import json
import math
import pathlib
import random
from fractions import Fraction

OUT = {"about": "own enumerations; fractions as 'p/q' strings beside floats", "trees": {}}


def put(kind, name, **fields):
    OUT.setdefault(kind, []).append({"name": name, **fields})


def make_tree(depth, width, seed):
    """Scores of all nodes and worths of all leaves, drawn depth first."""
    stream, tree = random.Random(seed), {}

    def grow(path):
        tree[path] = {"score": round(stream.random(), 3)}
        if len(path) == depth:
            tree[path]["gold"] = round(stream.random(), 3)
        for i in range(width if len(path) < depth else 0):
            grow(path + (i,))

    grow(())
    return tree


def key(path):
    return "/".join(map(str, path))


def kids(tree, path):
    return [path + (i,) for i in range(9) if path + (i,) in tree]


AGGREGATE = {"last": lambda s: s[-1], "min": min, "prod": math.prod, "mean": lambda s: sum(s) / len(s)}


def order(tree, aggregation):
    def of(path):
        return (-AGGREGATE[aggregation]([tree[path[:i]]["score"] for i in range(1, len(path) + 1)]), path)

    return of


def beam(tree, depth, beams, aggregation):
    front, trace, scored = [()], [], 0
    for _ in range(depth):
        candidates = [child for path in front for child in kids(tree, path)]
        scored += len(candidates)
        front = sorted(candidates, key=order(tree, aggregation))[:beams]
        trace.append([key(path) for path in front])
    return front[0], trace, scored


T, T2 = make_tree(4, 3, 7), make_tree(4, 4, 11)
LEAVES = [path for path in T if len(path) == 4]
OUT["trees"] = {"T34_7": {key(p): v for p, v in T.items()}, "T44_11": {key(p): v for p, v in T2.items()}}
for aggregation in AGGREGATE:
    best = min(LEAVES, key=order(T, aggregation))
    for beams in (1, 2, 3, 9, 27):
        chosen, trace, scored = beam(T, 4, beams, aggregation)
        put("beam", f"tree 3^4 seed 7, beam {beams}, {aggregation}", tree="T34_7", depth=4, width=3, beam=beams,
            aggregation=aggregation, ties="lexicographic path", chosen=key(chosen), frontier=trace, scored_nodes=scored,
            global_best=key(best), finds_optimum=chosen == best)


def dvts(tree, depth, n, m, aggregation):
    paths = kids(tree, ())[: n // m]
    trace = [[key(path) for path in paths]]
    for _ in range(depth - 1):
        paths = [min(kids(tree, path)[:m], key=order(tree, aggregation)) for path in paths]
        trace.append([key(path) for path in paths])
    return paths, trace


for aggregation in ("last", "prod", "min"):
    for n, m in ((4, 4), (8, 4), (12, 4), (16, 4), (8, 2), (4, 2)):
        paths, trace = dvts(T2, 4, n, m, aggregation)
        put("dvts", f"tree 4^4 seed 11, N {n}, M {m}, {aggregation}", tree="T44_11", n=n, m=m, subtrees=n // m,
            aggregation=aggregation, ties="lexicographic path", per_step=trace,
            chosen=key(min(paths, key=order(T2, aggregation))), scored_nodes=(n // m) * (1 + m * 3),
            note="one path per subtree; diversity: all chosen paths differ in their first step")
put("dvts", "beam collapses, dvts does not",
    tree_inline={"": 0, "0": .9, "1": .5, "0/0": .8, "0/1": .79, "1/0": .3, "1/1": .6, "0/0/0": .1, "0/0/1": .2,
                 "0/1/0": .15, "0/1/1": .1, "1/0/0": .1, "1/0/1": .1, "1/1/0": .95, "1/1/1": .2},
    aggregation="last", depth=3, width=2, beam2_frontier=[["0", "1"], ["0/0", "0/1"], ["0/0/1", "0/1/0"]],
    beam2_chosen="0/0/1", dvts_n4_m2_paths=["0/0/1", "1/1/0"], dvts_chosen="1/1/0", optimum="1/1/0")

for breadth in (1, 3, 5):
    chosen, trace, scored = beam(T, 4, breadth, "last")
    put("tot-bfs", f"T34_7 breadth {breadth}", tree="T34_7", breadth=breadth, chosen=key(chosen), frontier=trace,
        evaluated=scored)


def depth_first(tree, depth, threshold, goal, limit):
    visited, best = [], None

    def visit(path):
        nonlocal best
        if len(visited) >= limit:
            return False
        visited.append(key(path))
        if len(path) == depth:
            if best is None or tree[path]["gold"] > tree[best]["gold"]:
                best = path
            return tree[path]["gold"] >= goal
        for child in sorted(kids(tree, path), key=order(tree, "last")):
            if tree[child]["score"] > threshold and visit(child):
                return True
        return False

    return visit(()), best, visited


for threshold, goal, limit in ((0.0, .9, 10**6), (.3, .9, 10**6), (.5, .9, 10**6), (0.0, .99, 10**6), (0.0, 2.0, 10**6),
                               (0.0, .9, 10), (.95, .9, 10**6)):
    found, best, visited = depth_first(T, 4, threshold, goal, limit)
    put("tot-dfs", f"T34_7 threshold {threshold} goal {goal} limit {limit}", tree="T34_7", prune_at_or_below=threshold,
        goal=goal, visit_limit=limit, found=found, best=None if best is None else key(best), visited=len(visited),
        order_first20=visited[:20])


def uct(total, visits, parent, c):
    return total / visits + c * math.sqrt(math.log(parent) / visits)


def puct(total, visits, prior, parent, c):
    return (total / visits if visits else 0.0) + c * prior * math.sqrt(max(parent, 1)) / (1 + visits)


def mcts(tree, depth, simulations, c, selection):
    n, w, trace = {}, {}, []
    for _ in range(simulations):
        path, way = (), [()]
        while len(path) < depth:
            children, parent = kids(tree, path), n.get(path, 0)
            fresh = [child for child in children if n.get(child, 0) == 0]
            if selection == "uct" and fresh:
                path = fresh[0]
            elif selection == "uct":
                path = max(children, key=lambda q: (uct(w[q], n[q], parent, c), [-i for i in q]))
            else:
                z = sum(tree[q]["score"] for q in children)
                path = max(children, key=lambda q: (puct(w.get(q, 0), n.get(q, 0), tree[q]["score"] / z, parent, c),
                                                    [-i for i in q]))
            way.append(path)
            if n.get(path, 0) == 0:
                break
        leaf = path
        while len(leaf) < depth:  # the rollout is greedy by score
            leaf = max(kids(tree, leaf), key=lambda q: (tree[q]["score"], [-i for i in q]))
        for visited in way:
            n[visited] = n.get(visited, 0) + 1
            w[visited] = w.get(visited, 0) + tree[leaf]["gold"]
        trace.append([key(path), key(leaf), tree[leaf]["gold"]])
    best = max(trace, key=lambda entry: entry[2])
    first = kids(tree, ())
    return dict(root_visits=[n.get(q, 0) for q in first],
                root_mean=[round(w[q] / n[q], 12) if n.get(q) else None for q in first], first12=trace[:12],
                best_leaf_seen=best[1], best_value_seen=best[2])


optimum = max(LEAVES, key=lambda q: T[q]["gold"])
for selection, c in (("uct", math.sqrt(2)), ("uct", .5), ("puct", 1.0), ("puct", 2.5)):
    for simulations in (1, 3, 12, 50, 400):
        put("mcts", f"T34_7 {selection} c {c:.4g} sims {simulations}", tree="T34_7", selection=selection, c=c,
            simulations=simulations, priors="step score normalised over siblings" if selection == "puct" else None,
            rollout="greedy by score", ties="lowest index", optimum_leaf=key(optimum), optimum_value=T[optimum]["gold"],
            **mcts(T, 4, simulations, c, selection))
put("mcts-formula", "uct", visits=[3, 1, 6], total=[2.0, .5, 4.5], parent=10, c=math.sqrt(2),
    scores=[uct(total, visits, 10, math.sqrt(2)) for visits, total in ((3, 2.0), (1, .5), (6, 4.5))], chosen=1)
put("mcts-formula", "puct", visits=[3, 0, 6], total=[2.0, 0, 4.5], priors=[.2, .5, .3], parent=9, c=1.5,
    scores=[puct(total, visits, p, 9, 1.5) for visits, total, p in ((3, 2.0, .2), (0, 0, .5), (6, 4.5, .3))], chosen=1)


def refine(drafts, accepted, budget):
    seen = []
    for draft in drafts[:budget]:
        if draft in seen:
            return dict(answer=draft, calls=len(seen) + 1, reason="repeat")
        seen.append(draft)
        if draft in accepted:
            return dict(answer=draft, calls=len(seen), reason="accepted")
    return dict(answer=seen[-1], calls=len(seen), reason="budget")


def exact(value):
    return {"exact": str(value), "float": float(value)}


for drafts, accepted, budget in (("abcde", "c", 5), ("abcde", "z", 4), ("abab", "z", 9), ("a", "a", 1), ("aab", "b", 5),
                                 ("abcde", "e", 4)):
    put("self-refine", f"{drafts} accept {accepted} budget {budget}", drafts=list(drafts), accepted=list(accepted),
        budget=budget, **refine(list(drafts), list(accepted), budget))
for p, budget in ((Fraction(1, 4), 4), (Fraction(1, 2), 3), (Fraction(1, 10), 10)):
    put("self-refine", f"accept probability {p}, budget {budget}", p=str(p), budget=budget,
        expected_calls=exact(sum((1 - p) ** i for i in range(budget))),
        accepted_probability=exact(1 - (1 - p) ** budget))

target = pathlib.Path(__file__).parents[2] / "packages/sampling/test/vectors/searches.json"
target.write_text(json.dumps(OUT, indent=1, ensure_ascii=False) + "\n")
