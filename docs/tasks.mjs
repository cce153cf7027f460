// `npm run tasks`: what people do most, done in the built app on the CPU and counted in actions, into docs/tasks.md.
import { writeFileSync } from 'node:fs';
import { Person } from './person.mjs';
import { TASKS } from './task-list.mjs';
import { withApp } from './with-app.mjs';

const path = (/** @type {string} */ relative) => new URL(relative, import.meta.url).pathname;
const SECONDS = 1000;

/**
 * What somebody does for a task, in a browser that has never seen the app.
 * @param {import('./task-list.mjs').Task} task
 * @param {import('@playwright/test').Browser} browser
 * @param {{ app: string, hub: string }} urls
 * @returns {Promise<readonly string[]>} An entry for each action.
 */
async function actionsFor({ ready, work }, browser, { app, hub }) {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  page.setDefaultTimeout(30 * SECONDS);
  await page.goto(`${app}#device=wasm&steps=2`);
  const person = new Person(page);
  await page.getByText(/^Trinket · CPU/).waitFor();
  await person.setMirror(hub);
  await ready?.(person);
  person.actions = [];
  await work(person);
  await context.close();
  return person.actions;
}

/** @param {readonly (import('./task-list.mjs').Task & { actions: readonly string[] })[]} done */
function report(done) {
  const rows = done.map(
    ({ name, before, actions }) => `| ${name} | ${before} | ${actions.length} | ${actions.join(' · ')} |`,
  );
  const sum = (/** @type {number[]} */ counts) => counts.reduce((all, count) => all + count, 0);
  const all = `| | ${sum(done.map(({ before }) => before))} | ${sum(done.map(({ actions }) => actions.length))} | |`;
  return `# What people do most, in actions

Each task is done in the built app, in a browser that has never seen it, and its result is looked at (\`npm run tasks\` writes this
page). An action is a press, a key, a text typed into a field, a choice in a list, a file chosen or dropped, or a stroke with the
brush; to wait is none. *Before* is the version of 24 November 2026, counted in the same way.

| Task | Before | Now | What is done |
| --- | --- | --- | --- |
${rows.join('\n')}
${all}
`;
}

await withApp(async (browser, urls) => {
  const done = [];
  for (const task of TASKS) {
    const actions = await actionsFor(task, browser, urls);
    done.push({ ...task, actions });
    console.log(task.name, actions.length);
  }
  writeFileSync(path('tasks.md'), report(done));
});
