"""Ids of the original CLIP tokenizer, OpenAI's own vocabulary: `python golden/clip_tokenizer.py` from the project's root.

The original is simple_tokenizer.py of openai/CLIP, as clip-anytorch packs it; transformers' CLIPTokenizer, which is what
diffusers' pipelines call, runs over the same merges. Writes src/tokenizer/golden/original.json: the merges and tokens that
these strings need (dropping a merge that was never chosen changes no choice), the strings on which both agree with their ids,
and those on which the original's cleaning (ftfy, HTML entities) makes it another text.
"""

import importlib.util
import json
import random
import tempfile
from pathlib import Path

import transformers

# The module alone: its package wants more than it needs.
CLIP = Path(importlib.util.find_spec("clip").submodule_search_locations[0])
SPEC = importlib.util.spec_from_file_location("simple_tokenizer", CLIP / "simple_tokenizer.py")
original = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(original)

ROOT = Path(__file__).resolve().parent.parent
PROMPTS = """a photograph of an astronaut riding a horse|portrait of a beautiful woman, intricate, elegant, highly detailed, digital painting, artstation|masterpiece, best quality, 1girl, solo
cinematic film still, shallow depth of field, vignette, 35mm, f/1.8, bokeh|cyberpunk city at night, neon lights, rain, octane render, unreal engine 5, 8k, trending on artstation|(worst quality:1.4), (low quality), bad anatomy, extra fingers
oil on canvas by Rembrandt van Rijn, chiaroscuro|studio ghibli landscape, watercolor --ar 16:9|isometric voxel art of a tiny house|<lora:detail:0.8> armour, steel|[cat|dog] in a box|embedding:easynegative|an avocado armchair|teddy bears mixing sparkling chemicals as mad scientists
low-poly 3D render, pastel colours, soft shadows|don't, can't, won't, it's, I'm, we've, they'll, she'd|O'Reilly's book; 'quoted' words|50% off! $9.99 (was $12.50)|C++ & C# vs. Rust's #[derive]|https://example.com/a?b=c&d=e#f|user@mail.example.org|x = y**2 + 3*z - 1/4|{json: ["a", 1]}|~!@#$%^&*()_+-=[]{}|;:,.<>/?|`code` \\n \\t|A.I. U.S.A. e.g. i.e.|WOW!!! what???|...|--- *** ___|1234567890 3.14159 1,000,000 1e-5 0xff|2001: a space odyssey|007|4K8K16K|mp3 h264 rtx4090"""
WORLD = """東京の夜景、雨|猫が窓辺で眠っている|赤いリンゴ|桜の木の下の侍|カタカナ ひらがな 漢字|美丽的风景画|一只红色的苹果|水墨画，山水，云雾|繁體中文測試|고양이가 창가에 앉아 있다|빨간 사과|дворец на холме|красное яблоко, рассвет|Ёжик в тумане|قطة حمراء على الطاولة|تفاحة|חתול אדום|สุนัขสีแดงในสวน|लाल सेब|বিড়াল|பூனை|καλημέρα κόσμε|Ελληνικά ΑΒΓ|mèo con dễ thương|Tiếng Việt có dấu|naïve café façade jalapeño Ångström|Straße, Größe, Äpfel, Öl, Übung|łódź żółw ćma|İstanbul ığdır|þórr og óðinn|ქართული ენა|հայերեն|አማርኛ|ភាសាខ្មែរ|བོད་སྐད།|מַזָּל טוֹב"""
EMOJI = """😀|😀😃😄|❤️|🍎🍏|👩‍🚀|👨‍👩‍👧‍👦|🏳️‍🌈|🇫🇷🇯🇵|👍🏽👋🏿|1️⃣2️⃣|☀️ sun|🚀 to the 🌙|🤷‍♀️ idk|🐱🐶 friends|🎨🖌️|💡idea💡|✅ done|☕️|♥ ♦ ♣ ♠|★☆✨|→ ← ↑ ↓|∞ ≈ ≠ ≤ ≥ √|° ± × ÷|©®™|€ £ ¥ ₹ ₿|½ ¼ ¾|² ³ ¹|Ⅷ ⅷ|♫♪"""
SPACES = [" ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u3000", "\u200a", "\u2028", "\u202f", "\u205f", "\v", "\f"]
CLEANED = [
    "&amp; &lt;b&gt;",
    "&quot;hi&quot;",
    "“quotes” ‘single’ don’t",
    "ﬁ ligature",
    "ｆｕｌｌｗｉｄｔｈ",
    "Ａ１",
    "schÃ¶n",
    "â€œmojibakeâ€\x9d",
    "&#39;",
    "a\u0000b",
    "\ufeffbom",
    "\x1b[31mred\x1b[0m",
    "l’été",
    "é".encode().decode("latin-1"),
]
SCRIPTS = {
    "latin": "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ      ",
    "punctuated": "abc def ghi.,!?;:()[]{}'\"-_/\\|*&^%$#@~`+=<>0123456789 ",
    "accented": "aàáâãäåæcçeèéêëiìíîïnñoòóôõöøuùúûüyýÿœš žđł ",
    "cyrillic": "абвгдежзиклмнопрстуфхцчшщыьэюя АБВ ",
    "cjk": "日本語中文漢字猫犬山水火木金土天空海花鳥風月 、。",
    "kana": "あいうえおかきくけこアイウエオカキクケコーッ ",
    "hangul": "가나다라마바사아자차카타파하 고양이 ",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي ",
    "devanagari": "अआइईउऊएऐओऔकखगघचछजझटठडढणतथदधन ािीुूे ",
    "emoji": "😀😂🥰😎🤖👻🐱🐶🦊🍎🍕🚀🌈🔥💧❤️⭐️👍🏽👩‍🚀🇫🇷 ab ",
    "marks": "aeiou\u0300\u0301\u0302\u0303\u0308\u0327\u20dd bcd ",
    "zero width": "ab\u200d\u200b\u200ccd\u2060 ef ",
}


def strings() -> list[str]:
    rng = random.Random(0)
    texts = [t for group in (PROMPTS, WORLD, EMOJI) for t in group.replace("\n", "|").split("|")]
    texts += [f"a{s}red{s}{s}apple{s}" for s in SPACES] + [f"{s}odd{s}" for s in SPACES]
    texts += ["x" * n for n in (10, 40, 80)] + [
        "antidisestablishmentarianism" * 3,
        "pneumonoultramicroscopicsilicovolcanoconiosis",
        "word " * 90,
        "<|startoftext|>a<|endoftext|>",
    ]
    for alphabet in SCRIPTS.values():
        texts += ["".join(rng.choice(alphabet) for _ in range(rng.randint(2, 30))) for _ in range(40)]
    return list(dict.fromkeys(texts))


def main() -> None:
    openai = original.SimpleTokenizer()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "vocab.json").write_text(json.dumps(openai.encoder, ensure_ascii=False))
        (Path(folder) / "merges.txt").write_text(
            "#version: 0.2\n" + "\n".join(" ".join(pair) for pair in openai.bpe_ranks) + "\n"
        )
        (Path(folder) / "tokenizer_config.json").write_text(
            json.dumps({"tokenizer_class": "CLIPTokenizer", "model_max_length": 77})
        )
        ours = transformers.CLIPTokenizer.from_pretrained(folder)
        same, cleaned = [], []
        for text in strings() + CLEANED:
            ids, theirs = ours(text, add_special_tokens=False).input_ids, openai.encode(text)
            same.append([text, ids]) if ids == theirs else cleaned.append([text, ids])
        # What every id is made of, down to the bytes.
        merged = {first + second: (first, second) for first, second in openai.bpe_ranks}
        needed, todo = set(), {openai.decoder[i] for _, ids in same + cleaned for i in ids}
        while todo:
            token = todo.pop()
            if token not in needed:
                needed.add(token)
                todo |= set(merged.get(token, ()))
    bytes_ = set(openai.byte_encoder.values())
    tokens = needed | bytes_ | {b + "</w>" for b in bytes_} | {"<|startoftext|>", "<|endoftext|>"}
    result = {
        "versions": {
            "command": "python golden/clip_tokenizer.py",
            "transformers": transformers.__version__,
            "clip-anytorch": "2.6.0",
        },
        "vocab": {token: id for token, id in openai.encoder.items() if token in tokens},
        "merges": [" ".join(pair) for pair in openai.bpe_ranks if "".join(pair) in needed],
        "same": same,
        "cleaned": cleaned,
    }
    out = ROOT / "src/tokenizer/golden/original.json"
    out.write_text(json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{len(same)} strings alike, {len(cleaned)} not; {len(result['merges'])} merges; {out.stat().st_size / 1e3:.0f} kB")
    print([text for text, _ in cleaned])


if __name__ == "__main__":
    main()
