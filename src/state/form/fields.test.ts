import * as fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { UNKNOWN_MODEL } from '../../catalog/models.ts';
import { RequestSchema } from '../../protocol/request.ts';
import { anyValues } from '../../protocol/samples/any-request.ts';
import { SETTING_NAMES, SETTINGS } from '../../protocol/settings.ts';
import { acceptField, fieldsOf, freshFields, modelFields, snap, valuesOf } from './fields.ts';
import { toFormRequest } from './form-request.ts';

test('a fresh form has a value in every field that the field accepts', () => {
  const fields = freshFields(3);
  for (const name of SETTING_NAMES) expect(acceptField(name, fields[name]), name).toBe(fields[name]);
});

// docs/decisions.md, “Hires strength is the model's”.
test('a second pass begins as gently as the model needs', () => {
  expect(freshFields(3).hiresStrength).toBe('0.05');
  expect(modelFields(UNKNOWN_MODEL.defaults).hiresStrength).toBe('0.6');
});

test('a schedule that its sampler does not follow is in no request', () => {
  const fields = { ...freshFields(3), schedule: 'karras' } as const;
  expect(toFormRequest({ ...fields, scheduler: 'ddim' }).schedule).toBeNull();
  expect(toFormRequest({ ...fields, scheduler: 'euler' }).schedule).toBe('karras');
});

test('any value of any setting goes into the form and comes back', () => {
  fc.assert(
    fc.property(anyValues, (values) => {
      const fields = fieldsOf(values);
      for (const name of SETTING_NAMES) expect(acceptField(name, fields[name]), name).toBe(fields[name]);
      expect(valuesOf(SETTING_NAMES, fields)).toEqual(values);
    }),
  );
});

test('the longest text that a field accepts is the longest that a request may hold', () => {
  const { prompt, negativePrompt, model } = RequestSchema.entries;
  for (const length of [9_999, 10_000, 10_001]) {
    const text = 'x'.repeat(length);
    const accepted = length > 10_000 ? null : text;
    expect(acceptField('prompt', text)).toBe(accepted);
    expect(acceptField('negativePrompt', text)).toBe(accepted);
    expect([v.is(prompt, text), v.is(negativePrompt, text)]).toEqual([accepted !== null, accepted !== null]);
  }
  const names = ['a', 'b'].map((letter) => letter.repeat(96)).join('/');
  const longest = `${names}/${'c'.repeat(200)}.safetensors`;
  expect(acceptField('model', longest)).toBe(longest);
  expect(acceptField('model', `${longest.slice(0, -12)}c.safetensors`)).toBeNull();
  expect(v.is(model, longest)).toBe(true);
});

test('a snapped size is the nearest multiple of 8 in range', () => {
  fc.assert(
    fc.property(fc.double({ min: SETTINGS.width.min, max: SETTINGS.width.max, noNaN: true }), (pixels) => {
      const size = snap(SETTINGS.width, pixels);
      expect(size % 8).toBe(0);
      expect(size).toBeGreaterThanOrEqual(64);
      expect(size).toBeLessThanOrEqual(2048);
      expect(Math.abs(size - pixels)).toBeLessThanOrEqual(4);
    }),
  );
});
