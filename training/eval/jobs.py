"""What the evaluation asks for: fixed prompts and seeds, each with the real scene that would be its right answer.

`python jobs.py DIR OUT PARTS` writes what paint.mjs reads, OUT-0.json and so on, for as many painters at a time; `build` gives
the same jobs in the same order to score.py.
"""

import json
import random
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import colours

sys.path.append(str(Path(__file__).parents[1]))
import emoji
import scenes
from emoji import Thing
from scenes import Item, Scene

SINGLES, PAIRS, GROUNDS, DYES = 300, 100, 100, 100  # half of GROUNDS and of DYES are held-out combinations
REMOVED_THINGS, OWN_COLOURS = 35, 30  # each painted with and without its negative prompt
GUIDANCE_PROMPTS, GUIDANCES = 60, (1, 2, 2.5, 3, 4, 5, 6, 8)
FEW_STEPS, FEW_GUIDANCE, FEW = 4, 2, 100  # singles and pairs each, once more in few steps
# Words that leave something open: a colour, or which thing it is.
OPEN, SEEDS = ("heart", "circle", "square", "book", "cake", "brush", "bag", "lock"), 16
# Of these the colour is open. Their pictures in `diversity` are those before the negative prompt.
OPEN_COLOURS = {
    **dict.fromkeys(("heart", "circle", "square"), ("red", "blue", "yellow", "green")),
    "book": ("blue", "green", "orange"),
}
MODELS = Path(__file__).parents[2] / "src/catalog/models.ts"
PLAIN = dict(x=0, y=0, scale=0.9)


@dataclass(frozen=True)
class Job:
    """A prompt, the scene it asks for, the names of the things in that. `colour`: of the background in `backgrounds`, of the
    thing in `dyes`, the removed one in `negatives`; `removed`: the thing that a negative prompt removes; `unseen`: training
    never saw the combination; `steps`: 0 for the app's own."""

    set: str
    prompt: str
    scene: Scene
    names: list[str]
    seed: int
    guidance: float
    negative: str = ""
    colour: str = ""
    removed: str = ""
    unseen: bool = False
    steps: int = 0


def default_guidance() -> float:
    """The app's own for Trinket."""
    return float(re.search(r"trinket: \{.*?guidanceScale: ([\d.]+)", MODELS.read_text(), re.DOTALL)[1])


def names(scene: Scene, things: list[Thing]) -> list[str]:
    """What is to be seen in it."""
    return sorted({things[item.thing].name for item in scene.items})


def alone(thing: int, dye: str = "", background: str = "white") -> Scene:
    return Scene((Item(thing, 0, dye, **PLAIN),), (background,), "alone")


def side_by_side(first: int, second: int, layout: str) -> Scene:
    at = [(0, -0.49), (0, 0.49)] if layout == "above" else [(-0.49, 0), (0.49, 0)]
    return Scene(tuple(Item(thing, 0, "", x, y, 0.47) for thing, (x, y) in zip((first, second), at)), ("white",), layout)


def spread(options: list, count: int) -> list:
    """`count` of them, each as often as any other."""
    return [options[i % len(options)] for i in range(count)]


def singles(things: list[Thing], rng: random.Random) -> list[Scene]:
    """Different names; of things with one name any."""
    by_name = {}
    for i in rng.sample(range(len(things)), len(things)):
        by_name[things[i].name] = i
    return [alone(i) for i in rng.sample(list(by_name.values()), SINGLES)]


def noun_phrase(name: str) -> str:
    return name if scenes.is_plural(name) else scenes.article(name)


def until(wanted, draw):
    """The first draw that is wanted."""
    while not wanted(drawn := draw()):
        pass
    return drawn


def pair(things: list[Thing], rng: random.Random, layout: str, unseen: bool) -> Scene:
    fits = lambda scene: len(names(scene, things)) == 2 and scenes.is_unseen(scene, things) == unseen
    return until(fits, lambda: side_by_side(rng.randrange(len(things)), rng.randrange(len(things)), layout))


def grounds(things: list[Thing], rng: random.Random) -> list[Scene]:
    colour = [name for name in colours.BACKGROUNDS if name != "white"]
    draw = lambda name, unseen: until(
        lambda s: scenes.is_unseen(s, things) == unseen, lambda: alone(rng.randrange(len(things)), background=name)
    )
    return [draw(name, i % 2 == 0) for i, name in enumerate(spread(rng.sample(colour, len(colour)), GROUNDS))]


def recoloured(things: list[Thing], own: list[tuple[str, float]], rng: random.Random) -> list[Scene]:
    """Never in the colour that the thing has anyhow."""
    fits = lambda scene, unseen: own[scene.items[0].thing][0] != scene.items[0].dye and scenes.is_unseen(scene, things) == unseen
    plain = [i for i, thing in enumerate(things) if not thing.colour]
    draw = lambda dye, unseen: until(lambda s: fits(s, unseen), lambda: alone(rng.choice(plain), dye))
    return [draw(dye, i // len(scenes.DYES) % 2 == 0) for i, dye in enumerate(spread(list(scenes.DYES), DYES))]


def called_so(noun: str, things: list[Thing]) -> list[int]:
    return [i for i, thing in enumerate(things) if noun == thing.name or noun in thing.synonyms]


def negatives(things: list[Thing], own: list[tuple[str, float]], rng: random.Random, guidance: float) -> list[Job]:
    """Each pair with and without a negative prompt for the second thing; things of one colour with and without one for that;
    what may have several colours, with one (without: `diversity`)."""
    jobs = []
    for seed in range(REMOVED_THINGS):
        scene = pair(things, rng, "beside", False)
        first, second = (noun_phrase(things[item.thing].name) for item in scene.items)
        removed = things[scene.items[1].thing].name
        for negative in ("", second):
            jobs.append(
                Job("negatives", f"{first} and {second}", scene, names(scene, things), seed, guidance, negative, removed=removed)
            )
    one_colour = [i for i, (colour, share) in enumerate(own) if colour in colours.HUES and share > 0.8 and not things[i].colour]
    for seed, thing in enumerate(rng.sample(one_colour, OWN_COLOURS)):
        for negative in ("", own[thing][0]):
            jobs.append(
                Job(
                    "negatives",
                    noun_phrase(things[thing].name),
                    alone(thing),
                    [things[thing].name],
                    seed,
                    guidance,
                    negative,
                    own[thing][0],
                )
            )
    for noun, colour in OPEN_COLOURS.items():
        scene = alone(called_so(noun, things)[0])
        jobs += [
            Job("negatives", scenes.article(noun), scene, [noun], i, guidance, c, c)
            for i, c in enumerate(spread(list(colour), SEEDS))
        ]
    return jobs


def at_guidances(things: list[Thing], rng: random.Random) -> list[Job]:
    """Prompts drawn as training draws them, so that its scenes are the real pictures to compare with."""
    drawn = [scenes.sample(things, rng) for _ in range(GUIDANCE_PROMPTS)]
    said = [scenes.caption(scene, things, rng) for scene in drawn]
    return [
        Job("guidance", text, scene, names(scene, things), i, g)
        for g in GUIDANCES
        for i, (text, scene) in enumerate(zip(said, drawn))
    ]


def build(sprites, things: list[Thing]) -> list[Job]:
    guidance = default_guidance()
    own = colours.dyes(scenes.Painter(sprites).paint([alone(i) for i in range(len(things))]))
    rng = random.Random(2022)

    drawn = {
        "singles": singles(things, rng),
        "pairs": [pair(things, rng, "above" if i % 4 == 0 else "beside", True) for i in range(PAIRS)],
        "backgrounds": grounds(things, rng),
        "dyes": recoloured(things, own, rng),
    }
    jobs = []
    for kind, asked in drawn.items():
        for seed, scene in enumerate(asked):
            colour = {"backgrounds": scene.background[0], "dyes": scene.items[0].dye}.get(kind, "")
            text = scenes.caption(scene, things, rng, plain=True)
            jobs.append(
                Job(
                    kind, text, scene, names(scene, things), seed, guidance, colour=colour, unseen=scenes.is_unseen(scene, things)
                )
            )
    jobs += negatives(things, own, rng, guidance)
    jobs += at_guidances(things, rng)
    for noun in OPEN:
        any_of_them = called_so(noun, things)
        called = sorted({things[i].name for i in any_of_them})
        jobs += [Job("diversity", scenes.article(noun), alone(any_of_them[0]), called, seed, guidance) for seed in range(SEEDS)]
    for kind in ("singles", "pairs"):
        again = [job for job in jobs if job.set == kind][:FEW]
        jobs += [replace(job, set=f"few steps, {kind}", guidance=FEW_GUIDANCE, steps=FEW_STEPS) for job in again]
    return jobs


def as_paint_reads(job: Job) -> dict:
    asked = {"prompt": job.prompt, "negativePrompt": job.negative, "seed": job.seed, "guidanceScale": job.guidance}
    return {**asked, "numInferenceSteps": job.steps} if job.steps else asked


if __name__ == "__main__":
    folder, out, parts = sys.argv[1:]
    asked = [as_paint_reads(job) for job in build(*emoji.load(Path(folder)))]
    length = -(-len(asked) // int(parts))
    for i in range(int(parts)):
        Path(f"{out}-{i}.json").write_text(json.dumps(asked[i * length : (i + 1) * length], indent=0))
