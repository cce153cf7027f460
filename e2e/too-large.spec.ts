import { readdirSync } from 'node:fs';
import { expect, test } from './fixtures.ts';

test.use({ visit: 'first' });

/** Runs in the worker before its own code: a GPU with room for this many bytes, that says when there is no more. */
function smallGpu(bytes: number): void {
  let left = bytes;
  const { createBuffer } = GPUDevice.prototype;
  const { destroy } = GPUBuffer.prototype;
  const held = new WeakSet<GPUBuffer>();
  GPUBuffer.prototype.destroy = function () {
    if (held.delete(this)) left += this.size;
    return destroy.call(this);
  };
  GPUDevice.prototype.createBuffer = function (descriptor) {
    if (left >= descriptor.size) {
      const buffer = createBuffer.call(this, descriptor);
      held.add(buffer);
      left -= descriptor.size;
      return buffer;
    }
    const error = new GPUOutOfMemoryError('No room for a buffer.');
    this.dispatchEvent(new GPUUncapturedErrorEvent('uncapturederror', { error }));
    // An invalid buffer, as WebGPU gives where there is no room (§ 5.1.1, createBuffer).
    this.pushErrorScope('validation');
    const buffer = createBuffer.call(this, { size: 4, usage: 0 });
    void this.popErrorScope();
    return buffer;
  };
}

test('a run that fills the GPU is begun again with less; where nothing takes less it ends in words, and the CPU is left', async ({
  app,
  server,
}) => {
  const files = readdirSync(new URL('../dist/assets', import.meta.url));
  const worker = files.find((name) => /^main-.*\.js$/.test(name));
  // The small model takes 0.8 MB with everything loaded, and its UNet by itself half of that.
  server.replaced.set(`/assets/${worker}`, (body) =>
    Buffer.concat([Buffer.from(`(${smallGpu})(6.5e5);\n`), body]),
  );
  await app.open();
  await app.field('Steps').fill('1');
  await app.make();
  await expect(app.page.getByText('The memory was full')).toContainText('One component loaded at a time');

  await app.openAdvanced();
  await app.field('Memory').selectOption('one-by-one');
  await app.field('Guidance scale').fill('1');
  await app.field('Width').fill('512');
  await app.field('Height').fill('512');
  await app.generate.click();
  await expect(app.alert).toContainText('There is not enough memory');
  await expect(app.alert).toContainText('make an 8-bit copy');
  await app.openAdvanced();
  await app.field('Device').selectOption('CPU');
  await app.field('Width').fill('64');
  await app.field('Height').fill('64');
  await app.make();
});
