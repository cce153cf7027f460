import type { Page } from '@playwright/test';
import type { App } from './app.ts';
import { expect } from './fixtures.ts';
import { runOver } from './page-watch.ts';

// Every control of a form turned, one after the other: what it does to the request and to the picture.

type Role = 'button' | 'textbox' | 'spinbutton' | 'slider' | 'combobox' | 'checkbox' | 'application';

/** A request as the worker got it; files stand there by their hash. */
export type SentRequest = { readonly [field: string]: unknown };

/** One control, and what turning it must do. */
export interface Control {
  readonly role: Role;
  readonly name: string;
  /** What a field is set to, and afterwards set back from. A checkbox or a pressed button needs none: it is pressed. */
  readonly value?: string;
  /** More than setting a value; `back` undoes it. */
  readonly turn?: () => Promise<unknown>;
  readonly back?: () => Promise<unknown>;
  /** The fields of the request that become others, no more and no fewer: `image.strength`. */
  readonly changes: readonly string[];
  /** The first picture's pixels become others unless this says that they must not. */
  readonly paints?: 'the same';
  /** How many pictures come of it, where not one. */
  readonly pictures?: number;
  /** It begins the run itself. */
  readonly runs?: true;
}

/** A dialog's way in and out. */
export interface Dialog {
  readonly open: () => Promise<unknown>;
  readonly close: () => Promise<unknown>;
}

/** From now on the page notes every request it sends; before it is loaded. */
export async function recordRequests(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const sent: unknown[] = [];
    Object.assign(globalThis, { sent });
    const original = Worker.prototype.postMessage as (...all: unknown[]) => void;
    Worker.prototype.postMessage = function (this: Worker, ...all: unknown[]) {
      const { name, params } = all[0] as { name?: string; params?: unknown };
      if (name === 'generate' || name === 'live') sent.push(params);
      original.apply(this, all);
    };
  });
}

/** The pictures on the easel, as CSS. */
const EASEL = 'section[aria-label=Picture] img[src^="blob:"]:not([alt=""])';

/** Their addresses. */
const sources = (page: Page): Promise<string[]> =>
  page.locator(EASEL).evaluateAll((images) => images.map((image) => (image as HTMLImageElement).src));

/** The last request, and the pixels of the first picture. */
const lastRun = (page: Page): Promise<{ request: SentRequest; pixels: string }> =>
  page.evaluate(async (easel) => {
    const hash = async (bytes: BufferSource) =>
      [...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))].join();
    const told = async (value: unknown): Promise<unknown> => {
      if (value instanceof Blob) return hash(await value.arrayBuffer());
      if (Array.isArray(value)) return Promise.all(value.map(told));
      if (typeof value !== 'object' || value === null) return value;
      const entries = Object.entries(value).map(async ([key, one]) => [key, await told(one)] as const);
      return Object.fromEntries(await Promise.all(entries));
    };
    const image = document.querySelector(easel) as HTMLImageElement;
    await image.decode();
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return {
      request: (await told((globalThis as unknown as { sent: unknown[] }).sent.at(-1))) as SentRequest,
      pixels: `${canvas.width}×${canvas.height} ${await hash(data)}`,
    };
  }, EASEL);

const isRecord = (value: unknown): value is SentRequest =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The paths at which two requests differ. */
function differences(one: unknown, other: unknown, path = ''): string[] {
  if (!isRecord(one) || !isRecord(other)) return JSON.stringify(one) === JSON.stringify(other) ? [] : [path];
  return Object.keys({ ...one, ...other }).flatMap((key) =>
    differences(one[key], other[key], path ? `${path}.${key}` : key),
  );
}

const title = ({ role, name }: Pick<Control, 'role' | 'name'>) => `${role} “${name}”`;

/** Every control in sight of these regions, or of the dialog over them, as assistive technology finds them. */
export async function inSight(page: Page, names = ['What to paint', 'Settings']): Promise<string[]> {
  const dialog = page.getByRole('dialog');
  const regions = names.map((name) => page.getByRole('region', { name, exact: true }));
  const shown = (await dialog.count()) > 0 ? [dialog] : regions;
  const trees = await Promise.all(shown.map((region) => region.ariaSnapshot()));
  const roles =
    /^\s*- '?(button|textbox|spinbutton|slider|combobox|checkbox|radio|application|switch)(?: "((?:[^"\\]|\\.)*)")?/;
  const controls = trees
    .flatMap((tree) => tree.split('\n'))
    .flatMap((line) => {
      const [, role, name = ''] = roles.exec(line) ?? [];
      return role ? [{ role: role as Role, name }] : [];
    });
  return controls.map(title);
}

const HELP = 'Help: ';

/** The settings among these that “?” does not stand beside; a dialog's numbers are of that dialog alone. */
const withoutHelp = (shown: readonly string[]) =>
  shown.filter((name) => {
    const [, role, label] = /^(\w+) “(.*)”$/.exec(name) ?? [];
    return (
      /^(textbox|spinbutton|combobox|checkbox)$/.test(role ?? '') &&
      !shown.includes(`button “${HELP}${label}”`)
    );
  });

/** Turns controls one by one, and holds what comes of each against what it was before. */
export class Walk {
  readonly #app: App;
  readonly #known: Set<string>;

  /** `elsewhere` are controls that may be in sight and are not turned here. */
  constructor(app: App, elsewhere: readonly Pick<Control, 'role' | 'name'>[]) {
    this.#app = app;
    this.#known = new Set(elsewhere.map(title));
  }

  /** Turns these, which must be all that is in sight, and a dialog's while it is open. The form is afterwards as it was. */
  async turnAll(controls: readonly Control[], dialog?: Dialog): Promise<void> {
    const before = await this.#make();
    await this.#compareWithPage(controls, dialog);
    for (const control of controls) await this.#turn(control, before);
    const after = await this.#make();
    expect(differences(before.request, after.request), 'the form is as it was').toEqual([]);
    expect(after.pixels, 'the picture is as it was').toBe(before.pixels);
  }

  /** What is in sight is in the table, and what is in the table is in sight. */
  async #compareWithPage(controls: readonly Control[], dialog?: Dialog): Promise<void> {
    await dialog?.open();
    const all = await inSight(this.#app.page);
    await dialog?.close();
    if (!dialog) expect(withoutHelp(all), 'settings without help').toEqual([]);
    const shown = all.filter((name) => !name.startsWith(`button “${HELP}`));
    const own = controls.map(title);
    for (const name of own) this.#known.add(name);
    const unknown = shown.filter((name) => !this.#known.has(name));
    expect(unknown, 'controls on the page that the table lacks').toEqual([]);
    const missing = own.filter((name) => !shown.includes(name));
    expect(missing, 'controls in the table that the page lacks').toEqual([]);
  }

  async #turn(control: Control, before: { request: SentRequest; pixels: string }): Promise<void> {
    const { role, name, value, changes, paints, pictures = 1, runs = false } = control;
    const place = this.#app.page.getByRole(role, { name, exact: true });
    const set = (text: string) => (role === 'combobox' ? place.selectOption(text) : place.fill(text));
    const old = value === undefined ? '' : await place.inputValue();
    if (control.turn) await control.turn();
    else if (value !== undefined) await set(value);
    else if (!runs) await place.click();

    const after = await this.#make(pictures, runs ? name : 'Generate');
    expect(differences(before.request, after.request).sort(), title(control)).toEqual([...changes].sort());
    const isSame = after.pixels === before.pixels;
    expect(isSame, `${title(control)}: the same pixels`).toBe(paints === 'the same');

    if (control.back) await control.back();
    else if (value !== undefined) await set(old);
    else if (!runs) await place.click();
  }

  async #make(pictures = 1, press = 'Generate'): Promise<{ request: SentRequest; pixels: string }> {
    const { page } = this.#app;
    const before = await sources(page);
    await this.#app.button(press).click();
    const said = await page.evaluate(runOver, { pictures: EASEL, count: pictures, before });
    expect(said, 'what the page says').toBe('');
    return lastRun(page);
  }
}
