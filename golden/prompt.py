"""Prompts as AUTOMATIC1111's web UI reads them: `python golden/prompt.py` from the project's root.

No library on PyPI does the same (compel and sd_embed weigh in other ways), so this is its published algorithm in Python
(modules/prompt_parser.py, modules/sd_hijack_clip.py, modules/sd_emphasis.py "Original"), over transformers' CLIPTokenizer
and CLIPTextModel of e2e/tiny-model in float32. Writes src/prompt/golden/prompts.json: ids and weights of every chunk, and
every 41st value of the weighted states of all chunks.
"""

import json
import re
from pathlib import Path

import torch
import transformers

ROOT = Path(__file__).resolve().parent.parent
TOKEN = re.compile(r"\\[\\()\[\]]|\\|[(\[]|:\s*(?P<weight>[+-]?[.\d]+)\s*\)|[)\]]|[^\\()\[\]:]+|:")
LONG = "a castle on a hill, " * 12
PROMPTS = [
    "",
    "a red apple",
    "a (red) apple",
    "a (red:1.5) apple",
    "a [red] apple",
    "a ((red)) apple",
    "a [[red]] apple",
    "a (big (red:1.2) round:0.7) apple",
    r"a \(red\) apple",
    r"a \\ slash \[b\]",
    "a (red apple",
    "a red) apple",
    "a [red apple",
    "a red] :1.2) apple",
    "(a:1.2)(b:0.8)(c)",
    "ratio 3:4, (16:9:1.1)",
    "((((deep))))",
    "a cat BREAK a dog",
    "BREAK",
    "a (cat BREAK dog:1.3) end",
    "no BREAKfast",
    LONG,
    LONG + "(in fog:1.4), " + LONG,
    "word " * 80,
    "one, " * 37 + "two three four five six, seven",
    "(" + "x " * 76 + ":1.3)",
    "a " * 74 + "b, c d",
    "a " * 70 + ", b c d e f g h",
    "(nothing:0)",
    "(a:-0.5) b",
]


def parse(prompt: str) -> list[list]:
    parts, round_, square = [], [], []

    def multiply(start: int, factor: float) -> None:
        for part in parts[start:]:
            part[1] *= factor

    for match in TOKEN.finditer(prompt):
        token, weight = match.group(0), match.group("weight")
        if token.startswith("\\"):
            parts.append([token[1:], 1.0])
        elif token == "(":
            round_.append(len(parts))
        elif token == "[":
            square.append(len(parts))
        elif weight is not None and round_:
            multiply(round_.pop(), float(weight))
        elif token == ")" and round_:
            multiply(round_.pop(), 1.1)
        elif token == "]" and square:
            multiply(square.pop(), 1 / 1.1)
        else:
            for i, text in enumerate(re.split(r"\s*\bBREAK\b\s*", token)):
                if i:
                    parts.append([None, 1.0])
                parts.append([text, 1.0])
    for start in round_:
        multiply(start, 1.1)
    for start in square:
        multiply(start, 1 / 1.1)
    merged = []
    for text, weight in parts:
        if merged and text is not None and merged[-1][0] is not None and merged[-1][1] == weight:
            merged[-1][0] += text
        else:
            merged.append([text, weight])
    return merged


def chunks(tokenizer, prompt: str) -> list[list[tuple[int, float]]]:
    comma = tokenizer(",", add_special_tokens=False).input_ids[0]
    done, chunk, last_comma = [], [], -1
    for text, weight in parse(prompt):
        if text is None:
            done, chunk, last_comma = [*done, chunk], [], -1
            continue
        for token in tokenizer(text, add_special_tokens=False).input_ids:
            if token == comma:
                last_comma = len(chunk)
            elif len(chunk) == 75 and last_comma != -1 and len(chunk) - last_comma <= 20:
                done, chunk, last_comma = [*done, chunk[: last_comma + 1]], chunk[last_comma + 1 :], -1
            if len(chunk) == 75:
                done, chunk, last_comma = [*done, chunk], [], -1
            chunk.append((token, weight))
    return [*done, chunk] if chunk or not done else done


def padded(tokenizer, chunk: list[tuple[int, float]]) -> list[int]:
    """The ids of a chunk as the text encoder is given them."""
    ids = [tokenizer.bos_token_id, *(token for token, _ in chunk), tokenizer.eos_token_id]
    return ids + [tokenizer.pad_token_id] * (77 - len(ids))


@torch.no_grad()
def embed(tokenizer, encoder, prompt: str) -> tuple[list[dict], torch.Tensor]:
    """Ids and weights of each chunk, and the weighted states [T, D] of all of them."""
    rows, states = [], []
    for chunk in chunks(tokenizer, prompt):
        ids = padded(tokenizer, chunk)
        weights = [1.0, *(weight for _, weight in chunk), 1.0] + [1.0] * (75 - len(chunk))
        z = encoder(torch.tensor([ids])).last_hidden_state
        mean = z.mean()
        z = z * torch.tensor(weights)[None, :, None]
        states.append((z * (mean / z.mean()))[0])
        rows.append({"ids": ids, "weights": [round(w, 7) for w in weights]})
    return rows, torch.cat(states)


def main() -> None:
    tokenizer = transformers.CLIPTokenizer.from_pretrained(ROOT / "e2e/tiny-model/tokenizer")
    encoder = transformers.CLIPTextModel.from_pretrained(ROOT / "e2e/tiny-model/text_encoder", torch_dtype=torch.float32).eval()
    cases = []
    for prompt in PROMPTS:
        rows, states = embed(tokenizer, encoder, prompt)
        cases.append({"prompt": prompt, "chunks": rows, "states": [float(f"{v:.7g}") for v in states.flatten()[::41].tolist()]})
    versions = {"command": "python golden/prompt.py", "transformers": transformers.__version__, "torch": torch.__version__}
    out = ROOT / "src/prompt/golden/prompts.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps({"versions": versions, "cases": cases}, separators=(",", ":")) + "\n")
    print(f"{len(cases)} prompts, {out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
