"""The words Trinket knows, for the page: `python words.py DIR` writes ../src/ui/create/known/trinket-words.json, and captions of the kind it
was trained on for a test of them.

A thing's name as it is said in a prompt, with its colour if it has one; its German name, of Unicode's CLDR, which is shown and
searched; other words for it; kinds it belongs to; its group.
"""

import json
import random
import sys
from pathlib import Path

import emoji
import scenes

CLDR = "cldr-annotations-full@48.2.0"
KNOWN = Path(__file__).parent.parent / "src/ui/create/known"
WORDS = KNOWN / "trinket-words.json"
CAPTIONS, COUNT = KNOWN / "golden/captions.json", 400


def german(tars) -> dict[str, str]:
    """CLDR's German names, by code points."""
    text = tars["cldr-annotations-full"].extractfile("package/annotations/de/annotations.json").read()
    rows = json.loads(text)["annotations"]["annotations"]
    return {emoji.codepoints(character): row["tts"][0] for character, row in rows.items() if "tts" in row}


def main(folder: Path) -> None:
    tars = emoji.fetch(folder, (*emoji.PACKAGES, CLDR))
    solid, flat = emoji.pictures(tars)
    names = german(tars)
    things = emoji.known(tars, solid.keys() & flat.keys())
    rows = [
        {
            "name": " ".join(filter(None, (thing.colour, thing.name))),
            "german": names[key],
            "others": thing.synonyms,
            "kinds": thing.kinds,
            "group": thing.group,
        }
        for key, thing in things.items()
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    WORDS.write_text(f"[\n{lines}\n]\n")
    rng = random.Random(1)
    known = list(things.values())
    captions = [scenes.caption(scenes.sample(known, rng), known, rng) for _ in range(COUNT)]
    CAPTIONS.parent.mkdir(exist_ok=True)
    CAPTIONS.write_text(json.dumps(captions, indent=0) + "\n")
    print(f"{len(rows)} things → {WORDS.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
