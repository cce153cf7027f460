"""Pictures with settings inside, as seven more programs write them: src/metadata/golden.

`python golden/metadata_tools.py` from the project's root. Pillow and piexif write the containers, as those programs do where
they are written in Python; the texts are transcribed from their sources:

SwarmUI 0.9.7 (062407c7), src/Media/ImageFile.cs, src/Text2Image/T2IParamInput.cs, docs/Image Metadata Format.md
Fooocus 2.5.5 (59f183ab), modules/meta_parser.py, modules/async_worker.py, modules/private_logger.py
NovelAI, github.com/NovelAI/novelai-image-metadata (3d9c7b76), nai_meta.py; the keys are those of its Diffusion V3
Draw Things (bfafc68c), Libraries/LocalImageGenerator/Sources/ImageConverter.swift; the packet is one of Apple's ImageIO
Easy Diffusion 4.5.0 (19c805ee), ui/easydiffusion/utils/save_utils.py; sdkit 2.1.1, sdkit/utils/file_utils.py
InvokeAI 6, invokeai/app/invocations/metadata.py
ComfyUI, nodes.py, comfy_extras/nodes_clip_sdxl.py; jags111/efficiency-nodes-comfyui, efficiency_nodes.py
AUTOMATIC1111 1.10.1, modules/images.py (save_image_with_geninfo), for AVIF
"""

import json
import struct
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import piexif
import piexif.helper
from PIL import Image
from PIL.PngImagePlugin import PngInfo

OUT = Path(__file__).parent.parent / "src/metadata/golden"
PICTURE = Image.linear_gradient("L").resize((32, 32)).convert("RGB")

A1111 = """a castle on a hill, (stormy sky:1.2)
Negative prompt: blurry, text
Steps: 25, Sampler: DPM++ 2M SDE, Schedule type: Exponential, CFG scale: 6.5, Seed: 12345, Size: 512x768, Model hash: 6ce0161689, Model: v1-5-pruned-emaonly, Clip skip: 2, RNG: CPU, Version: v1.10.1"""

SWARMUI = {
    "sui_image_params": {
        "prompt": "a [red] fox, <alternate:snow, rain>",
        "negativeprompt": "blurry",
        "model": "OfficialStableDiffusion/sd_xl_base_1.0",
        "seed": 1822503467,
        "steps": 24,
        "cfgscale": 6.5,
        "aspectratio": "4:3",
        "width": 1152,
        "height": 896,
        "sampler": "dpmpp_2m_sde_gpu",
        "scheduler": "karras",
        "vae": "Automatic",
        "automaticvae": True,
        "loras": ["styles/watercolor", "detail"],
        "loraweights": ["0.8", "0.5"],
        "clipstopatlayer": -2,
        "refinercontrolpercentage": 0.2,
        "swarm_version": "0.9.7.0",
    },
    "sui_extra_data": {"date": "2026-08-21", "generation_time": "4.84 sec"},
}

FOOOCUS_LOG = {
    "adm_guidance": "(1.5, 0.8, 0.3)",
    "base_model": "juggernautXL_v8Rundiffusion",
    "base_model_hash": "aeb7e9e689",
    "clip_skip": 2,
    "full_negative_prompt": ["unrealistic, saturated"],
    "full_prompt": ["a lighthouse, intricate, elegant", "cinematic still a lighthouse"],
    "guidance_scale": 4.0,
    "lora_combined_1": "sd_xl_offset_example-lora_1.0 : 0.1",
    "loras": [["sd_xl_offset_example-lora_1.0", 0.1, "4852686128"]],
    "metadata_scheme": "fooocus",
    "negative_prompt": "",
    "performance": "Speed",
    "prompt": "a lighthouse",
    "prompt_expansion": "a lighthouse, intricate, elegant",
    "refiner_model": "None",
    "refiner_switch": 0.5,
    "resolution": "(1152, 896)",
    "sampler": "dpmpp_2m_sde_gpu",
    "scheduler": "karras",
    "seed": "4617412530112498763",
    "sharpness": 2.0,
    "steps": 30,
    "styles": "['Fooocus V2', 'Fooocus Cinematic']",
    "vae": "Default (model)",
    "version": "Fooocus v2.5.5",
}
FOOOCUS_A1111 = """a lighthouse, intricate, elegant, cinematic still a lighthouse
Negative prompt: unrealistic, saturated
Steps: 30, Sampler: DPM++ 2M SDE Karras, Seed: 4617412530112498763, Size: 1152x896, CFG scale: 4.0, Sharpness: 2.0, ADM Guidance: "(1.5, 0.8, 0.3)", Model: juggernautXL_v8Rundiffusion, Model hash: aeb7e9e689, Performance: Speed, Scheduler: karras, VAE: Default (model), Raw prompt: a lighthouse, Raw negative prompt: , Clip skip: 2, Lora hashes: sd_xl_offset_example-lora_1.0: 4852686128, Lora weights: sd_xl_offset_example-lora_1.0: 0.1, Version: Fooocus v2.5.5"""

NOVELAI_COMMENT = {
    "prompt": "1girl, {{blue eyes}}, [hat], artist (style), best quality",
    "steps": 28,
    "height": 1216,
    "width": 832,
    "scale": 5.0,
    "uncond_scale": 0.0,
    "cfg_rescale": 0.2,
    "seed": 2586143216,
    "n_samples": 1,
    "hide_debug_overlay": False,
    "noise_schedule": "karras",
    "legacy_v3_extend": False,
    "reference_information_extracted_multiple": [],
    "reference_strength_multiple": [],
    "sampler": "k_euler_ancestral",
    "controlnet_strength": 1.0,
    "controlnet_model": None,
    "dynamic_thresholding": False,
    "dynamic_thresholding_percentile": 0.999,
    "dynamic_thresholding_mimic_scale": 10.0,
    "sm": True,
    "sm_dyn": False,
    "skip_cfg_below_sigma": 0.0,
    "lora_unet_weights": None,
    "lora_clip_weights": None,
    "uc": "lowres, {bad}",
    "request_type": "PromptGenerateRequest",
    "signed_hash": "VGhpcyBpcyBub3QgYSBzaWduYXR1cmU=",
}
NOVELAI = {
    "Title": "AI generated image",
    "Description": NOVELAI_COMMENT["prompt"],
    "Software": "NovelAI",
    "Source": "Stable Diffusion XL C1E1DE52",
    "Generation time": "3.21",
    "Comment": json.dumps(NOVELAI_COMMENT),
}

DRAW_THINGS = {
    "c": 'a "red" barn & a <gate>',
    "uc": "people",
    "steps": 20,
    "sampler": "DPM++ 2M AYS",
    "scale": 7.5,
    "seed": 3405691582,
    "size": "768x512",
    "model": "sd_v1.5_f16.ckpt",
    "strength": 1,
    "seed_mode": "Scale Alike",
    "clip_skip": 2,
    "sharpness": 0.6,
    "lora": [{"model": "watercolor_lora_f16.ckpt", "weight": 0.6}],
    "control": [],
    "v2": {"steps": 20, "guidanceScale": 7.5, "sampler": 15, "clipSkip": 2},
}

EASY_DIFFUSION = {
    "prompt": "a harbour at dawn",
    "negative_prompt": "boats",
    "seed": 1903417,
    "use_stable_diffusion_model": "sd-v1-5",
    "clip_skip": True,
    "use_vae_model": "vae-ft-mse-840000-ema-pruned",
    "sampler_name": "dpmpp_2m",
    "width": 512,
    "height": 768,
    "num_inference_steps": 25,
    "guidance_scale": 7.5,
    "use_lora_model": ["watercolor", "detail"],
    "lora_alpha": [0.5, 0.25],
    "use_embeddings_model": None,
    "tiling": None,
    "use_face_correction": "GFPGANv1.4",
    "use_upscale": None,
}

INVOKEAI_SDXL = {
    "generation_mode": "sdxl_txt2img",
    "positive_prompt": "a fox, (snow)1.3",
    "negative_prompt": None,
    "positive_style_prompt": "ink drawing",
    "negative_style_prompt": "",
    "width": 1024,
    "height": 1024,
    "seed": 77,
    "rand_device": "cuda",
    "cfg_scale": 5.5,
    "cfg_rescale_multiplier": 0.7,
    "steps": 30,
    "scheduler": "dpmpp_2s",
    "seamless_x": True,
    "model": {"key": "a1", "hash": "blake3:…", "name": "Juggernaut XL", "base": "sdxl", "type": "main"},
    "loras": [],
    "refiner_steps": 20,
    "dype_preset": "auto",
    "app_version": "6.3.0",
}

# SDXL's base and refiner, as in ComfyUI's own example: both texts in each encoder, the base stopping before the end.
COMFYUI_SDXL = {
    "4": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "sd_xl_base_1.0.safetensors"}},
    "5": {"class_type": "EmptyLatentImage", "inputs": {"width": 1024, "height": 1024, "batch_size": 1}},
    "6": {
        "class_type": "CLIPTextEncodeSDXL",
        "inputs": {
            **{"width": 4096, "height": 4096, "crop_w": 0, "crop_h": 0, "target_width": 4096, "target_height": 4096},
            **{"text_g": ["20", 0], "text_l": "oil painting", "clip": ["21", 0]},
        },
    },
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry", "clip": ["21", 0]}},
    "10": {
        "class_type": "KSamplerAdvanced",
        "inputs": {
            **{"add_noise": "enable", "noise_seed": 721897303308196, "steps": 25, "cfg": 8.0, "sampler_name": "euler"},
            **{"scheduler": "normal", "start_at_step": 0, "end_at_step": 20, "return_with_leftover_noise": "enable"},
            **{"model": ["4", 0], "positive": ["6", 0], "negative": ["7", 0], "latent_image": ["5", 0]},
        },
    },
    "20": {
        "class_type": "StringConcatenate",
        "inputs": {"string_a": "an evening sunset", "string_b": ["22", 0], "delimiter": ", "},
    },
    "21": {"class_type": "CLIPSetLastLayer", "inputs": {"stop_at_clip_layer": -2, "clip": ["4", 1]}},
    "22": {"class_type": "PrimitiveStringMultiline", "inputs": {"value": "a river"}},
}

# A loader that holds the prompts, the LoRA, the VAE, the clip skip and the size.
COMFYUI_LOADER = {
    "1": {
        "class_type": "Efficient Loader",
        "inputs": {
            **{"ckpt_name": "dreamshaper_8.safetensors", "vae_name": "Baked VAE", "clip_skip": -2},
            **{"lora_name": "watercolor.safetensors", "lora_model_strength": 0.7, "lora_clip_strength": 0.7},
            **{"positive": "a cabin", "negative": "people", "token_normalization": "none"},
            **{"weight_interpretation": "comfy", "empty_latent_width": 640, "empty_latent_height": 512, "batch_size": 1},
        },
    },
    "2": {
        "class_type": "KSampler (Efficient)",
        "inputs": {
            **{"seed": 5, "steps": 22, "cfg": 7.0, "sampler_name": "dpmpp_2m", "scheduler": "karras", "denoise": 1.0},
            **{"preview_method": "auto", "vae_decode": "true", "model": ["1", 0], "positive": ["1", 1]},
            **{"negative": ["1", 2], "latent_image": ["1", 3], "optional_vae": ["1", 4]},
        },
    },
}

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 6.0.0">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">a barn&#10;Steps: 20</rdf:li></rdf:Alt></dc:description>
   <exif:UserComment><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></exif:UserComment>
   <xmp:CreatorTool>Draw Things</xmp:CreatorTool>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""


def png(name, texts, **more):
    info = PngInfo()
    for keyword, text in texts.items():
        info.add_text(keyword, text)
    PICTURE.save(OUT / name, pnginfo=info, **more)


def user_comment(text):
    comment = piexif.helper.UserComment.dump(text, encoding="unicode")
    return piexif.dump({"Exif": {piexif.ExifIFD.UserComment: comment}})


def image_sharp_exif(text):
    """ImageSharp writes Intel's byte order, a UserComment of UTF-16 in that order, and one tag in the first directory."""
    comment = b"UNICODE\0" + text.encode("utf-16-le")
    first = struct.pack("<HHHII", 1, 0x8769, 4, 1, 26) + struct.pack("<I", 0)
    exif = struct.pack("<HHHII", 1, 0x9286, 7, len(comment), 44) + struct.pack("<I", 0)
    return b"Exif\0\0II*\0" + struct.pack("<I", 8) + first + exif + comment


def fooocus_exif(text, scheme):
    """modules/meta_parser.py, get_exif: all in the first directory, as ASCII."""
    exif = Image.Exif()
    exif[0x9286] = text
    exif[0x0131] = "Fooocus v2.5.5"
    exif[0x927C] = scheme
    return exif


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    png("swarmui.png", {"parameters": json.dumps(SWARMUI, indent=2)})
    PICTURE.save(OUT / "swarmui.jpg", quality=80, exif=image_sharp_exif(json.dumps(SWARMUI, indent=2)))

    png("fooocus.png", {"parameters": json.dumps(FOOOCUS_LOG), "fooocus_scheme": "fooocus"})
    png("fooocus-a1111.png", {"parameters": FOOOCUS_A1111, "fooocus_scheme": "a1111"})
    PICTURE.save(OUT / "fooocus.webp", quality=80, exif=fooocus_exif(json.dumps(FOOOCUS_LOG), "fooocus"))

    png("novelai.png", NOVELAI)
    PICTURE.save(OUT / "novelai.webp", lossless=True, exif=user_comment(json.dumps(NOVELAI)))

    packet_text = XMP % escape(json.dumps(DRAW_THINGS, sort_keys=True), {'"': "&quot;"})
    packet = PngInfo()
    packet.add_itxt("XML:com.adobe.xmp", packet_text)
    PICTURE.save(OUT / "draw-things.png", pnginfo=packet)
    PICTURE.save(OUT / "draw-things.jpg", quality=80, xmp=packet_text.encode("utf-8"))

    png("easy-diffusion.png", {key: str(value) for key, value in EASY_DIFFUSION.items()})
    PICTURE.save(OUT / "easy-diffusion.jpg", quality=80)
    piexif.insert(user_comment(json.dumps(EASY_DIFFUSION)), str(OUT / "easy-diffusion.jpg"))

    png("invokeai-sdxl.png", {"invokeai_metadata": json.dumps(INVOKEAI_SDXL)})
    png("comfyui-sdxl.png", {"prompt": json.dumps(COMFYUI_SDXL)})
    png("comfyui-loader.png", {"prompt": json.dumps(COMFYUI_LOADER)})

    PICTURE.save(OUT / "a1111.avif", quality=80, exif=user_comment(A1111))
    png("a1111-exif.png", {}, exif=user_comment(A1111))
    check()


def check():
    """What was written is what its own library reads."""
    with Image.open(OUT / "a1111.avif") as image:
        comment = piexif.load(image.info["exif"])["Exif"][piexif.ExifIFD.UserComment]
        assert piexif.helper.UserComment.load(comment) == A1111
    with Image.open(OUT / "a1111-exif.png") as image:
        assert not image.text
        assert image.getexif().get_ifd(0x8769)[0x9286].startswith(b"UNICODE\0")
    with Image.open(OUT / "fooocus.webp") as image:
        assert json.loads(image.getexif()[0x9286]) == FOOOCUS_LOG
    with Image.open(OUT / "draw-things.png") as image:
        comment = ElementTree.fromstring(image.text["XML:com.adobe.xmp"]).find(".//{http://ns.adobe.com/exif/1.0/}UserComment")
        assert json.loads("".join(comment.itertext())) == DRAW_THINGS


if __name__ == "__main__":
    main()
