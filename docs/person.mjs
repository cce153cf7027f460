/** A file to give to the page. @typedef {{ name: string, mimeType: string, buffer: Buffer }} GivenFile */

const MINUTE = 60_000;

/**
 * Somebody in front of the app: what they do goes by the words they see and is written down, an entry for each action.
 * An action is a press, a text typed into a field, a choice in a list, a file chosen or dropped, or a stroke with the brush.
 */
export class Person {
  /** @type {string[]} */
  actions = [];

  /** @param {import('@playwright/test').Page} page */
  constructor(page) {
    this.page = page;
  }

  /** @param {string | RegExp} name Of a button. */
  async press(name) {
    this.actions.push(`press *${typeof name === 'string' ? name : name.source}*`);
    await this.button(name).click();
  }

  /** @param {string} field @param {string} text */
  async type(field, text) {
    this.actions.push(`*${field}*: type “${text}”`);
    await this.field(field).fill(text);
  }

  /** @param {string} key As Playwright writes it. @param {string} field Where. */
  async key(key, field) {
    this.actions.push(`${key} in *${field}*`);
    await this.field(field).press(key);
  }

  /** @param {string} list @param {string} option */
  async choose(list, option) {
    this.actions.push(`*${list}*: choose “${option}”`);
    await this.field(list).selectOption({ label: option });
  }

  /** @param {string} label Of the button that opens the browser's dialog. @param {GivenFile} file */
  async chooseFile(label, file) {
    this.actions.push(`press *${label}*`, `choose ${file.name}`);
    const dialog = this.page.waitForEvent('filechooser');
    await this.page.getByText(label, { exact: true }).last().click();
    await (await dialog).setFiles(file);
  }

  /** @param {GivenFile} file Dropped on the page. */
  async drop(file) {
    this.actions.push(`drop ${file.name}`);
    await this.page.evaluate(
      ([bytes, name, type]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([Uint8Array.from(bytes)], name, { type }));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      },
      /** @type {const} */ ([[...file.buffer], file.name, file.mimeType]),
    );
  }

  /** Draws one line across the middle of the mask. */
  async stroke() {
    this.actions.push('draw a line');
    const box = await this.page.getByRole('application', { name: /^Mask/ }).boundingBox();
    if (!box) throw new Error('No mask to draw on.');
    await this.page.mouse.move(box.x + box.width * 0.35, box.y + box.height * 0.5);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + box.width * 0.65, box.y + box.height * 0.5, { steps: 8 });
    await this.page.mouse.up();
  }

  /** No action: the Hub is a local one. @param {string} url */
  async setMirror(url) {
    await this.button('Models').click();
    await this.page.getByText('Hub settings').click();
    await this.field('Mirror').fill(url);
    await this.button('Create').click();
  }

  /** Looks on until a run has begun and is over; no action. */
  async watch() {
    await this.button('Stop').waitFor({ timeout: MINUTE });
    await this.button('Stop').waitFor({ state: 'detached', timeout: 5 * MINUTE });
  }

  /** @param {string | RegExp} name */
  button(name) {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' }).first();
  }

  /** @param {string} name */
  field(name) {
    return this.page.getByLabel(name, { exact: true }).first();
  }

  /** The seed of the picture in sight. */
  seed() {
    return this.page
      .getByText(/^seed \d+$/)
      .first()
      .textContent();
  }

  /** Sides of the pictures of the last run, such as “128×128”. @returns {Promise<string[]>} */
  pictures() {
    return this.page.locator('img[src^="blob:"]:not([alt="Start picture"], [alt=""])').evaluateAll((images) =>
      images.map((image) => {
        const { naturalWidth, naturalHeight } = /** @type {HTMLImageElement} */ (image);
        return `${naturalWidth}×${naturalHeight}`;
      }),
    );
  }
}
