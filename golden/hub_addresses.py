"""Addresses as the Hub gives them, read by huggingface_hub: `python golden/hub_addresses.py` from the root → src/hub/golden."""

import json
from pathlib import Path

import huggingface_hub
from huggingface_hub.errors import HfUriError
from huggingface_hub.utils import parse_hf_uri

OUT = Path(__file__).resolve().parent.parent / "src/hub/golden/addresses.json"
SHA = "0123456789abcdef0123456789abcdef01234567"
HUB = "https://huggingface.co"
MIRROR = "https://mirror.example:8443/hub"
ADDRESSES = [
    f"{HUB}/a/b",
    f"{HUB}/a/b/",
    f"{HUB}/a/b?library=diffusers#usage",
    f"{HUB}/a/b/tree/main",
    f"{HUB}/a/b/tree/fp16",
    f"{HUB}/a/b/tree/refs%2Fpr%2F6",
    f"{HUB}/a/b/tree/refs/pr/6",
    f"{HUB}/a/b/tree/{SHA}",
    f"{HUB}/a/b/tree/feature%2Ffaces",
    f"{HUB}/a/b/blob/main/x/y.safetensors",
    f"{HUB}/a/b/blob/refs%2Fpr%2F6/x/y.safetensors",
    f"{HUB}/a/b/resolve/refs/pr/6/y.safetensors",
    f"{HUB}/a/b/resolve/v1/y.safetensors?download=true",
    f"{HUB}/a/b/raw/main/y.safetensors",
    f"{HUB}/a/b/blame/main/y.safetensors",
    f"{HUB}/a/b/blob/main/my%20model%20%5Bfinal%5D%20%231.safetensors",
    f"{HUB}/a/b/blob/main/%E3%83%A2%E3%83%87%E3%83%AB.safetensors",
    f"{HUB}/a/b/blob/main/file@1.safetensors",
    f"{HUB}/a/b/resolve/{SHA}/100%25.safetensors",
    f"{HUB}/models/a/b",
    "https://hf.co/a/b",
    "http://huggingface.co/a/b",
    "huggingface.co/a/b/tree/refs%2Fpr%2F6",
    "hf.co/a/b",
    f"{MIRROR}/a/b/blob/main/y.safetensors",
    "hf://a/b",
    "hf://a/b@refs/pr/6",
    "hf://a/b@refs%2Fpr%2F6",
    "hf://a/b@refs/pr/6/x/y.safetensors",
    "hf://a/b@refs/convert/onnx-16",
    "hf://a/b@v2/x/y.safetensors",
    "hf://a/b@feature%2Ffaces/y.safetensors",
    "hf://a/b/x/file@1.safetensors",
    # Refused.
    HUB,
    f"{HUB}/a",
    f"{HUB}/datasets/a/b",
    f"{HUB}/datasets/a/b/blob/main/y.safetensors",
    f"{HUB}/spaces/a/b/resolve/main/y.safetensors",
    f"{HUB}/a/b/discussions/6",
    f"{HUB}/a/b/commit/{SHA}",
    f"{HUB}/a/b--c",
    "https://civitai.com/models/123",
    "https://github.com/a/b",
    "https://huggingface.co.example/a/b",
    "https://example.com/huggingface.co/a/b",
    "hf://datasets/a/b",
    "hf://a",
    "hf://a/b@",
]


def read(address: str) -> dict | None:
    try:
        uri = parse_hf_uri(address, endpoint=MIRROR)
    except HfUriError:
        return None
    if uri.type != "model":
        return None
    return {"repo": uri.id, "revision": uri.revision, "path": uri.path_in_repo}


def main() -> None:
    cases = [{"address": address, "read": read(address)} for address in ADDRESSES]
    versions = {"command": "python golden/hub_addresses.py", "huggingface_hub": huggingface_hub.__version__}
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps({"versions": versions, "endpoint": MIRROR, "cases": cases}, indent=1) + "\n")


if __name__ == "__main__":
    main()
