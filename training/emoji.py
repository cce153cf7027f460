"""The training set: Fluent Emoji 3D (MIT) as 128×128 pictures with captions.

Pictures come from the npm package @lobehub/fluent-emoji-3d, names and groups from unicode-emoji-json,
keywords from emojilib. `python emoji.py DIR` fetches the three with `npm pack` and packs them to DIR/emoji.npz.
"""

import io
import json
import random
import subprocess
import sys
import tarfile
from pathlib import Path

import numpy as np
from PIL import Image

SIZE = 128
PACKAGES = ["@lobehub/fluent-emoji-3d@1.1.0", "unicode-emoji-json@0.9.0", "emojilib@4.0.3"]
GROUPS = {"Smileys & Emotion", "Animals & Nature", "Food & Drink", "Travel & Places", "Activities", "Objects"}
# Of the symbols only plain coloured shapes: they teach the colour words.
SHAPES = ("circle", "square", "triangle", "diamond")
# Twenty-four clock faces differ by a hand of a few pixels; their names would teach nothing.
SKIP = ("o’clock", "-thirty", "dotted", "button")


def fetch(folder: Path) -> dict[str, tarfile.TarFile]:
    """The three npm packages as open tar files, by package name."""
    folder.mkdir(parents=True, exist_ok=True)
    tars = {}
    for package in PACKAGES:
        name, version = package.rsplit("@", 1)
        path = folder / f"{name.replace('@', '').replace('/', '-')}-{version}.tgz"
        if not path.exists():
            subprocess.run(["npm", "pack", package, "--silent"], cwd=folder, check=True)
        tars[name] = tarfile.open(path)
    return tars


def codepoints(emoji: str) -> str:
    """'❤️' → '2764': the code points without the variation selector, joined by '-'."""
    return "-".join(f"{ord(c):x}" for c in emoji if ord(c) != 0xFE0F)


def on_white(webp: bytes) -> np.ndarray:
    """A webp with alpha as uint8 [SIZE, SIZE, 3] over white."""
    picture = Image.open(io.BytesIO(webp)).convert("RGBA").resize((SIZE, SIZE), Image.LANCZOS)
    white = Image.new("RGBA", picture.size, "white")
    return np.asarray(Image.alpha_composite(white, picture).convert("RGB"))


def pack(folder: Path) -> None:
    tars = fetch(folder)
    names = json.load(tars["unicode-emoji-json"].extractfile("package/data-by-emoji.json"))
    keywords = json.load(tars["emojilib"].extractfile("package/dist/emoji-en-US.json"))
    keywords = {codepoints(emoji): words for emoji, words in keywords.items()}
    files = {}
    for member in tars["@lobehub/fluent-emoji-3d"]:
        stem = Path(member.name).stem.replace("-fe0f", "")
        if member.name.endswith(".webp"):
            files[stem] = tars["@lobehub/fluent-emoji-3d"].extractfile(member).read()
    pictures, captions = [], []
    for emoji, facts in names.items():
        name, key = facts["name"], codepoints(emoji)
        wanted = facts["group"] in GROUPS or (facts["group"] == "Symbols" and name.endswith(SHAPES))
        if not wanted or any(word in name for word in SKIP) or key not in files:
            continue
        words = [w.replace("_", " ") for w in keywords.get(key, [])]
        pictures.append(on_white(files[key]))
        captions.append({"name": name, "keywords": [w for w in words if w != name and w.isascii()], "group": facts["group"]})
    np.savez_compressed(folder / "emoji.npz", pictures=np.stack(pictures), captions=json.dumps(captions))
    print(f"{len(pictures)} pictures → {folder / 'emoji.npz'}")


def load(folder: Path) -> tuple[np.ndarray, list[dict]]:
    """Pictures uint8 [N, SIZE, SIZE, 3] and captions [{name, keywords, group}]."""
    packed = np.load(folder / "emoji.npz")
    return packed["pictures"], json.loads(str(packed["captions"]))


def plain(facts: dict) -> bool:
    """Whether this is a plain thing with a plain name: food, animals, shapes, hearts, simple faces, one-word objects."""
    name, group = facts["name"], facts["group"]
    if group == "Smileys & Emotion":
        return name.endswith("heart") or len(name.split()) == 2 and name.split()[1] in ("face", "cat", "monkey")
    return group in ("Animals & Nature", "Food & Drink", "Symbols") or len(name.split()) == 1


def article(name: str) -> str:
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def caption(facts: dict, rng: random.Random) -> str:
    """One way a person might ask for this picture; empty one time in ten."""
    name, words, dice = facts["name"], facts["keywords"], rng.random()
    if dice < 0.10:
        return ""
    if dice < 0.40:
        return name
    if dice < 0.70:
        return article(name)
    if dice < 0.78:
        return rng.choice(["a picture of ", "an emoji of ", "a cute "]) + (name if dice > 0.76 else article(name))
    chosen = rng.sample(words, min(len(words), rng.randint(1, 3)))
    if dice < 0.95 or not chosen:
        return ", ".join([name, *chosen])
    return ", ".join(chosen)


if __name__ == "__main__":
    pack(Path(sys.argv[1]))
