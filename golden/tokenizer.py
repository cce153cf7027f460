"""Ids of OpenAI's CLIP tokenizer for strings of every kind: `python golden/tokenizer.py` from the project's root.

The vocabulary is e2e/tiny-model's; the ids are those of transformers' CLIPTokenizer over vocab.json and merges.txt.
Beside them goes the tokenizer.json that it makes of the two.
"""

import json
import random
from pathlib import Path

import transformers

ROOT = Path(__file__).resolve().parent.parent
FIXED = [
    "",
    " ",
    "a",
    "A",
    "a red apple",
    "A Red APPLE",
    "  two   spaces\tand a tab\n",
    "it's we're they'll I'd can't y'all's",
    "don’t",
    "rock'n'roll",
    "hello, world!",
    "(a:1.2), [b]",
    "100% 3.14 1,000",
    "2024年",
    "4k 8K hd",
    "e-mail@example.com",
    "snake_case camelCase kebab-case",
    "...!!!???",
    "#hashtag & co.",
    "café naïve Ångström",
    "cafe\u0301",
    "ﬁ ligature",
    "straße STRASSE",
    "İstanbul",
    "ΑΒΓ αβγ ς",
    "Привет, мир",
    "שלום",
    "مرحبا بالعالم",
    "हिन्दी",
    "ไทย",
    "日本語の猫",
    "中文，标点。",
    "한국어 사과",
    "😀",
    "👩‍🚀 rides 🚀",
    "🇫🇷 flag",
    "❤️",
    "a\u00a0b\u2003c",
    "\u200bzero\u200bwidth",
    "\ufeffbom",
    "x²+y³",
    "½ ⅓ Ⅷ",
    "™ © ®",
    "—–-",
    "“quotes” ‘single’",
    "<b>html</b>",
    "\\ / | ~ ` ^",
    "supercalifragilisticexpialidocious",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "word " * 90,
    "<|startoftext|>",
    "a <|endoftext|> b",
]
ALPHABET = "abcdefgh ijklmnop qrstuvwxyz  ABC'’.,!?0123456789-éüñßæ日本猫🍎😀\t\n"


def main() -> None:
    tokenizer = transformers.CLIPTokenizer.from_pretrained(ROOT / "e2e/tiny-model/tokenizer")
    rng = random.Random(0)
    texts = FIXED + ["".join(rng.choice(ALPHABET) for _ in range(rng.randint(1, 40))) for _ in range(150)]
    cases = [[text, tokenizer(text, add_special_tokens=False).input_ids] for text in texts]
    out = ROOT / "src/tokenizer/golden/clip.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    versions = {"command": "python golden/tokenizer.py", "transformers": transformers.__version__}
    out.write_text(json.dumps({"versions": versions, "cases": cases}, separators=(",", ":")) + "\n")
    made = json.loads(tokenizer.backend_tokenizer.to_str())
    (out.parent / "tokenizer.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")
    print(f"{len(cases)} strings → {out.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
