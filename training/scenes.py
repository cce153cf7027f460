"""Scenes of one to four things with true captions: what Trinket is taught.

A scene is sampled (`sample`), drawn from the cut-outs (`Painter`) and said in words (`caption`): which things, their
colour, style, size, place and turn, and what lies behind them. Whatever a caption leaves out has its usual value (a thing
alone, large, upright, in its own colours, in 3D, on white), so that a plain prompt gets a plain picture.
"""

import random
import zlib
from dataclasses import dataclass

import torch
import torch.nn.functional as F

import emoji
from emoji import SIZE, Thing

# sRGB, 0…255.
RGB = {
    "red": (222, 45, 45),
    "orange": (245, 135, 30),
    "yellow": (250, 210, 50),
    "green": (65, 175, 75),
    "blue": (50, 115, 230),
    "purple": (135, 70, 200),
    "pink": (248, 140, 185),
    "brown": (130, 85, 55),
    "black": (28, 28, 32),
    "white": (255, 255, 255),
    "grey": (150, 150, 155),
}
BACKGROUNDS = tuple(RGB)
SHADED = ("red", "orange", "green", "blue", "purple", "pink")  # those that "light" and "dark" are said of
DYES = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "black")
PLACES = {
    "top left": (-1, -1),
    "top": (0, -1),
    "top right": (1, -1),
    "left": (-1, 0),
    "right": (1, 0),
    "bottom left": (-1, 1),
    "bottom": (0, 1),
    "bottom right": (1, 1),
}
TURNS = {"upside down": 180, "tilted left": -35, "tilted right": 35}
NUMBERS = {2: "two", 3: "three", 4: "four"}
SPOTS = {
    2: ((-0.49, 0), (0.49, 0)),
    3: ((0, -0.49), (-0.49, 0.49), (0.49, 0.49)),
    4: ((-0.49, -0.49), (0.49, -0.49), (-0.49, 0.49), (0.49, 0.49)),
}
STYLE_WORDS = {"3d": ("3d",), "flat": ("flat",)}
SIDE_BY_SIDE = ("and", "next to", "beside", "with", "to the left of")
STACKED = ("above", "on top of", "over")


@dataclass(frozen=True)
class Item:
    """One thing where it stands: centre in [-1, 1] of the picture, scale 1 = as wide as it, degrees clockwise; its dye,
    or "" for its own colours."""

    thing: int
    style: int
    dye: str
    x: float
    y: float
    scale: float
    degrees: float = 0


@dataclass(frozen=True)
class Scene:
    """Items from left to right or from top to bottom; one background colour, or two from top to bottom; the words that
    say what is unusual in it ("" for nothing)."""

    items: tuple[Item, ...]
    background: tuple[str, ...]
    layout: str  # alone, beside, above, three (one above two), several (of one thing)
    size: str = ""
    place: str = ""
    turn: str = ""


def held_out(*words: str) -> bool:
    """One combination in ten, the same ones for ever, is kept from training."""
    return zlib.crc32("|".join(words).encode()) % 10 == 0


def combinations(scene: Scene, things: list[Thing]) -> list[tuple[str, ...]]:
    """What in a scene can be held out: pairs of things, a thing and its dye, a thing and its background."""
    names = sorted({things[item.thing].name for item in scene.items})
    pairs = [("pair", a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    dyes = [("dye", item.dye, things[item.thing].name) for item in scene.items if item.dye]
    grounds = [
        ("background", *scene.background, things[item.thing].name) for item in scene.items if scene.background != ("white",)
    ]
    return pairs + dyes + grounds


def is_unseen(scene: Scene, things: list[Thing]) -> bool:
    """Whether something in it is held out."""
    return any(held_out(*words) for words in combinations(scene, things))


def sample_background(rng: random.Random, coloured: float) -> tuple[str, ...]:
    if rng.random() >= coloured:
        return ("white",)

    def one() -> str:
        name = rng.choice(BACKGROUNDS)
        return f"{rng.choice(('light', 'dark'))} {name}" if name in SHADED and rng.random() < 0.15 else name

    top, bottom = one(), one()
    return (top, bottom) if top != bottom and rng.random() < 0.25 else (top,)


def sample_once(things: list[Thing], rng: random.Random) -> Scene:
    jitter = lambda amount: rng.uniform(-amount, amount)
    style = 1 if rng.random() < 0.12 else 0
    layout = rng.choices(("alone", "beside", "above", "three", "several"), (0.5, 0.2, 0.09, 0.1, 0.11))[0]
    background = sample_background(rng, 0.4 if layout == "alone" else 0.35)

    def item(x: float, y: float, scale: float, degrees: float = 0) -> Item:
        chosen = rng.randrange(len(things))
        # A thing named by its colour is another thing in another colour: there are hearts of eleven.
        dyes = [dye for dye in DYES if dye not in background and not things[chosen].colour]
        return Item(chosen, style, rng.choice(dyes) if dyes and rng.random() < 0.18 else "", x, y, scale, degrees)

    if layout == "alone":
        kind = rng.random()
        if kind < 0.62:
            steady = rng.random() < 0.6
            return Scene(
                (item(0, 0, 0.9) if steady else item(jitter(0.05), jitter(0.05), rng.uniform(0.82, 0.96)),), background, layout
            )
        if kind < 0.8:
            scale, place = rng.uniform(0.43, 0.51), rng.choice((*PLACES, "", ""))
            x, y = PLACES.get(place, (0, 0))
            room = 0.92 - scale
            return Scene((item(x * room + jitter(0.04), y * room + jitter(0.04), scale),), background, layout, "small", place)
        if kind < 0.84:
            return Scene((item(jitter(0.1), jitter(0.1), rng.uniform(1.15, 1.3)),), background, layout, "big")
        turn = rng.choice(tuple(TURNS))
        return Scene((item(0, 0, 0.78, TURNS[turn] + jitter(5)),), background, layout, turn=turn)
    scale = lambda: rng.uniform(0.44, 0.49)
    if layout in ("beside", "above"):
        at = [(jitter(0.08), side * 0.49) if layout == "above" else (side * 0.49, jitter(0.2)) for side in (-1, 1)]
    else:
        at = [(x + jitter(0.03), y + jitter(0.03)) for x, y in SPOTS[3 if layout == "three" else rng.choice((2, 3, 4))]]
    if layout == "several":
        first = item(0, 0, 0)
        return Scene(tuple(Item(first.thing, style, first.dye, x, y, scale()) for x, y in at), background, layout)
    return Scene(tuple(item(x, y, scale()) for x, y in at), background, layout)


def is_repeated(scene: Scene) -> bool:
    """Whether one thing stands in it twice where different ones are meant."""
    return scene.layout != "several" and len({item.thing for item in scene.items}) < len(scene.items)


def sample(things: list[Thing], rng: random.Random) -> Scene:
    """A scene of training: one in which nothing is held out."""
    while True:
        scene = sample_once(things, rng)
        if not is_repeated(scene) and not is_unseen(scene, things):
            return scene


def article(words: str) -> str:
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def is_plural(name: str) -> bool:
    return name.endswith("s") and not name.endswith("ss")


def plural(name: str) -> str:
    if is_plural(name):
        return name
    if name.endswith(("ss", "x", "ch", "sh")):
        return name + "es"
    return name[:-1] + "ies" if name.endswith("y") and name[-2] not in "aeiou" else name + "s"


def called(item: Item, things: list[Thing], rng: random.Random, before: str = "", number: int = 1, plain: bool = False) -> str:
    """One item as a noun phrase: "a small purple dog", "three apples"; `plain` by its name alone."""
    thing = things[item.thing]
    dice = 1 if plain else rng.random()
    others = thing.synonyms if dice < 0.12 else thing.kinds if dice < 0.26 else ()
    name = rng.choice(others or (thing.name,))
    colour = item.dye or (thing.colour if rng.random() < 0.9 else "")
    style = emoji.STYLES[item.style]
    said = rng.choice(STYLE_WORDS[style]) if style != "3d" or rng.random() < 0.03 else ""
    words = " ".join(w for w in (before, said, colour, plural(name) if number > 1 else name) if w)
    if number > 1:
        return f"{NUMBERS[number]} {words}"
    return words if is_plural(name) or rng.random() < 0.3 else article(words)


def caption(scene: Scene, things: list[Thing], rng: random.Random, plain: bool = False) -> str:
    """One way a person might ask for this picture; `plain` with names alone, as the evaluation asks."""
    items = scene.items
    call = lambda i, **more: called(items[i], things, rng, plain=plain, **more)
    if scene.layout == "alone":
        size = "tiny" if scene.size == "small" and rng.random() < 0.2 else scene.size
        before = "upside-down" if scene.turn == "upside down" and rng.random() < 0.5 else size
        text = call(0, before=before)
        if scene.turn and before != "upside-down":
            text += f" {scene.turn}" if rng.random() < 0.6 else f", {scene.turn}"
        if scene.place:
            corner = " corner" if " " in scene.place and rng.random() < 0.4 else ""
            side = (
                "at"
                if scene.place in ("top", "bottom")
                else rng.choice(("on", "at"))
                if " " not in scene.place
                else rng.choice(("in", "at"))
            )
            text += rng.choice((f" {side} the {scene.place}{corner}", f", {scene.place}"))
    elif scene.layout == "beside":
        word = rng.choice(SIDE_BY_SIDE)
        text = f"{call(0)} {word} {call(1)}" if rng.random() < 0.88 else f"{call(1)} to the right of {call(0)}"
    elif scene.layout == "above":
        text = (
            f"{call(0)} {rng.choice(STACKED)} {call(1)}"
            if rng.random() < 0.7
            else f"{call(1)} {rng.choice(('below', 'under'))} {call(0)}"
        )
    elif scene.layout == "three":
        text = f"{call(0)}, {call(1)}{rng.choice((' and', ', and', ','))} {call(2)}"
    else:
        text = call(0, number=len(items))
    if scene.background == ("white",):
        return text + (rng.choice((" on a white background", ", white background")) if rng.random() < 0.05 else "")
    if len(scene.background) == 2:
        top, bottom = scene.background
        words = f"{top} to {bottom}"
        return text + rng.choice((f" on {article(words)} gradient", f", {words} gradient", f" on {article(words)} background"))
    (colour,) = scene.background
    return text + rng.choice(
        (f" on {article(colour)} background", f" on {article(colour)} background", f", {colour} background", f" on {colour}")
    )


def background_rgb(name: str) -> torch.Tensor:
    """float32 [3] in 0…1."""
    shade, _, colour = name.rpartition(" ")
    rgb = torch.tensor(RGB[colour]) / 255
    return rgb.lerp(torch.ones(3), 0.6) if shade == "light" else rgb * 0.45 if shade == "dark" else rgb


def toned(dye: torch.Tensor, tone: torch.Tensor) -> torch.Tensor:
    """A colour in shadow (tone below 1) and in light (above)."""
    return torch.where(tone < 1, dye * (0.2 + 0.8 * tone), dye.lerp(torch.ones_like(dye), ((tone - 1) * 0.7).clamp(0, 0.7)))


def dyed(rgba: torch.Tensor, dye: torch.Tensor) -> torch.Tensor:
    """Cut-outs [N, 4, S, S] (0…1, alpha not multiplied in) in the colours [N, 3]: what is coloured takes the dye in its own
    light and shade, white eyes and black outlines stay; where nearly nothing is coloured the greys take it."""
    rgb, alpha = rgba[:, :3], rgba[:, 3:]
    light = (rgb * torch.tensor([0.299, 0.587, 0.114], device=rgb.device)[:, None, None]).sum(1, keepdim=True)
    mean = lambda x: x.mean(dim=(1, 2, 3), keepdim=True)
    takes = ((rgb.amax(1, keepdim=True) - rgb.amin(1, keepdim=True)) * 4).clamp(0, 1)
    greys = (1 - ((light - 0.5) * 2.1) ** 4).clamp(0, 1)
    colourless = mean(takes * alpha) < 0.45 * mean(alpha)
    takes = torch.where(colourless, torch.maximum(takes, greys), takes)
    usual = mean(light * takes * alpha) / (mean(takes * alpha) + 1e-4)
    tone = light / (usual + 1e-3)
    return torch.cat([rgb.lerp(toned(dye[:, :, None, None], tone).clamp(0, 1), takes), alpha], 1)


class Painter:
    """Draws scenes from the cut-outs uint8 [N, STYLES, S, S, 4], on whatever device."""

    def __init__(self, sprites, device: str = "cpu"):
        self.device = device
        self.sprites = torch.from_numpy(sprites).permute(0, 1, 4, 2, 3).contiguous().to(device)

    def cut_outs(self, items: list[Item]) -> torch.Tensor:
        """float32 [N, 4, S, S], dyed, alpha multiplied in."""
        index = torch.tensor([[item.thing, item.style] for item in items], device=self.device)
        rgba = self.sprites[index[:, 0], index[:, 1]].float() / 255
        with_dye = [i for i, item in enumerate(items) if item.dye]
        if with_dye:
            colours = torch.tensor([RGB[items[i].dye] for i in with_dye], device=self.device) / 255
            rgba[with_dye] = dyed(rgba[with_dye], colours)
        rgba[:, :3] *= rgba[:, 3:]
        return rgba

    def placed(self, items: list[Item]) -> torch.Tensor:
        """float32 [N, 4, S, S], each where it stands."""
        out = torch.zeros(len(items), 4, SIZE, SIZE, device=self.device)
        cut_outs = self.cut_outs(items)
        # Halved first, as often as it will be shrunk, else grid_sample skips pixels.
        for halvings, lowest, highest in ((0, 0.7, 9), (1, 0.36, 0.7), (2, 0, 0.36)):
            chosen = [i for i, item in enumerate(items) if lowest <= item.scale < highest]
            if not chosen:
                continue
            place = torch.tensor([[items[i].x, items[i].y, items[i].scale, items[i].degrees] for i in chosen], device=self.device)
            angle = torch.deg2rad(place[:, 3])
            cos, sin = angle.cos() / place[:, 2], angle.sin() / place[:, 2]
            theta = torch.stack([torch.stack([cos, sin], 1), torch.stack([-sin, cos], 1)], 1)
            theta = torch.cat([theta, -theta @ place[:, :2, None]], 2)
            grid = F.affine_grid(theta, [len(chosen), 4, SIZE, SIZE], align_corners=False)
            source = F.avg_pool2d(cut_outs[chosen], 2**halvings) if halvings else cut_outs[chosen]
            out[chosen] = F.grid_sample(source, grid, align_corners=False)
        return out

    def paint(self, scenes: list[Scene]) -> torch.Tensor:
        """uint8 [N, 3, S, S]."""
        ends = torch.stack([torch.stack([background_rgb(s.background[0]), background_rgb(s.background[-1])]) for s in scenes]).to(
            self.device
        )
        ramp = torch.linspace(0, 1, SIZE, device=self.device)[None, None, :, None]
        canvas = ends[:, 0, :, None, None].lerp(ends[:, 1, :, None, None], ramp).expand(-1, -1, -1, SIZE).clone()
        for slot in range(max(len(s.items) for s in scenes)):
            having = [i for i, s in enumerate(scenes) if len(s.items) > slot]
            layer = self.placed([scenes[i].items[slot] for i in having])
            canvas[having] = canvas[having] * (1 - layer[:, 3:]) + layer[:, :3]
        return (canvas * 255).round().clamp(0, 255).to(torch.uint8)
