import { platform } from 'node:os';

/** What every browser here is started with: it talks to nobody on its own. */
const QUIET = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-precise-memory-info',
];

/**
 * Launch arguments by provider. `webgpu` is SwiftShader's, in software, so that it is the same on every machine; `gpu` is the
 * machine's own, without a window: on Linux Chromium offers it only when asked to, and none on a blocklist.
 */
export const LAUNCH_ARGS = {
  wasm: [...QUIET, '--disable-gpu'],
  webgpu: [
    ...QUIET,
    '--enable-unsafe-webgpu',
    '--use-webgpu-adapter=swiftshader',
    '--enable-features=Vulkan',
    '--use-vulkan=swiftshader',
    '--ignore-gpu-blocklist',
  ],
  gpu: [
    ...QUIET,
    '--headless=new',
    '--ignore-gpu-blocklist',
    '--enable-unsafe-webgpu',
    '--disable-dev-shm-usage',
    ...(platform() === 'linux'
      ? [
          '--use-angle=vulkan',
          '--enable-features=Vulkan,VulkanFromANGLE,DefaultANGLEVulkan',
          '--disable-vulkan-surface',
        ]
      : []),
  ],
};
