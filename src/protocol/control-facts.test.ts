import { expect, test } from 'vitest';
import { controlPurpose } from './control-facts.ts';

test.each([
  ['lllyasviel/control_v11p_sd15_canny', 'canny'],
  ['lllyasviel/control_v11p_sd15_mlsd', 'mlsd'],
  ['lllyasviel/control_v11f1p_sd15_depth', 'depth'],
  ['lllyasviel/control_v11p_sd15_normalbae', 'normal'],
  ['lllyasviel/control_v11p_sd15_seg', 'seg'],
  ['lllyasviel/control_v11p_sd15_inpaint', 'inpaint'],
  ['lllyasviel/control_v11p_sd15_lineart', 'lineart'],
  ['lllyasviel/control_v11p_sd15s2_lineart_anime', 'lineart'],
  ['lllyasviel/control_v11p_sd15_openpose', 'openpose'],
  ['lllyasviel/control_v11p_sd15_scribble', 'scribble'],
  ['lllyasviel/control_v11p_sd15_softedge', 'softedge'],
  ['lllyasviel/control_v11e_sd15_shuffle', 'shuffle'],
  ['lllyasviel/control_v11e_sd15_ip2p', 'ip2p'],
  ['lllyasviel/control_v11f1e_sd15_tile', 'tile'],
  ['lllyasviel/sd-controlnet-hed', 'softedge'],
  ['comfyanonymous/ControlNet-v1-1_fp16_safetensors/control_v11f1p_sd15_depth_fp16.safetensors', 'depth'],
  ['disk:control_v11p_sd15_openpose.safetensors', 'openpose'],
  ['lllyasviel/sd_control_collection/diffusers_xl_canny_mid.safetensors', 'canny'],
  ['lllyasviel/control_v11p_sd15_lineart/diffusion_pytorch_model.fp16.safetensors', 'lineart'],
  ['diffusers/controlnet-canny-sdxl-1.0', 'canny'],
  ['diffusers/controlnet-depth-sdxl-1.0-small', 'depth'],
  ['xinsir/controlnet-openpose-sdxl-1.0', 'openpose'],
  ['xinsir/controlnet-scribble-sdxl-1.0', 'scribble'],
  ['xinsir/anime-painter', 'scribble'],
  ['xinsir/controlnet-tile-sdxl-1.0', 'tile'],
  ['TencentARC/t2i-adapter-sketch-sdxl-1.0', 'scribble'],
  ['TencentARC/t2i-adapter-depth-midas-sdxl-1.0', 'depth'],
  ['TencentARC/t2i-adapter-lineart-sdxl-1.0', 'lineart'],
  ['TencentARC/t2iadapter_color_sd14v1', 'color'],
  ['TencentARC/t2iadapter_keypose_sd14v1', 'openpose'],
  ['thibaud/controlnet-sd21-zoedepth-diffusers', 'depth'],
  ['thibaud/controlnet-sd21-ade20k-diffusers', 'seg'],
  ['thibaud/controlnet-sd21-hed-diffusers', 'softedge'],
  ['monster-labs/control_v1p_sd15_qrcode_monster', 'qr'],
  ['latentcat/latentcat-controlnet/models/control_v1p_sd15_brightness.safetensors', 'qr'],
  ['canny-labs/control_v11p_sd15_depth', 'depth'],
  ['canny-labs/my-textile-finalised', null],
  ['disk:mine.safetensors', null],
] as const)('%s is for %s', (id, purpose) => {
  expect(controlPurpose(id)).toBe(purpose);
});

test('a name that tells nothing leaves it to the configuration', () => {
  expect(controlPurpose('someone/net', { global_pool_conditions: true })).toBe('shuffle');
  expect(controlPurpose('someone/net', { _name_or_path: '/data/canny/run' })).toBe('canny');
  expect(controlPurpose('someone/depth', { _name_or_path: '/data/canny/run' })).toBe('depth');
  for (const config of [undefined, null, 'text', [], { _name_or_path: 7 }])
    expect(controlPurpose('someone/net', config)).toBeNull();
});
