"""The things Trinket knows: Fluent Emoji (MIT) as cut-outs of 128×128 pixels, in 3D and flat, with names and synonyms.

Pictures come from the npm packages @lobehub/fluent-emoji-3d and -flat, names and groups from unicode-emoji-json, synonyms
from emojilib. `python emoji.py DIR` fetches the four with `npm pack` and packs what is kept to DIR/emoji.npz.
"""

import io
import json
import re
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import resvg_py
from PIL import Image

SIZE = 128
STYLES = ("3d", "flat")
PACKAGES = ["@lobehub/fluent-emoji-3d@1.1.0", "@lobehub/fluent-emoji-flat@1.1.0", "unicode-emoji-json@0.9.0", "emojilib@4.0.3"]
GROUPS = {"Smileys & Emotion", "Animals & Nature", "Food & Drink", "Travel & Places", "Activities", "Objects"}
COLOURS = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white", "grey")
SHAPES = ("circle", "square", "triangle", "diamond")
# Clock faces at half past differ by a hand of a few pixels; their names would teach nothing.
SKIP = ("-thirty",)
# A keyword of up to so many things is another name for each of them ("burger"); of more, it says what kind of thing they are
# ("fruit"); of still more, nothing ("object"). Of its kinds a thing keeps the rarest, which tell most.
MOST_WITH_SYNONYM, MOST_OF_A_KIND, KINDS = 4, 40, 2


@dataclass(frozen=True)
class Thing:
    """One emoji: its name without its colour ("apple"), that colour ("red", or "" where the name has none), emojilib's
    other names for it, what kinds of things it is ("fruit"; an "evergreen tree" is a "tree"), its group in Unicode's list."""

    name: str
    colour: str
    synonyms: tuple[str, ...]
    kinds: tuple[str, ...]
    group: str


def fetch(folder: Path, packages: Sequence[str] = PACKAGES) -> dict[str, tarfile.TarFile]:
    """npm packages as open tar files, by package name."""
    folder.mkdir(parents=True, exist_ok=True)
    tars = {}
    for package in packages:
        name, version = package.rsplit("@", 1)
        path = folder / f"{name.replace('@', '').replace('/', '-')}-{version}.tgz"
        if not path.exists():
            subprocess.run(["npm", "pack", package, "--silent"], cwd=folder, check=True)
        tars[name] = tarfile.open(path)  # noqa: SIM115 (read by whoever asked, until the script ends)
    return tars


def codepoints(emoji: str) -> str:
    """'❤️' → '2764': the code points without the variation selector, joined by '-'."""
    return "-".join(f"{ord(c):x}" for c in emoji if ord(c) != 0xFE0F)


def wanted(name: str, group: str) -> bool:
    """Plain things with plain names: of one word, of a colour and a word, and where two words are how food, animals and
    faces are called."""
    words = name.split()
    if not re.fullmatch(r"[a-z -]+", name) or any(word in name for word in SKIP) or len(words) > 2:
        return False
    if group == "Symbols":
        return words[0] in COLOURS and words[-1] in SHAPES
    if group == "Smileys & Emotion" and len(words) == 2 and words[0] not in COLOURS:
        return words[1] in ("face", "cat")
    return group in GROUPS and (len(words) == 1 or words[0] in COLOURS or group in ("Food & Drink", "Animals & Nature"))


def split_colour(name: str) -> tuple[str, str]:
    """'red apple' → ('red', 'apple'); 'rocket' → ('', 'rocket')."""
    first, _, rest = name.partition(" ")
    return (first, rest) if rest and first in COLOURS else ("", name)


def files(tar: tarfile.TarFile, suffix: str) -> dict[str, bytes]:
    """A picture package's files by code points."""
    members = (m for m in tar if m.name.endswith(suffix))
    return {Path(m.name).stem.replace("-fe0f", ""): tar.extractfile(m).read() for m in members}


def pictures(tars: dict[str, tarfile.TarFile]) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """The emoji in 3D (WebP) and flat (SVG), by code points."""
    return files(tars["@lobehub/fluent-emoji-3d"], ".webp"), files(tars["@lobehub/fluent-emoji-flat"], ".svg")


def cut_out(picture: Image.Image) -> np.ndarray:
    """uint8 [SIZE, SIZE, 4], alpha not multiplied in."""
    # Resized with the alpha multiplied in: what is transparent has a colour too, which must not bleed into the edge.
    return np.asarray(picture.convert("RGBa").resize((SIZE, SIZE), Image.LANCZOS).convert("RGBA"))


def known(tars: dict[str, tarfile.TarFile], drawn: set[str]) -> dict[str, Thing]:
    """What is kept of those that are drawn, by code points."""
    names = json.load(tars["unicode-emoji-json"].extractfile("package/data-by-emoji.json"))
    keywords = json.load(tars["emojilib"].extractfile("package/dist/emoji-en-US.json"))
    keywords = {codepoints(emoji): words for emoji, words in keywords.items()}
    kept = {
        codepoints(emoji): (facts["name"], facts["group"])
        for emoji, facts in names.items()
        if wanted(facts["name"], facts["group"]) and codepoints(emoji) in drawn
    }
    clean = {key: [re.sub(r"[_\s]+", " ", word).lower() for word in keywords.get(key, [])] for key in kept}
    shared = Counter(word for words in clean.values() for word in set(words))
    taken = {name for name, _ in kept.values()} | {split_colour(name)[1] for name, _ in kept.values()}
    things = {}
    for key, (name, group) in kept.items():
        colour, bare = split_colour(name)
        words = [
            w for w in dict.fromkeys(clean[key]) if w not in (*taken, *COLOURS) and re.fullmatch(r"[a-z]{3,}( [a-z]{3,})?", w)
        ]
        synonyms = [w for w in words if shared[w] <= MOST_WITH_SYNONYM]
        kinds = (
            sorted((w for w in words if MOST_WITH_SYNONYM < shared[w] <= MOST_OF_A_KIND), key=shared.get)[:KINDS]
            + bare.split()[1:]
        )
        things[key] = Thing(bare, colour, tuple(synonyms), tuple(dict.fromkeys(kinds)), group)
    return things


def pack(folder: Path) -> None:
    tars = fetch(folder)
    solid, flat = pictures(tars)
    things = known(tars, solid.keys() & flat.keys())
    rendered = lambda svg: bytes(resvg_py.svg_to_bytes(svg.decode(), width=2 * SIZE, height=2 * SIZE))
    sprites = [
        np.stack([cut_out(Image.open(io.BytesIO(solid[key]))), cut_out(Image.open(io.BytesIO(rendered(flat[key]))))])
        for key in things
    ]
    facts = json.dumps([asdict(thing) for thing in things.values()])
    np.savez_compressed(folder / "emoji.npz", sprites=np.stack(sprites), things=facts)
    print(f"{len(things)} things → {folder / 'emoji.npz'}")


def load(folder: Path) -> tuple[np.ndarray, list[Thing]]:
    """Cut-outs uint8 [N, STYLES, SIZE, SIZE, 4] (RGBA, alpha not multiplied in) and what each shows."""
    packed = np.load(folder / "emoji.npz")
    things = json.loads(str(packed["things"]))
    return packed["sprites"], [Thing(t["name"], t["colour"], tuple(t["synonyms"]), tuple(t["kinds"]), t["group"]) for t in things]


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
