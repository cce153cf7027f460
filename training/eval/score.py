"""Scores the pictures painted for jobs.py's prompts, beside real scenes of the same prompts, which show what the measures can see.

`python score.py MODEL_FOLDER DIR PICTURES.rgb OUT.md`
"""

import hashlib
import math
import random
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from diffusers import AutoencoderTiny

import classifier
import colours
import jobs

sys.path.append(str(Path(__file__).parents[1]))
import emoji
import scenes
from emoji import SIZE, Thing
from jobs import Job
from scenes import Item, Painter, Scene

VAE_SCENES = 200
REAL = 2000  # real scenes that guidance is compared with
FREE = 64  # real scenes for each of jobs.OPEN
SAME = 0.02  # root mean square between two pictures of 32×32 pixels (0…1) below which they are one picture
NEAR = 0.05  # few steps may name so many fewer


@dataclass(frozen=True)
class Seen:
    """What is measured in N pictures: for each the classifier's top 5 and features, its background, its dye, itself small."""

    top: list[list[str]]
    features: torch.Tensor
    background: list[str]
    dye: list[str]
    small: torch.Tensor


def paint(painter: Painter, drawn: list[Scene]) -> torch.Tensor:
    return torch.cat([painter.paint(drawn[i : i + 100]) for i in range(0, len(drawn), 100)])


def look(net: torch.nn.Sequential, classes: list[str], pictures: torch.Tensor) -> Seen:
    logits, features = classifier.judged(net, pictures)
    small = torch.cat([F.avg_pool2d(batch.float() / 255, 4).flatten(1) for batch in pictures.split(100)])
    return Seen(
        classifier.top(logits, classes),
        features,
        colours.backgrounds(pictures),
        [dye for dye, _ in colours.dyes(pictures)],
        small,
    )


# Rates


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a rate."""
    z, p = 1.96, right / of
    middle, half = p + z * z / (2 * of), z * (p * (1 - p) / of + z * z / (4 * of * of)) ** 0.5
    return (middle - half) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


def rate(hits: list[bool]) -> str:
    low, high = wilson(sum(hits), len(hits))
    return f"{sum(hits) / len(hits):.1%} ({sum(hits)} of {len(hits)}; {low:.0%}–{high:.0%})".replace("%", " %")


def row(what: str, target: float, hits: list[bool], real: list[bool]) -> list:
    """What | target | reached | whether it holds | real scenes."""
    return [what, f"≥ {100 * target:.0f} %", rate(hits), sum(hits) >= target * len(hits), rate(real)]


def of(asked: list[Job], kind: str) -> list[int]:
    return [i for i, job in enumerate(asked) if job.set == kind]


def named(seen: Seen, asked: list[Job], i: int) -> bool:
    """All things that the job asks for are in the top 5."""
    return set(asked[i].names) <= set(seen.top[i])


def table(head: list[str], rows: list[list]) -> str:
    return "\n".join(f"| {' | '.join(str(cell) for cell in line)} |" for line in [head, ["---"] * len(head), *rows])


def mixed_up(wanted: list[str], got: list[str]) -> str:
    """'red → brown 2×; red → pink 1×': what was measured where something else was asked for."""
    wrong = Counter((a, b) for a, b in zip(wanted, got) if a != b)
    return "; ".join(f"{a} → {b} {count}×" for (a, b), count in wrong.most_common()) or "none"


# The parts: rows of the table of targets, and details. All take the jobs, what is seen in the painted pictures and in the real ones.


@torch.no_grad()
def vae_psnr(model: Path, painter: Painter, things: list[Thing]) -> tuple[float, float]:
    """dB of scenes that no part has seen, there and back, in 8 bits: mean over the pictures, and the worst twentieth."""
    vae, rng = AutoencoderTiny.from_pretrained(model, subfolder="vae", torch_dtype=torch.float32), random.Random("vae")
    found = []
    for batch in paint(painter, [scenes.sample_once(things, rng) for _ in range(VAE_SCENES)]).split(20):
        back = vae.decode(vae.encode(batch / 127.5 - 1).latents).sample
        wrong = ((back + 1) * 127.5).round().clamp(0, 255) - batch
        found.append(10 * torch.log10(255**2 / wrong.square().mean(dim=(1, 2, 3)).clamp(min=1e-6)))
    return torch.cat(found).mean().item(), torch.cat(found).quantile(0.05).item()


def kernel(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """KID's, of features [N, D] and [M, D]."""
    return (a @ b.T / a.shape[1] + 1) ** 3


def distances(features: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """Kernel distance (squared MMD, unbiased at any count: Bińkowski et al. 2018) of N pictures to real ones, first of all N,
    then without each of them in turn: float64 [1 + N]."""
    features, real = features.double(), real.double()
    own, across = kernel(features, features).fill_diagonal_(0), kernel(features, real).mean(1)
    among, n = kernel(real, real).fill_diagonal_(0).sum() / (len(real) * (len(real) - 1)), len(features)
    whole = own.sum() / (n * (n - 1)) - 2 * across.mean()
    without = (own.sum() - 2 * own.sum(1)) / ((n - 1) * (n - 2)) - 2 * (across.sum() - across) / (n - 1)
    return torch.cat([whole[None], without]) + among


def jackknife(found: torch.Tensor) -> float:
    """Standard error of the first of `distances`."""
    without = found[1:]
    return ((len(without) - 1) * (without - without.mean()).square().mean()).sqrt().item()


def freely(noun: str, things: list[Thing], rng: random.Random) -> Scene:
    """A scene that training may show for `noun`."""
    steady = rng.random() < 0.6
    x, y, scale = (0, 0, 0.9) if steady else (rng.uniform(-0.05, 0.05), rng.uniform(-0.05, 0.05), rng.uniform(0.82, 0.96))
    return Scene((Item(rng.choice(jobs.called_so(noun, things)), 0, "", x, y, scale),), ("white",), "alone")


def pairwise(x: torch.Tensor) -> torch.Tensor:
    """Root mean square between every two rows of [N, D]."""
    return torch.pdist(x) / x.shape[1] ** 0.5


def things_named(asked: list[Job], painted: Seen, real: Seen) -> tuple[list[list], str]:
    hits = lambda seen, indices: [named(seen, asked, i) for i in indices]
    singles, pairs = of(asked, "singles"), of(asked, "pairs")
    rows = [
        row("single things in the top 5", 0.7, hits(painted, singles), hits(real, singles)),
        row("held-out pairs, both in the top 5", 0.5, hits(painted, pairs), hits(real, pairs)),
    ]
    for kind, colour, what in (("dyes", "dye", "recolourings"), ("backgrounds", "background", "backgrounds")):
        unseen = [i for i in of(asked, kind) if asked[i].unseen]
        both = lambda seen, unseen=unseen, colour=colour: [
            named(seen, asked, i) and getattr(seen, colour)[i] == asked[i].colour for i in unseen
        ]
        rows.append(row(f"held-out {what}, thing in the top 5 and colour right", 0.5, both(painted), both(real)))
    first = lambda seen: rate([seen.top[i][0] in asked[i].names for i in singles])
    either = rate([bool(set(asked[i].names) & set(painted.top[i])) for i in pairs])
    missed = ", ".join(asked[i].names[0] for i in singles if not named(painted, asked, i)) or "none"
    details = (
        f"Single things named first: {first(painted)}, in real scenes {first(real)}. At least one of a held-out pair: {either}."
    )
    return rows, f"{details}\n\nSingle things not in the top 5: {missed}."


def backgrounds_right(asked: list[Job], painted: Seen, real: Seen) -> tuple[list[list], str]:
    indices = of(asked, "backgrounds")
    hits = lambda seen, chosen: [seen.background[i] == asked[i].colour for i in chosen]
    shaded = [i for i in indices if asked[i].colour in colours.SHADES]
    wrong = mixed_up([asked[i].colour for i in indices], [painted.background[i] for i in indices])
    details = f"Light and dark backgrounds alone: {rate(hits(painted, shaded))}. Measured instead of what was asked for: {wrong}."
    return [row("background of the named colour", 0.9, hits(painted, indices), hits(real, indices))], details


def dyes_right(asked: list[Job], painted: Seen, real: Seen) -> tuple[list[list], str]:
    indices = of(asked, "dyes")
    hits = lambda seen, chosen: [seen.dye[i] == asked[i].colour for i in chosen]
    parts = {
        word: rate(hits(painted, [i for i in indices if asked[i].unseen == unseen]))
        for word, unseen in (("seen", False), ("held-out", True))
    }
    wrong = mixed_up([asked[i].colour for i in indices], [painted.dye[i] for i in indices])
    thing = rate([named(painted, asked, i) for i in indices])
    details = f"Seen combinations {parts['seen']}, held-out {parts['held-out']}; the thing in the top 5: {thing}. Measured instead: {wrong}."
    return [row("thing in the named colour", 0.6, hits(painted, indices), hits(real, indices))], details


def by_chance(before: list[bool], after: list[bool]) -> float:
    """McNemar's exact test, one-sided: of the pictures that differ in this between before and after, how likely so many or more
    would have lost it if losing and gaining were as likely."""
    lost, gained = (sum(a == had and b != had for a, b in zip(before, after)) for had in (True, False))
    return sum(math.comb(lost + gained, k) for k in range(lost, lost + gained + 1)) / 2 ** (lost + gained)


def removal(what: str, before: list[bool], after: list[bool]) -> list:
    """A row: pictures of the same prompts and seeds, without and with the negative prompt."""
    chance = by_chance(before, after)
    return [
        f"negative prompt removes a {what}",
        "by chance p < 0.01",
        f"{rate(before)} → {rate(after)}; p = {chance:.1g}",
        chance < 0.01,
        "–",
    ]


def negatives_work(asked: list[Job], painted: Seen, alone: Seen) -> tuple[list[list], str]:
    """`alone`: the first things of the pairs in real scenes, without the second ones."""
    indices = of(asked, "negatives")
    before, after = ([i for i in indices if asked[i].removed and bool(asked[i].negative) == with_it] for with_it in (False, True))
    there = lambda chosen: [asked[i].removed in painted.top[i] for i in chosen]
    stays = lambda chosen: rate([bool((set(asked[i].names) - {asked[i].removed}) & set(painted.top[i])) for i in chosen])
    floor = rate([asked[i].removed in top for i, top in zip(before, alone.top)])
    coloured = [i for i in indices if asked[i].colour and asked[i].negative]
    twin = {(asked[i].prompt, asked[i].seed): i for i in [*of(asked, "diversity"), *indices] if not asked[i].negative}
    has = lambda chosen: [painted.dye[i] == asked[j].colour for i, j in zip(chosen, coloured)]
    twins = [twin[asked[i].prompt, asked[i].seed] for i in coloured]
    open_colour = [asked[i].names[0] in jobs.OPEN_COLOURS for i in coloured]
    part = lambda hits, is_open: rate([hit for hit, o in zip(hits, open_colour) if o == is_open])
    still = lambda chosen: rate([named(painted, asked, i) for i in chosen])
    rows = [
        removal("thing (“a cat and a dog”, negative “a dog”: in the top 5)", there(before), there(after)),
        removal("colour (“a crocodile”, negative “green”: what is seen has it)", has(twins), has(coloured)),
    ]
    return rows, (
        f"Of a pair's things the one that stays is in the top 5 in {stays(before)}, with the negative prompt in {stays(after)}. The "
        f"classifier sees the other in real scenes without it in {floor}.\n\nColours: things of one colour by nature "
        f"{part(has(twins), False)} → {part(has(coloured), False)}; “{'”, “'.join(jobs.OPEN_COLOURS)}”, whose colour is open, "
        f"{part(has(twins), True)} → {part(has(coloured), True)}. The thing itself is in the top 5 in {still(twins)}, then in {still(coloured)}."
    )


def guidance_chosen(asked: list[Job], painted: Seen, real: Seen, ordinary: torch.Tensor, normal) -> tuple[list[list], str]:
    """`ordinary`: features of REAL scenes as training draws them, made normal."""
    at = {g: [i for i in of(asked, "guidance") if asked[i].guidance == g] for g in jobs.GUIDANCES}
    found = {g: distances(normal(painted.features[indices]), ordinary) for g, indices in at.items()}
    best, default = min(found, key=lambda g: found[g][0]), jobs.default_guidance()
    said = lambda distance: f"{distance[0]:.3f} ± {jackknife(distance):.3f}"
    rows = [[f"{g:g}", said(found[g]), said(found[g] - found[best]), rate([named(painted, asked, i) for i in at[g]])] for g in at]
    own = at[jobs.GUIDANCES[0]]
    floor = distances(normal(real.features[own]), ordinary)
    rows.append(["real scenes", said(floor), "", rate([named(real, asked, i) for i in own])])
    close = [g for g in at if found[g][0] - found[best][0] <= jackknife(found[g] - found[best])]
    reached = f"least at {best:g}; no worse within its error: {', '.join(f'{g:g}' for g in close)}; the default is {default:g}"
    head = ["guidance", "distance to real scenes", "more than the least", "all things in the top 5"]
    return [["guidance of the least distance is the default", "within its error", reached, default in close, "–"]], table(
        head, rows
    )


def diversity_kept(asked: list[Job], painted: Seen, free: dict[str, Seen], normal) -> tuple[list[list], str]:
    """`free`: real scenes for each of jobs.OPEN."""
    rows, ratios = [], []
    for noun, real in free.items():
        own = [i for i in of(asked, "diversity") if asked[i].prompt == scenes.article(noun)]
        both = ((painted.features[own], painted.small[own]), (real.features, real.small))
        mine, theirs = ([pairwise(normal(features)), pairwise(small)] for features, small in both)
        ratios.append([(a.mean() / b.mean()).item() for a, b in zip(mine, theirs)])
        same, of_real = mine[1] < SAME, (theirs[1] < SAME).float().mean()
        rows.append(
            [scenes.article(noun), *(f"{r:.2f}" for r in ratios[-1]), f"{same.sum()} of {len(same)}", f"{100 * of_real:.0f} %"]
        )
    features, pixels = (sum(r) / len(ratios) for r in zip(*ratios))
    rows.append(["mean", f"{features:.2f}", f"{pixels:.2f}", "", ""])
    reached = f"{features:.2f} in features, {pixels:.2f} in pixels"
    head = ["prompt", "in features", "in pixels", "pairs that are one picture", "of real pairs"]
    what = f"distance between {jobs.SEEDS} seeds ÷ between real scenes of the same words"
    return [[what, "≥ 0.50", reached, min(features, pixels) >= 0.5, "1"]], table(head, rows)


def few_steps_near(asked: list[Job], painted: Seen, real: Seen, normal) -> tuple[list[list], str]:
    rows, lines = [], []
    for kind, what, found in (("singles", "single things", " in the top 5"), ("pairs", "held-out pairs", ", both in the top 5")):
        few = of(asked, f"few steps, {kind}")
        usual = of(asked, kind)[: len(few)]
        hits = lambda indices: [named(painted, asked, i) for i in indices]
        distance = lambda indices: distances(normal(painted.features[indices]), normal(real.features[indices]))
        near = sum(hits(few)) >= sum(hits(usual)) - NEAR * len(few)
        rows.append(
            [
                f"{what}{found}, in {jobs.FEW_STEPS} steps",
                f"{100 * NEAR:.0f} points less at most",
                f"{rate(hits(usual))} → {rate(hits(few))}",
                near,
                "–",
            ]
        )
        said = [f"{d[0]:.3f} ± {jackknife(d):.3f}" for d in map(distance, (usual, few))]
        lines.append([what, *said])
    return rows, table(["", "distance in the app's steps", f"in {jobs.FEW_STEPS}"], lines)


def main() -> None:
    model, folder, file, out = map(Path, sys.argv[1:])
    sprites, things = emoji.load(folder)
    painter, asked = Painter(sprites), jobs.build(sprites, things)
    net, classes, accuracies = classifier.load(folder)
    see = lambda drawn: look(net, classes, paint(painter, drawn))
    pictures = torch.from_numpy(np.fromfile(file, np.uint8)).view(len(asked), SIZE, SIZE, 3).permute(0, 3, 1, 2).contiguous()
    painted, real = look(net, classes, pictures), see([job.scene for job in asked])
    rng = random.Random("real")
    ordinary = see([scenes.sample(things, rng) for _ in range(REAL)]).features
    normal = lambda features: (features - ordinary.mean(0)) / (ordinary.std(0) + 1e-6)
    alone = see([jobs.alone(job.scene.items[0].thing) for job in asked if job.removed and not job.negative])
    free = {noun: see([freely(noun, things, rng) for _ in range(FREE)]) for noun in jobs.OPEN}
    psnr, worst = vae_psnr(model, painter, things)

    parts = {
        "Things": things_named(asked, painted, real),
        "Backgrounds": backgrounds_right(asked, painted, real),
        "Recolouring": dyes_right(asked, painted, real),
        "Negative prompts": negatives_work(asked, painted, alone),
        "Guidance": guidance_chosen(asked, painted, real, normal(ordinary), normal),
        "Diversity": diversity_kept(asked, painted, free, normal),
        "Few steps": few_steps_near(asked, painted, real, normal),
    }
    rows = [["autoencoder, PSNR of unseen scenes", "≥ 28 dB", f"{psnr:.2f} dB", psnr >= 28, "–"]]
    rows += [line for lines, _ in parts.values() for line in lines]
    out.write_text(report(model, len(asked), rows, parts, accuracies, worst))
    print(out.read_text())


def report(
    model: Path, count: int, rows: list[list], parts: dict[str, tuple[list[list], str]], accuracies: dict, worst: float
) -> str:
    holds = [[what, target, reached, "yes" if ok else "**no**", real] for what, target, reached, ok, real in rows]
    judge = "; ".join(
        f"{kind} {rate([True] * right + [False] * (of_all - right))}" for kind, (right, of_all) in accuracies.items()
    )
    files = [
        [path.relative_to(model), f"`{hashlib.sha256(path.read_bytes()).hexdigest()[:16]}`"]
        for path in sorted(model.rglob("*.safetensors"))
    ]
    notes = {
        "Backgrounds": f"The nearest of {len(colours.BACKGROUNDS)} names, in Lab, to the median of the outermost {colours.FRAME} pixels.\n\n",
        "Recolouring": "The dye, in its light and shade, that most pixels of the thing are nearest to in Lab; black where few have a hue. No "
        "thing is asked for in the colour that it has by nature: an unchanged one is never right.\n\n",
        "Guidance": "Kernel distance (KID: squared MMD with its cubic kernel, unbiased at any count) of the classifier's features, each "
        f"scaled by its spread, between {jobs.GUIDANCE_PROMPTS} pictures of captions drawn as training draws them and {REAL} real scenes; "
        "± is the jackknife's standard error.\n\n",
        "Diversity": f"Mean distance between two of {jobs.SEEDS} seeds, as a share of that between two of {FREE} real scenes that training "
        "shows for the words.\n\n",
        "Few steps": f"{jobs.FEW_STEPS} steps at guidance {jobs.FEW_GUIDANCE:g} of the same prompts and seeds. Kernel distance as above, to real "
        "scenes of the same prompts: below zero, because they are the same things on both sides.\n\n",
    }
    details = "\n\n".join(f"## {name}\n\n{notes.get(name, '')}{text}" for name, (_, text) in parts.items())
    return f"""# What Trinket can do, measured

Written by `training/eval/run.sh MODEL_FOLDER DIR`: {count} pictures of fixed prompts and seeds, painted by the app's own pipeline with its
default settings (guidance {jobs.default_guidance():g}). Intervals are 95 % (Wilson). “Real scenes” is what the same measure says of real
scenes of the same prompts, composed from the emoji themselves: the most that can be reached.

{table(["what", "target", "reached", "holds", "real scenes"], holds)}

The classifier, all of a fresh real scene's things in its top 5: {judge}. The autoencoder's worst twentieth: below {worst:.2f} dB.

{details}

## The files measured

{table(["file", "SHA-256"], files)}
"""


if __name__ == "__main__":
    main()
