"""Pictures with settings inside, as other tools write them: src/metadata/golden.

The containers are written by the libraries those tools use: Pillow, and piexif for A1111's JPEG and WebP. The texts are
transcribed from their sources: A1111's modules/infotext_utils.py and modules/images.py, ComfyUI's
script_examples/basic_api_example.py and comfy_extras/nodes_images.py, InvokeAI's invokeai/app/invocations/metadata.py.
"""

import io
import json
import struct
from pathlib import Path

import piexif
import piexif.helper
from PIL import Image
from PIL.PngImagePlugin import PngInfo

OUT = Path(__file__).parent.parent / "src/metadata/golden"

A1111 = """a castle on a hill, (stormy sky:1.2)
Negative prompt: blurry, text
Steps: 25, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 6.5, Seed: 12345, Size: 512x768, Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, Clip skip: 2, RNG: CPU, Version: v1.9.3"""
A1111_JAPANESE = A1111.replace("a castle on a hill", "丘の上の城")

# basic_api_example.py, with a LoRA and the last layer of the text encoder left out.
COMFYUI = {
    "3": {
        "class_type": "KSampler",
        "inputs": {
            "cfg": 8,
            "denoise": 1,
            "latent_image": ["5", 0],
            "model": ["10", 0],
            "negative": ["7", 0],
            "positive": ["6", 0],
            "sampler_name": "dpmpp_2m",
            "scheduler": "karras",
            "seed": 8566257,
            "steps": 20,
        },
    },
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd15/v1-5-pruned-emaonly.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"batch_size": 1, "height": 512, "width": 768}},
    "6": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["11", 0], "text": "masterpiece best quality girl"}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["11", 0], "text": "bad hands"}},
    "8": {"class_type": "VAEDecode", "inputs": {"samples": ["3", 0], "vae": ["4", 2]}},
    "9": {"class_type": "SaveImage", "inputs": {"filename_prefix": "ComfyUI", "images": ["8", 0]}},
    "10": {
        "class_type": "LoraLoader",
        "inputs": {
            "lora_name": "styles/watercolor.safetensors",
            "model": ["4", 0],
            "clip": ["4", 1],
            "strength_model": 0.8,
            "strength_clip": 0.5,
        },
    },
    "11": {"class_type": "CLIPSetLastLayer", "inputs": {"clip": ["10", 1], "stop_at_clip_layer": -2}},
}

# The default graph as ComfyUI draws and saves it (workflow).
WORKFLOW = {
    "last_node_id": 9,
    "last_link_id": 9,
    "nodes": [
        {
            "id": 3,
            "type": "KSampler",
            "inputs": [
                {"name": "model", "type": "MODEL", "link": 1},
                {"name": "positive", "type": "CONDITIONING", "link": 4},
                {"name": "negative", "type": "CONDITIONING", "link": 6},
                {"name": "latent_image", "type": "LATENT", "link": 2},
            ],
            "widgets_values": [156680208700286, "randomize", 20, 8, "euler", "normal", 1],
        },
        {"id": 4, "type": "CheckpointLoaderSimple", "widgets_values": ["v1-5-pruned-emaonly.ckpt"]},
        {"id": 5, "type": "EmptyLatentImage", "widgets_values": [512, 512, 1]},
        {
            "id": 6,
            "type": "CLIPTextEncode",
            "inputs": [{"name": "clip", "type": "CLIP", "link": 3}],
            "widgets_values": ["beautiful scenery nature glass bottle landscape, , purple galaxy bottle,"],
        },
        {
            "id": 7,
            "type": "CLIPTextEncode",
            "inputs": [{"name": "clip", "type": "CLIP", "link": 5}],
            "widgets_values": ["text, watermark"],
        },
    ],
    "links": [
        [1, 4, 0, 3, 0, "MODEL"],
        [2, 5, 0, 3, 3, "LATENT"],
        [3, 4, 1, 6, 0, "CLIP"],
        [4, 6, 0, 3, 1, "CONDITIONING"],
        [5, 4, 1, 7, 0, "CLIP"],
        [6, 7, 0, 3, 2, "CONDITIONING"],
    ],
    "version": 0.4,
}

INVOKEAI = {
    "generation_mode": "txt2img",
    "positive_prompt": "a lighthouse at dusk",
    "negative_prompt": "people",
    "width": 512,
    "height": 768,
    "seed": 1934567,
    "rand_device": "cpu",
    "cfg_scale": 7.5,
    "cfg_rescale_multiplier": 0.0,
    "steps": 30,
    "scheduler": "dpmpp_2m_k",
    "seamless_x": False,
    "seamless_y": False,
    "model": {"key": "8e6d…", "hash": "blake3:…", "name": "Dreamshaper 8", "base": "sd-1", "type": "main"},
    "loras": [{"model": {"key": "1f2e…", "name": "watercolor", "base": "sd-1", "type": "lora"}, "weight": 0.75}],
    "clip_skip": 1,
    "app_version": "4.2.7",
}

SD_METADATA = {
    "model": "stable diffusion",
    "model_weights": "stable-diffusion-1.5",
    "app_id": "invoke-ai/InvokeAI",
    "app_version": "2.3.0",
    "image": {
        "prompt": [{"prompt": "an old harbour [boats, people]", "weight": 1.0}],
        "steps": 50,
        "cfg_scale": 7.5,
        "threshold": 0,
        "perlin": 0,
        "height": 512,
        "width": 640,
        "seed": 2271807,
        "seamless": False,
        "type": "txt2img",
        "postprocessing": None,
        "sampler": "k_euler_a",
        "variations": [],
    },
}

PICTURE = Image.linear_gradient("L").resize((64, 64)).convert("RGB")


def png(name, texts):
    info = PngInfo()
    for keyword, text in texts.items():
        info.add_text(keyword, text)
    PICTURE.save(OUT / name, pnginfo=info)


def comment_exif(text):
    comment = piexif.helper.UserComment.dump(text, encoding="unicode")
    return piexif.dump({"Exif": {piexif.ExifIFD.UserComment: comment}})


def little_endian_exif(payload):
    """A block in Intel's byte order with one tag: piexif and Pillow write the other one."""
    ifd0 = struct.pack("<HHHII", 1, 0x8769, 4, 1, 26) + struct.pack("<I", 0)
    exif = struct.pack("<HHHII", 1, 0x9286, 7, len(payload), 44) + struct.pack("<I", 0)
    return b"II*\0" + struct.pack("<I", 8) + ifd0 + exif + payload


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    png("a1111.png", {"parameters": A1111})
    png("a1111-japanese.png", {"parameters": A1111_JAPANESE})
    compressed = PngInfo()
    compressed.add_text("parameters", A1111, zip=True)
    PICTURE.save(OUT / "a1111-compressed.png", pnginfo=compressed)
    for name, text in [("a1111", A1111), ("a1111-japanese", A1111_JAPANESE)]:
        for kind in ["jpg", "webp"]:
            path = OUT / f"{name}.{kind}"
            PICTURE.save(path, quality=80)
            piexif.insert(comment_exif(text), str(path))
    PICTURE.save(OUT / "little-endian.jpg", exif=b"Exif\0\0" + little_endian_exif(b"UNICODE\0" + A1111.encode("utf-16-le")))
    PICTURE.save(OUT / "ascii.webp", exif=little_endian_exif(b"ASCII\0\0\0" + A1111.encode("ascii")))
    PICTURE.save(OUT / "comment.jpg", comment=A1111.encode("utf-8"))

    png("comfyui.png", {"prompt": json.dumps(COMFYUI), "workflow": json.dumps(WORKFLOW)})
    png("comfyui-workflow.png", {"workflow": json.dumps(WORKFLOW)})
    exif = PICTURE.getexif()
    exif[0x0110] = f"prompt:{json.dumps(COMFYUI)}"
    exif[0x010F] = f"workflow:{json.dumps(WORKFLOW)}"
    PICTURE.save(OUT / "comfyui.webp", exif=exif)

    png("invokeai.png", {"invokeai_metadata": json.dumps(INVOKEAI)})
    png("sd-metadata.png", {"sd-metadata": json.dumps(SD_METADATA)})
    check()


def check():
    """What was written is what its own library reads."""
    with Image.open(OUT / "comfyui.webp") as image:
        assert image.getexif()[0x0110].startswith("prompt:")
    with Image.open(OUT / "a1111-japanese.png") as image:
        assert image.text["parameters"] == A1111_JAPANESE
    for name in ["a1111-japanese.jpg", "a1111-japanese.webp"]:
        comment = piexif.load(str(OUT / name))["Exif"][piexif.ExifIFD.UserComment]
        assert piexif.helper.UserComment.load(comment) == A1111_JAPANESE
    with Image.open(io.BytesIO((OUT / "little-endian.jpg").read_bytes())) as image:
        assert image.getexif().get_ifd(0x8769)[0x9286].startswith(b"UNICODE\0")


if __name__ == "__main__":
    main()
