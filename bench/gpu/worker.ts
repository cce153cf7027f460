import '../../src/protocol/trusted-types.ts';
import { createRequestAdapter } from '../../src/runtime/device.ts';
import { countBuffers } from './buffers.ts';
import { casesOf, paintingsOf } from './cases.ts';
import { firstPicture } from './first-picture.ts';
import { measureCase, reportSteps } from './measure-case.ts';
import type { AdapterRow, Kernels, Options, Row } from './rows.ts';

const report = (row: Row) => postMessage(row);

async function adapterRow(): Promise<AdapterRow> {
  const adapter = await createRequestAdapter()();
  if (!adapter) throw new Error('This browser found no usable GPU.');
  const { vendor, architecture, device, description } = adapter.info;
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return {
    ...{ kind: 'adapter', vendor, architecture, device, description, features: [...adapter.features] },
    ...{ bufferMB: maxBufferSize / 2 ** 20, bindingMB: maxStorageBufferBindingSize / 2 ** 20 },
  };
}

/** Does what may fail; the others go on. */
async function attempt(title: string, kernels: Kernels, job: () => Promise<void>): Promise<void> {
  try {
    await job();
  } catch (error) {
    report({ kind: 'failure', title, ...kernels, message: String(error) });
  }
}

async function measure(options: Options): Promise<void> {
  countBuffers();
  const adapter = await adapterRow();
  report(adapter);
  const hasF16 = adapter.features.includes('shader-f16');
  const ours = { engine: 'ours', bits: 16 } as const;
  for (const one of casesOf(options)) await measureCase(one, options, hasF16, report);
  for (const painting of paintingsOf(options))
    for (const kernels of [ours, { engine: 'onnxruntime', bits: hasF16 ? 16 : 32 }] as const) {
      const { title, setting } = painting;
      report({ kind: 'note', text: `First picture, ${title}, ${setting.name}: ${kernels.engine}` });
      await attempt(painting.title, kernels, async () =>
        report(await firstPicture(painting, kernels, options)),
      );
    }
  for (const one of casesOf(options)) await attempt(one.title, ours, () => reportSteps(one, options, report));
}

addEventListener('message', ({ data }: MessageEvent<Options>) => {
  // Whatever is thrown here ends the bench: the page's `onerror` reports it.
  measure(data).then(
    () => postMessage('done'),
    (error: unknown) =>
      setTimeout(() => {
        throw error;
      }),
  );
});
