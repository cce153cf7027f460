"""The pictures of docs/trinket.md: `python sheets.py DIR` paints what they show with the app's own pipeline (eval/paint.mjs,
Node) into DIR/sheets, and lays it out in docs/trinket. Cut off, it goes on where it was; a new model is painted from the start.

Half of the contact sheet are combinations that were kept from training (`scenes.held_out`).
"""

import argparse
import json
import random
import subprocess
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

import emoji
import scenes
from emoji import SIZE, Thing
from scenes import Scene

ROOT = Path(__file__).parent.parent
OUT = ROOT / "docs" / "trinket"
STEPS = 20
# Of scenes that are unusual in just these ways: how many of them as training has them, how many held out.
WANTED = {
    (): (8, 0),
    ("flat",): (4, 0),
    ("turned",): (2, 0),
    ("placed",): (4, 0),
    ("number",): (4, 0),
    ("background",): (2, 5),
    ("gradient",): (1, 3),
    ("dye",): (2, 6),
    ("background", "dye"): (1, 4),
    ("background", "placed"): (0, 2),
    ("pair",): (2, 5),
    ("three",): (1, 1),
    ("dye", "pair"): (0, 2),
    ("background", "pair"): (0, 2),
    ("dye", "number"): (1, 2),
}
LONGEST = 46  # characters of a prompt that fit under its picture
SWEEP = ("a purple dog on a yellow background", "a cat next to a pizza", "a rocket on a dark blue background")
GUIDANCES = (1.5, 3, 8)
FILMS = ("a red apple", "a purple dog on a yellow background")
FRAMES = range(1, STEPS, 2)  # every second step, the last among them
DRAWN, STRENGTH, SEEDS = "a house", 0.6, range(9)

GAP, LINE = 12, 17
FONT = ImageFont.load_default(13)
HEADING = ImageFont.load_default(17)


def unusual(scene: Scene) -> tuple[str, ...]:
    """In which ways a scene is more than one thing, large, in its own colours, in 3D, on white; in alphabetical order."""
    layout = {"beside": "pair", "above": "pair", "three": "three", "several": "number"}
    ways = {
        "flat": any(item.style for item in scene.items),
        "dye": any(item.dye for item in scene.items),
        "background": len(scene.background) == 1 and scene.background != ("white",),
        "gradient": len(scene.background) == 2,
        "placed": bool(scene.size or scene.place),
        "turned": bool(scene.turn),
        layout.get(scene.layout, ""): scene.layout in layout,
    }
    return tuple(sorted(way for way, holds in ways.items() if holds))


def sample_prompts(things: list[Thing]) -> tuple[list[str], list[str]]:
    """Prompts of the kinds trained on and of held-out combinations, as many as WANTED says, always the same."""
    rng = random.Random(0)
    found = {(ways, held): [] for ways in WANTED for held in (False, True)}
    room = {(ways, held): WANTED[ways][held] for ways, held in found}
    while any(len(found[key]) < room[key] for key in found):
        scene = scenes.sample_once(things, rng)
        if scenes.is_repeated(scene):
            continue
        key = unusual(scene), scenes.is_unseen(scene, things)
        prompt = scenes.caption(scene, things, rng, plain=True)
        if len(prompt) <= LONGEST and len(found.get(key, ())) < room.get(key, 0):
            found[key].append(prompt)
    return tuple([prompt for ways in WANTED for prompt in found[ways, held]] for held in (False, True))


def drawing() -> Image.Image:
    """A house as a child draws it with felt pens."""
    rng, scale = random.Random(3), 4
    image = Image.new("RGB", (SIZE * scale, SIZE * scale), "white")
    draw = ImageDraw.Draw(image)

    def stroke(points, colour, width) -> None:
        shaky = [(x * scale + rng.uniform(-4, 4), y * scale + rng.uniform(-4, 4)) for x, y in points]
        draw.line(shaky, colour, width * scale, "curve")
        for x, y in shaky:
            draw.circle((x, y), width * scale / 2, colour)

    def hatch(left, right, top, bottom, colour) -> None:
        stroke([(left if i % 2 else right, y) for i, y in enumerate(range(top, bottom, 5))], colour, 6)

    hatch(33, 96, 66, 112, (250, 215, 110))
    for y in range(26, 64, 4):
        stroke([(64 - (y - 20), y), (64 + (y - 20), y)], (215, 50, 45), 6)
    for x in (58, 62, 66, 70):
        stroke([(x, 88), (x, 111)], (125, 80, 50), 5)
    stroke([(30, 64), (31, 114), (98, 113), (97, 63)], (60, 50, 50), 3)
    stroke([(16, 64), (64, 18), (112, 63), (17, 65)], (60, 50, 50), 3)
    return image.resize((SIZE, SIZE), Image.LANCZOS)


def jobs_of(prompts: list[str]) -> list[dict]:
    """What eval/paint.mjs is to paint, in the order `lay_out` takes it."""
    return [
        *({"prompt": prompt} for prompt in prompts),
        *({"prompt": prompt, "guidanceScale": guidance} for prompt in SWEEP for guidance in GUIDANCES),
        *({"prompt": DRAWN, "seed": seed, "image": "drawing.rgb", "strength": STRENGTH} for seed in SEEDS),
        *({"prompt": prompt, "numInferenceSteps": STEPS, "filmstrip": True} for prompt in FILMS),
    ]


def paint(jobs: list[dict], folder: Path, model: Path) -> np.ndarray:
    """uint8 [N, SIZE, SIZE, 3], of a filmstrip all its frames."""
    folder.mkdir(parents=True, exist_ok=True)
    listed = folder / "jobs.json"
    listed.write_text(json.dumps(jobs, indent=1))
    (folder / "drawing.rgb").write_bytes(drawing().tobytes())
    # Other weights, prompts or defaults of the app are other pictures.
    sources = model / "manifest.json", ROOT / "src/catalog/models.ts", listed, folder / "drawing.rgb"
    version = zlib.crc32(b"".join(source.read_bytes() for source in sources))
    pictures = folder / f"{version:08x}.rgb"
    subprocess.run(["node", str(ROOT / "training/eval/paint.mjs"), str(model), str(listed), str(pictures)], check=True)
    return np.fromfile(pictures, np.uint8).reshape(-1, SIZE, SIZE, 3)


def wrapped(text: str, width: int) -> str:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        lines = [*lines[:-1], longer] if FONT.getlength(longer) <= width or not lines[-1] else [*lines, word]
    return "\n".join(lines)


class Sheet:
    """A white sheet on which pictures [SIZE, SIZE, 3] stand in cells of rows and columns, with labels of so many lines under
    them, `top` and `left` kept free."""

    def __init__(self, columns: int, rows: int, lines: int, top: int = 0, left: int = 0, gap: int = GAP):
        self.gap, self.left, self.top, self.cell = gap, gap + left, gap + top, SIZE + (lines * LINE + 6 if lines else 0) + gap
        self.image = Image.new("RGB", (self.left + columns * (SIZE + gap), self.top + rows * self.cell), "white")
        self.draw = ImageDraw.Draw(self.image)

    def place(self, picture: np.ndarray, column: int, row: int, label: str = "") -> None:
        x, y = self.left + column * (SIZE + self.gap), self.top + row * self.cell
        self.image.paste(Image.fromarray(picture), (x, y))
        self.draw.rectangle((x - 1, y - 1, x + SIZE, y + SIZE), outline=(225, 225, 225))
        self.write(wrapped(label, SIZE + self.gap - 4), x + SIZE / 2, y + SIZE + 6)

    def write(self, text: str, x: float, y: float, font: ImageFont.FreeTypeFont = FONT, anchor: str = "ma") -> None:
        self.draw.multiline_text(
            (x, y), text, (40, 40, 40), font, anchor, spacing=LINE - 13, align="center" if anchor[0] == "m" else "left"
        )


def save(name: str, image: Image.Image) -> None:
    OUT.mkdir(exist_ok=True)
    path = OUT / f"{name}.webp"
    image.save(path, quality=90, method=6)
    print(f"{path.name} {image.width}×{image.height}, {path.stat().st_size // 1000} kB")


def titled(title: str, prompts: list[str], pictures: np.ndarray, columns: int = 8) -> Image.Image:
    sheet = Sheet(columns, -(-len(prompts) // columns), 3, top=28)
    sheet.write(title, GAP, GAP, HEADING, "la")
    for i, (prompt, picture) in enumerate(zip(prompts, pictures)):
        sheet.place(picture, i % columns, i // columns, prompt)
    return sheet.image


def contact(pictures: np.ndarray, seen: list[str], held: list[str]) -> None:
    halves = (
        titled("Prompts of the kinds trained on", seen, pictures[: len(seen)]),
        titled("Combinations kept from training", held, pictures[len(seen) :]),
    )
    save("contact", Image.fromarray(np.vstack(halves)))


def guidance(pictures: np.ndarray) -> None:
    sheet = Sheet(len(GUIDANCES), len(SWEEP), 0, top=26, left=116)
    for column, value in enumerate(GUIDANCES):
        sheet.write(f"guidance {value}", sheet.left + column * (SIZE + GAP) + SIZE / 2, GAP)
    for row, prompt in enumerate(SWEEP):
        sheet.write(wrapped(prompt, 104), GAP, sheet.top + row * sheet.cell + SIZE / 2, anchor="lm")
        for column in range(len(GUIDANCES)):
            sheet.place(pictures[row * len(GUIDANCES) + column], column, row)
    save("guidance", sheet.image)


def variations(pictures: np.ndarray) -> None:
    sheet = Sheet(4, 3, 0)
    sheet.place(np.asarray(drawing()), 0, 1, f"a drawing, painted over as “{DRAWN}” at strength {STRENGTH}")
    for i, picture in enumerate(pictures):
        sheet.place(picture, 1 + i % 3, i // 3)
    save("variations", sheet.image)


def filmstrip(pictures: np.ndarray) -> None:
    sheet = Sheet(len(FRAMES), len(FILMS), 0, top=22, gap=6)
    for row, film in enumerate(pictures.reshape(len(FILMS), STEPS, SIZE, SIZE, 3)):
        for column, frame in enumerate(FRAMES):
            sheet.place(film[frame], column, row)
            sheet.write(f"step {frame + 1}", sheet.left + column * (SIZE + 6) + SIZE / 2, 6)
    save("filmstrip", sheet.image)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--model", type=Path, default=ROOT / "public/models/trinket")
    args = parser.parse_args()
    seen, held = sample_prompts(emoji.load(args.folder)[1])
    pictures = paint(jobs_of([*seen, *held]), args.folder / "sheets", args.model)
    ends = np.cumsum([len(seen) + len(held), len(SWEEP) * len(GUIDANCES), len(SEEDS)])
    for lay_out, part in zip((lambda p: contact(p, seen, held), guidance, variations, filmstrip), np.split(pictures, ends)):
        lay_out(part)
