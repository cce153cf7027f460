import type { Language } from '../../state/page/language-store.ts';

// The words that a newcomer meets on the screen, in an order in which each is explained by those before it.

type Word = readonly [word: string, meaning: string];

const en: readonly Word[] = [
  ['Prompt', 'What you write: the picture in words.'],
  ['Model', 'The trained program that paints. What it was not shown in its training it cannot paint.'],
  ['Noise', 'Random dots. Every picture begins as noise.'],
  ['Step', 'One of the small changes by which the model takes the noise away, until a picture is left.'],
  ['Sampler', 'The rule by which the steps go. diffusers calls it a scheduler.'],
  ['Schedule', 'How much noise there still is at each step.'],
  ['Seed', 'The number that the noise is made from. The same seed gives the same noise.'],
  [
    'Guidance',
    'At each step the model looks at the picture with the prompt and without it, and goes further the prompt’s way. Also called CFG.',
  ],
  ['Token', 'A piece of a word, as the model reads it.'],
  ['Text encoder', 'The part of a model that reads the prompt.'],
  ['U-Net', 'The part of a model that takes the noise away.'],
  ['Latents', 'The picture as the model sees it while it works: small, and in no colours of ours.'],
  ['VAE', 'The part of a model that turns latents into pixels, and a start picture into latents.'],
  ['Checkpoint', 'A whole model in one file.'],
  ['LoRA', 'A small file that changes a model: a style, a person, a thing.'],
  ['Trigger words', 'The words that a LoRA was trained with. They belong in the prompt.'],
  ['Embedding', 'A small file that gives a model a new word. Also called textual inversion.'],
  ['Image to image', 'Painting from a picture in the place of pure noise.'],
  [
    'ControlNet',
    'A model beside the one that paints, which holds a picture to a map. A T2I-Adapter is a smaller one.',
  ],
  ['Map', 'A picture that a control model reads: edges, lines, depth, a pose.'],
  ['Inpainting', 'Painting only a part of a picture anew: the part under the mask.'],
  ['Outpainting', 'Painting beyond the edges of a picture.'],
  ['Hires fix', 'Painting small first, then refining the enlarged picture: large pictures keep their sense.'],
  ['Upscaling', 'Making a finished picture larger.'],
  ['WebGPU', 'The way by which a page in the browser computes on the graphics card.'],
  ['Hugging Face Hub', 'The site on which most models are published.'],
];

const de: readonly Word[] = [
  ['Prompt', 'Was man schreibt: das Bild in Worten.'],
  [
    'Modell',
    'Das trainierte Programm, das malt. Was ihm im Training nicht gezeigt wurde, kann es nicht malen.',
  ],
  ['Rauschen', 'Zufällige Punkte. Jedes Bild beginnt als Rauschen.'],
  [
    'Schritt',
    'Eine der kleinen Änderungen, durch die das Modell das Rauschen wegnimmt, bis ein Bild übrig ist.',
  ],
  ['Sampler', 'Die Regel, nach der die Schritte gehen. diffusers nennt sie Scheduler.'],
  ['Schedule', 'Wie viel Rauschen es bei jedem Schritt noch gibt.'],
  ['Seed', 'Die Zahl, aus der das Rauschen entsteht. Derselbe Seed gibt dasselbe Rauschen.'],
  [
    'Guidance',
    'In jedem Schritt sieht das Modell das Bild mit dem Prompt und ohne ihn an und geht weiter in die Richtung des Prompts. Auch CFG genannt.',
  ],
  ['Token', 'Ein Stück eines Wortes, so wie das Modell liest.'],
  ['Text-Encoder', 'Der Teil eines Modells, der den Prompt liest.'],
  ['U-Net', 'Der Teil eines Modells, der das Rauschen wegnimmt.'],
  ['Latents', 'Das Bild, wie das Modell es bei der Arbeit sieht: klein, und nicht in unseren Farben.'],
  ['VAE', 'Der Teil eines Modells, der aus Latents Pixel macht, und aus einem Ausgangsbild Latents.'],
  ['Checkpoint', 'Ein ganzes Modell in einer Datei.'],
  ['LoRA', 'Eine kleine Datei, die ein Modell verändert: ein Stil, eine Person, ein Ding.'],
  ['Auslöser', 'Die Wörter, mit denen eine LoRA trainiert wurde. Sie gehören in den Prompt.'],
  ['Embedding', 'Eine kleine Datei, die einem Modell ein neues Wort gibt. Auch Textual Inversion genannt.'],
  ['Image to image', 'Malen von einem Bild aus, statt aus reinem Rauschen.'],
  [
    'ControlNet',
    'Ein Modell neben dem malenden, das ein Bild an eine Karte bindet. Ein T2I-Adapter ist ein kleineres.',
  ],
  ['Karte', 'Ein Bild, das ein Kontrollmodell liest: Kanten, Linien, Tiefe, eine Pose.'],
  ['Inpainting', 'Nur einen Teil eines Bildes neu malen: den unter der Maske.'],
  ['Outpainting', 'Über die Ränder eines Bildes hinaus malen.'],
  ['Hires fix', 'Erst klein malen, dann das vergrößerte Bild verfeinern: Große Bilder behalten ihren Sinn.'],
  ['Hochskalieren', 'Ein fertiges Bild größer machen.'],
  ['WebGPU', 'Der Weg, auf dem eine Seite im Browser mit der Grafikkarte rechnet.'],
  ['Hugging Face Hub', 'Die Website, auf der die meisten Modelle veröffentlicht sind.'],
];

export const GLOSSARY: Readonly<Record<Language, readonly Word[]>> = { en, de };
