"""CLIP's tokenizer in the layouts that are published: `python golden/tokenizer_layouts.py` from the project's root.

Each layout is OpenAI's vocabulary with the other files of a tokenizer's folder as repositories have them; the ids are those of
transformers' CLIPTokenizer.from_pretrained over that folder, which is what diffusers' pipelines call. The files of sd1 and
sd-turbo have the sizes of the published ones to the byte (806 and 472, 855 and 574); sd2 is stable-diffusion-2-1's; the tokens of
sdxl, sdxl-2, sdxl-dpo, sdxl-dpo-2 and learned are those of public copies of SDXL, of a DPO model of SDXL (added_tokens.json beside
`added_tokens_decoder`), and of Stable Diffusion 1.5 with a word of its own; learned-older has such words as transformers 4.2x saved
them. Writes
src/tokenizer/golden/layouts.json: the files, ids of texts, and ids of whole prompts in chunks as golden/prompt.py cuts them.
"""

import json
import logging
import random
import tempfile
from pathlib import Path

import transformers

from clip_tokenizer import ROOT, original
from prompt import chunks, padded

logging.disable(logging.WARNING)
START, END = "<|startoftext|>", "<|endoftext|>"
OPENAI = original.SimpleTokenizer()
MERGES = [" ".join(pair) for pair in OPENAI.bpe_ranks]


def token(content: str, normalized: bool = True, **more) -> dict:
    return dict(content=content, lstrip=False, normalized=normalized, rstrip=False, single_word=False, **more)


def named(pad, kind=dict, end: bool = True) -> dict:
    return dict(
        bos_token=kind(**token(START)), eos_token=kind(**token(END, end)), pad_token=pad, unk_token=kind(**token(END, end))
    )


def typed(**fields) -> dict:
    return {"__type": "AddedToken", **fields}


def decoder(*tokens: dict) -> dict:
    return {str(OPENAI.encoder.get(t["content"], 49408)): t for t in tokens}


CLIP = dict(add_prefix_space=False, do_lower_case=True, errors="replace", model_max_length=77, tokenizer_class="CLIPTokenizer")
PLAIN = dict(bos_token=START, eos_token=END, unk_token=END, **CLIP)
OLD = dict(special_tokens_map_file="./special_tokens_map.json", **CLIP)
SD1 = dict(name_or_path="openai/clip-vit-large-patch14", **named(END, typed), **OLD)
SD2 = dict(name_or_path="hf-models/stable-diffusion-v2-768x768/tokenizer", **named(END, typed), **OLD)
SPECIAL = [token(START, special=True), token(END, special=True)]
TURBO = dict(
    added_tokens_decoder=decoder(token("!", False, special=True), *SPECIAL),
    pad_token="!",
    clean_up_tokenization_spaces=True,
    **PLAIN,
)
DPO = dict(additional_special_tokens=[], clean_up_tokenization_spaces=True, **PLAIN)
DPO_DECODER = [token(START, special=False), token(END, False, special=False)]
NAMES = dict(bos_token=START, eos_token=END, unk_token=END)
STYLE = {"<cat-toy>": 49408, "MyStyle": 49409, "Ὀδυσσεύς": 49410}
SERIALIZED = [dict(id=OPENAI.encoder[t], **token(t, False, special=True)) for t in (START, END)]

# By layout: files of the folder beside vocab.json and merges.txt. "added_tokens" are those of a tokenizer.json that holds the
# vocabulary and the merges too.
LAYOUTS: dict[str, dict] = {
    "sd1": {"tokenizer_config.json": SD1, "special_tokens_map.json": named(END)},
    "sd1-json": {"tokenizer_config.json": SD1, "special_tokens_map.json": named(END), "added_tokens": SERIALIZED},
    "sd2": {"tokenizer_config.json": SD2, "special_tokens_map.json": named("!")},
    "sd2-json": {"tokenizer_config.json": SD2, "special_tokens_map.json": named("!"), "added_tokens": SERIALIZED},
    "sd2-no-map": {"tokenizer_config.json": SD2},
    "sd2-no-config": {"special_tokens_map.json": named("!")},
    "sd-turbo": {"tokenizer_config.json": TURBO, "special_tokens_map.json": named(token("!", False))},
    "sdxl": {
        "tokenizer_config.json": dict(**named(END, typed, False), clean_up_tokenization_spaces=True, **CLIP),
        "special_tokens_map.json": named(END, end=False),
    },
    "sdxl-2": {
        "tokenizer_config.json": dict(**named("!", typed, False), clean_up_tokenization_spaces=True, **CLIP),
        "special_tokens_map.json": named("!", end=False),
    },
    "sdxl-dpo": {
        "tokenizer_config.json": dict(added_tokens_decoder=decoder(*DPO_DECODER), pad_token=END, **DPO),
        "special_tokens_map.json": dict(pad_token=END, **NAMES),
        "added_tokens.json": {END: 49407, START: 49406},
    },
    "sdxl-dpo-2": {
        "tokenizer_config.json": dict(
            added_tokens_decoder=decoder(token("!", False, special=True), *DPO_DECODER), pad_token="!", **DPO
        ),
        "special_tokens_map.json": dict(pad_token="!", **NAMES),
        "added_tokens.json": {END: 49407, START: 49406},
    },
    "learned": {
        "tokenizer_config.json": dict(
            added_tokens_decoder=decoder(*SPECIAL, token("<sks>", False, special=True)),
            additional_special_tokens=["<sks>"],
            extra_special_tokens={},
            pad_token=END,
            **PLAIN,
        ),
        "special_tokens_map.json": named(END),
        "added_tokens.json": {"<sks>": 49408},
    },
    "learned-older": {"tokenizer_config.json": SD1, "special_tokens_map.json": named(END), "added_tokens.json": STYLE},
    "learned-sd2": {"tokenizer_config.json": SD2, "special_tokens_map.json": named("!"), "added_tokens.json": STYLE},
    "whole-words": {
        "tokenizer_config.json": dict(
            added_tokens_decoder=decoder(*SPECIAL, {**token("MyStyle"), "single_word": True}), pad_token=END, **PLAIN
        )
    },
    # Names for special tokens, as multimodal tokenizers have them, beside the older list of those without.
    "named-extra": {
        "tokenizer_config.json": dict(
            extra_special_tokens={"style_token": "MyStyle"}, additional_special_tokens=["<sks>"], pad_token=END, **PLAIN
        )
    },
    "padding-of-its-own": {"tokenizer_config.json": {**PLAIN, "pad_token": "[PAD]"}, "added_tokens.json": {"<sks>": 49408}},
}
# What transformers 5 itself saves of these: tokenizer.json and a short tokenizer_config.json.
SAVED = ["sd1", "sd2", "sd-turbo", "learned-older"]

TEXTS = """|!|!!|hello!|hello !|wow!!! what?!|!a!b!|¡hola!|a red apple!, (b!:1.2)|x!\ufeff!|!\u0085!|<|startoftext|>|a <|endoftext|> b|<|ENDOFTEXT|>|<|StartOfText|>!!|!!<|startoftext|>!!|<|endoftext|>!<|endoftext|>|<|endoftext|
ΟΔΟΣ|Οδός|οδος|ΟΔΥΣΣΕΎΣ Ὀδυσσεὺς|Σ|ΣΣ|ΑΣ ΣΑ|ΣΊΣΥΦΟΣ, ΠΑΡΆΔΕΙΣΟΣ!|Σ' ἈΓΑΠΩ͂|ΑΣ.|İΣ|ὈΔΥΣΣΕΎΣ ὀδυσσεύς
a <cat-toy> on a shelf|<CAT-TOY>!|a<cat-toy>b|MyStyle, mystyle, MYSTYLE|mystyles|<sks> dog|a <SKS> dog|[PAD] [pad]|<cat-toy"""
PIECES = """!|!!|hello!|<|startoftext|>|<|endoftext|>|<|EndOfText|>|<cat-toy>|<Cat-Toy>|mystyle|MyStyle|<sks>|[PAD]|ΟΔΟΣ|Οδός|ΣΑΣ|Σ|ς|Ὀδυσσεύς|ὈΔΥΣΣΕΎΣ|cat|A|'s|don't|1990|é|日本|🍎|,|.|(|)|:|
|\ufeff|\u00a0|-""".replace("|\n|", "|\t|")
LONG = "a castle on a hill!, " * 12
PROMPTS = [
    "",
    "hello!",
    "a (castle!:1.3) BREAK a [MyStyle] <cat-toy>",
    LONG + "(in fog!!:1.4), ΟΔΟΣ " + LONG,
    "wow! " * 80,
]


def texts() -> list[str]:
    rng = random.Random(16)
    pieces = [*PIECES.split("|"), "|", "\n", " ", " ", " "]
    mixed = ["".join(rng.choice(pieces) for _ in range(rng.randint(2, 9))) for _ in range(70)]
    return [*(t for line in TEXTS.split("\n") for t in split(line)), *mixed]


def split(line: str) -> list[str]:
    """At each bar but those of the special tokens."""
    for name in ("startoftext", "endoftext", "StartOfText", "EndOfText", "ENDOFTEXT"):
        line = line.replace(f"<|{name}|", f"<\0{name}\0")
    return [text.replace("\0", "|") for text in line.split("|")]


def write(folder: Path, files: dict) -> None:
    for name, content in files.items():
        if name != "added_tokens":
            (folder / name).write_text(json.dumps(content, indent=2, sort_keys=True) + "\n")
    (folder / "vocab.json").write_text(json.dumps(OPENAI.encoder))
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(MERGES) + "\n")
    if "added_tokens" in files:
        model = dict(
            type="BPE", dropout=None, unk_token=END, continuing_subword_prefix="", end_of_word_suffix="</w>", fuse_unk=False
        )
        whole = dict(version="1.0", truncation=None, padding=None, added_tokens=files["added_tokens"])
        parts = dict(normalizer=None, pre_tokenizer=None, post_processor=None, decoder=None)
        whole = {**whole, **parts, "model": {**model, "vocab": OPENAI.encoder, "merges": MERGES}}
        (folder / "tokenizer.json").write_text(json.dumps(whole))


def layouts():
    """Name, files and tokenizer of each."""
    for name, files in LAYOUTS.items():
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder), files)
            tokenizer = transformers.CLIPTokenizer.from_pretrained(folder)
            yield name, files, tokenizer
            if name in SAVED:
                (Path(folder) / "saved").mkdir()
                tokenizer.save_pretrained(Path(folder) / "saved")
                saved = {path.name: json.loads(path.read_text()) for path in (Path(folder) / "saved").iterdir()}
                added = saved.pop("tokenizer.json")["added_tokens"]
                again = transformers.CLIPTokenizer.from_pretrained(Path(folder) / "saved")
                yield f"{name}-saved", {**saved, "added_tokens": added}, again


def main() -> None:
    strings, result = texts(), {}
    for name, files, tokenizer in layouts():
        assert tokenizer.model_max_length == 77 or "tokenizer_config.json" not in files, name
        ids = dict(begin=tokenizer.bos_token_id, end=tokenizer.eos_token_id, pad=tokenizer.pad_token_id)
        result[name] = {
            "files": files,
            **ids,
            "ids": [tokenizer(text, add_special_tokens=False).input_ids for text in strings],
            "chunks": [[padded(tokenizer, chunk) for chunk in chunks(tokenizer, prompt)] for prompt in PROMPTS],
        }
        print(f"{name}: {ids}, “hello!” {tokenizer('hello!', add_special_tokens=False).input_ids}")
    versions = {"command": "python golden/tokenizer_layouts.py", "transformers": transformers.__version__}
    out = ROOT / "src/tokenizer/golden/layouts.json"
    whole = {"versions": versions, "texts": strings, "prompts": PROMPTS, "layouts": result}
    out.write_text(json.dumps(whole, ensure_ascii=False, separators=(",", ":")) + "\n")
    print(f"{len(result)} layouts, {len(strings)} texts, {out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
