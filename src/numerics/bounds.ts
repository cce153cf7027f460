import * as v from 'valibot';

/**
 * Numbers in the configurations that others write, as schemas. Each of them may size an array, a loop or a graph, so each
 * has limits: far beyond any model that is known, and small enough for a browser.
 */

/** A whole number from `least` to `most`. */
export const whole = (least: number, most: number) =>
  v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
/** A number from `least` to `most`. */
export const between = (least: number, most: number) =>
  v.pipe(v.number(), v.minValue(least), v.maxValue(most));
/** A number that others are divided by or multiplied with. */
export const factor = between(1e-6, 1e6);
/** The small number that keeps a norm from dividing by 0. */
export const epsilon = between(0, 1);

/** The most levels of a network: a picture is 2⁷ times as wide as its latents then. */
export const LEVELS = 8;
/** The most layers, one after another. */
export const LAYERS = 128;
/** The widest vectors. */
export const WIDTH = 65_536;
/** The most words of a vocabulary, each with an id below. */
export const VOCABULARY = 2 ** 20;
/** The most training steps of a schedule, of which nearly all models have 1000. */
export const TRAINING_STEPS = 10_000;
