"""Trains Trinket's byte-pair vocabulary on the captions, in the layout of CLIP's tokenizer.

`python tokenizer.py DIR` writes DIR/tokenizer/{vocab.json, merges.txt, tokenizer_config.json, special_tokens_map.json}.
"""

import json
import random
import sys
from pathlib import Path

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors, trainers

import emoji
import scenes

MERGES = 2000
# Begin, end and thirty tokens between: the longest caption has about 25. The app reads longer prompts in several pieces.
LENGTH = 32
BEGIN, END = "<|startoftext|>", "<|endoftext|>"
# OpenAI CLIP's split, simple_tokenizer.py.
SPLIT = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"


def clip_pipeline(model: models.BPE) -> Tokenizer:
    """CLIP's normaliser and splitter around a BPE model (transformers' CLIPConverter)."""
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    split = pre_tokenizers.Split(Regex(SPLIT), behavior="removed", invert=True)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    return tokenizer


def corpus(things: list[emoji.Thing]) -> list[str]:
    """Captions of random scenes, and every synonym."""
    rng = random.Random(0)
    captions = [scenes.caption(scenes.sample(things, rng), things, rng) for _ in range(12000)]
    return captions + [word for thing in things for word in (thing.name, *thing.synonyms) for _ in range(4)]


def train(folder: Path) -> None:
    tokenizer = clip_pipeline(models.BPE(end_of_word_suffix="</w>"))
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    trainer = trainers.BpeTrainer(
        vocab_size=len(alphabet) * 2 + MERGES, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False
    )
    tokenizer.train_from_iterator(corpus(emoji.load(folder)[1]), trainer)
    merges = [tuple(pair) for pair in json.loads(tokenizer.to_str())["model"]["merges"]][:MERGES]
    tokens = [*alphabet, *(c + "</w>" for c in alphabet), *("".join(pair) for pair in merges), BEGIN, END]
    out = folder / "tokenizer"
    out.mkdir(exist_ok=True)
    write = lambda name, value: (out / name).write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    write("vocab.json", {token: i for i, token in enumerate(dict.fromkeys(tokens))})
    (out / "merges.txt").write_text("#version: 0.2\n" + "".join(f"{a} {b}\n" for a, b in merges), encoding="utf-8")
    special = {"bos_token": BEGIN, "eos_token": END, "unk_token": END, "pad_token": END}
    write("special_tokens_map.json", special)
    write(
        "tokenizer_config.json",
        {
            **special,
            "add_prefix_space": False,
            "do_lower_case": True,
            "errors": "replace",
            "model_max_length": LENGTH,
            "tokenizer_class": "CLIPTokenizer",
        },
    )
    print(f"{len(dict.fromkeys(tokens))} tokens, {len(merges)} merges → {out}")


def load(folder: Path) -> Tokenizer:
    """Text → ids with begin and end, padded with the end token to LENGTH."""
    vocab, merges = str(folder / "tokenizer/vocab.json"), str(folder / "tokenizer/merges.txt")
    tokenizer = clip_pipeline(models.BPE.from_file(vocab, merges, end_of_word_suffix="</w>", unk_token=END))
    begin, end = tokenizer.token_to_id(BEGIN), tokenizer.token_to_id(END)
    tokenizer.post_processor = processors.TemplateProcessing(f"{BEGIN} $A {END}", special_tokens=[(BEGIN, begin), (END, end)])
    tokenizer.enable_truncation(LENGTH)
    tokenizer.enable_padding(pad_id=end, pad_token=END, length=LENGTH)
    return tokenizer


if __name__ == "__main__":
    train(Path(sys.argv[1]))
