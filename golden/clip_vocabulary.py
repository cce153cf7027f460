"""OpenAI's CLIP merges as the app ships them, for checkpoints that come without a tokenizer: `python golden/clip_vocabulary.py`.

Writes public/models/clip/merges.txt (openai/CLIP, MIT licence, from clip-anytorch's copy of bpe_simple_vocab_16e6.txt.gz: the
48,894 merges that CLIP uses of it) and manifest.json.
"""

import hashlib
import json

from clip_tokenizer import ROOT, original

FOLDER = ROOT / "public/models/clip"
FOLDER.mkdir(parents=True, exist_ok=True)
pairs = original.SimpleTokenizer().bpe_ranks
text = "#version: 0.2\n" + "\n".join(" ".join(pair) for pair in pairs) + "\n"
(FOLDER / "merges.txt").write_text(text)
entry = {"path": "merges.txt", "size": len(text.encode()), "sha256": hashlib.sha256(text.encode()).hexdigest()}
(FOLDER / "manifest.json").write_text(json.dumps({"files": [entry]}, indent=2) + "\n")
print(len(pairs), "merges", entry["size"], "bytes")
