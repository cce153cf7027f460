import { expect, test } from './fixtures.ts';

test('no request leaves the machine', async ({ app, page, server }) => {
  const asked: string[] = [];
  page.context().on('request', (request) => asked.push(request.url()));
  await app.open();
  await app.make();
  const elsewhere = asked.filter((url) => !url.startsWith(server.url) && !/^(blob|data|about):/.test(url));
  expect(asked.some((url) => url.endsWith('unet/diffusion_pytorch_model.safetensors'))).toBe(true);
  expect(elsewhere).toEqual([]);
});
