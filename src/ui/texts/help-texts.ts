import type { Fields } from '../../state/form/fields.ts';
import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

/** Keys as they are written on the keyboard, and what they do. */
type Shortcut = readonly [keys: string, does: string];

const en = {
  title: 'Help',
  close: 'Close',
  shortcuts: 'Keys',
  places: {
    everywhere: 'Everywhere',
    create: 'Create',
    gallery: 'Gallery',
    picture: 'One picture as large as the window',
    mask: 'Mask',
  },
  keys: {
    everywhere: [
      ['Ctrl+Enter, ⌘+Enter', 'Generate, or add to the queue'],
      ['Esc', 'stop, or close what is open'],
      ['?', 'this help'],
    ],
    create: [
      ['Ctrl+↑, Ctrl+↓', 'in a prompt: more or less weight for the words at the cursor'],
      ['↑ ↓', 'in the first or last line of a prompt: earlier prompts, and back'],
      [
        'Ctrl+Z, Ctrl+Shift+Z',
        'undo or redo whatever has filled the form, such as an example or a picture’s settings',
      ],
      ['← →', 'in the strip of the last pictures: show another one'],
      ['F', 'there: mark it as a favourite'],
    ],
    gallery: [
      ['← ↑ → ↓, Home, End', 'go to another picture'],
      ['Enter', 'open it'],
      ['X', 'select it'],
      ['Shift+X, Shift+click', 'select all from the last one'],
      ['Ctrl+click, ⌘+click', 'select the first one'],
    ],
    picture: [
      ['← →', 'the one before, the next one'],
      ['Esc', 'close'],
    ],
    mask: [
      ['← ↑ → ↓', 'move the brush'],
      ['Space', 'paint'],
      ['[ ]', 'smaller, larger brush'],
      ['Ctrl+Z, Ctrl+Shift+Z', 'undo, redo'],
    ],
  } satisfies Record<string, readonly Shortcut[]>,
  settings: 'What each setting does',
  about: {
    prompt:
      'What the picture should show. (word:1.3) makes a word count more, [word] less; <lora:name:0.8> applies a LoRA.',
    negativePrompt: 'What it should not show. It counts only while guidance is above 1.',
    model:
      'The trained program that paints. Each has learned other things, and has sizes and steps of its own.',
    vae: 'The part that turns the model’s inner picture into pixels. Another one may give other colours or less memory.',
    unet: 'The part that removes the noise, taken from another model.',
    textEncoder: 'The part that reads the prompt, taken from another model.',
    bits: 'A copy of the model in fewer bits: less memory, and a slightly different picture.',
    numInferenceSteps:
      'How many times the picture is refined on its way out of the noise. More takes longer; above what the model needs, little changes.',
    guidanceScale:
      'How closely the prompt is followed. Low is free and soft, high is literal and, too high, burnt. At 1 or less it is off, and twice as fast.',
    scheduler:
      'The way from noise to picture. Some need fewer steps, some add noise anew and never settle. Those that suit the model come first.',
    schedule:
      'How the sampler’s steps are spread from noise to picture. Automatic is the sampler’s own way; the others are those of A1111’s schedule types.',
    seed: 'The number that the noise is made from. The same seed with the same settings gives the same picture.',
    width: 'Pixels from left to right. Pictures are best at the size the model was trained at.',
    height: 'Pixels from top to bottom. Larger pictures take more memory and time.',
    strength:
      'How much of the start picture may change: near 0 hardly anything, at 1 everything. Lower values run fewer steps.',
    fit: 'What happens to a start picture of another shape: cut off, stretched, or framed by what is painted.',
    maskBlur: 'How softly the repainted part runs out into the rest, in pixels.',
    maskedContent:
      'What lies under the mask when painting starts: the picture itself, the colours around it, or noise for something new.',
    paddingMaskCrop:
      'Paint the whole picture anew, or only the marked part at full size, which gives it more detail.',
    guidanceRescale: 'Takes back the glare that strong guidance gives. 0 is off, 0.7 is common.',
    guidanceStart: 'From where in the run the prompt is enforced: 0 is the beginning.',
    guidanceEnd: 'Until where: 1 is the end. Less is faster and looser in the details.',
    clipSkip:
      'Leaves out the last layers that read the prompt. Some models, anime ones above all, were trained with 1.',
    emphasis: 'How the weights of words, as in (word:1.3), are applied.',
    eta: 'How much fresh noise each step adds, in the samplers that leave it open. 0 is none.',
    noise: 'Whose random numbers are used, so that a seed gives here what it gave there.',
    hiresUpscaler: 'A second pass: the picture is painted small, enlarged, and refined at that size.',
    hiresScale: 'How many times wider and taller it becomes.',
    hiresStrength: 'How much the second pass may change. Too much repeats or breaks what is in the picture.',
    hiresSteps: 'How many steps the second pass runs. 0 is as many as the first.',
    previewVae: 'What is shown after every step: quick colours, or a sharp picture by a small decoder.',
    numImages: 'How many pictures one press makes, each from the next seed.',
    device: 'Where it is computed. Automatic takes the graphics card if it is fit for it.',
    filmstrip: 'Keeps eight pictures of the way out of the noise, to be saved as a strip, a GIF or a video.',
    memory: 'Whether all parts of the model stay loaded, or one at a time, which is slower and needs less.',
  } satisfies Record<keyof Fields, string>,
};

export type HelpTexts = typeof en;

const de: HelpTexts = {
  title: 'Hilfe',
  close: 'Schließen',
  shortcuts: 'Tasten',
  places: {
    everywhere: 'Überall',
    create: 'Malen',
    gallery: 'Galerie',
    picture: 'Ein Bild, so groß wie das Fenster',
    mask: 'Maske',
  },
  keys: {
    everywhere: [
      ['Strg+Enter, ⌘+Enter', 'malen, oder in die Warteschlange stellen'],
      ['Esc', 'anhalten, oder schließen, was offen ist'],
      ['?', 'diese Hilfe'],
    ],
    create: [
      ['Strg+↑, Strg+↓', 'im Prompt: die Wörter am Cursor mehr oder weniger gewichten'],
      ['↑ ↓', 'in der ersten oder letzten Zeile eines Prompts: frühere Prompts, und zurück'],
      [
        'Strg+Z, Strg+Umschalt+Z',
        'zurücknehmen oder wiederherstellen, was das Formular ausgefüllt hat, etwa ein Beispiel oder die Einstellungen eines Bildes',
      ],
      ['← →', 'im Streifen der letzten Bilder: ein anderes zeigen'],
      ['F', 'dort: es zum Favoriten machen'],
    ],
    gallery: [
      ['← ↑ → ↓, Pos1, Ende', 'zu einem anderen Bild gehen'],
      ['Enter', 'es öffnen'],
      ['X', 'es auswählen'],
      ['Umschalt+X, Umschalt+Klick', 'alle ab dem letzten auswählen'],
      ['Strg+Klick, ⌘+Klick', 'das erste auswählen'],
    ],
    picture: [
      ['← →', 'das vorige, das nächste'],
      ['Esc', 'schließen'],
    ],
    mask: [
      ['← ↑ → ↓', 'den Pinsel bewegen'],
      ['Leertaste', 'malen'],
      ['[ ]', 'kleinerer, größerer Pinsel'],
      ['Strg+Z, Strg+Umschalt+Z', 'zurücknehmen, wiederherstellen'],
    ],
  },
  settings: 'Was jede Einstellung tut',
  about: {
    prompt:
      'Was auf dem Bild sein soll. (Wort:1.3) lässt ein Wort mehr gelten, [Wort] weniger; <lora:Name:0.8> wendet eine LoRA an.',
    negativePrompt: 'Was nicht darauf sein soll. Es gilt nur, solange Guidance über 1 ist.',
    model:
      'Das trainierte Programm, das malt. Jedes hat anderes gelernt und hat eigene Größen und Schrittzahlen.',
    vae: 'Der Teil, der aus dem inneren Bild des Modells Pixel macht. Ein anderer gibt vielleicht andere Farben oder braucht weniger Speicher.',
    unet: 'Der Teil, der das Rauschen entfernt, aus einem anderen Modell.',
    textEncoder: 'Der Teil, der den Prompt liest, aus einem anderen Modell.',
    bits: 'Eine Kopie des Modells mit weniger Bits: weniger Speicher und ein etwas anderes Bild.',
    numInferenceSteps:
      'Wie oft das Bild auf dem Weg aus dem Rauschen verfeinert wird. Mehr dauert länger; über dem, was das Modell braucht, ändert sich wenig.',
    guidanceScale:
      'Wie genau dem Prompt gefolgt wird. Wenig ist frei und weich, viel ist wörtlich und, zu viel, verbrannt. Bei 1 und weniger ist es aus, und doppelt so schnell.',
    scheduler:
      'Der Weg vom Rauschen zum Bild. Manche brauchen weniger Schritte, manche fügen immer neues Rauschen hinzu. Die zum Modell passen, stehen oben.',
    schedule:
      'Wie die Schritte des Samplers zwischen Rauschen und Bild verteilt sind. Automatisch ist die Art des Samplers selbst; die anderen sind die Schedule types von A1111.',
    seed: 'Die Zahl, aus der das Rauschen entsteht. Derselbe Seed mit denselben Einstellungen gibt dasselbe Bild.',
    width:
      'Pixel von links nach rechts. Am besten werden Bilder in der Größe, mit der das Modell trainiert wurde.',
    height: 'Pixel von oben nach unten. Größere Bilder brauchen mehr Speicher und Zeit.',
    strength:
      'Wie viel vom Startbild sich ändern darf: bei 0 fast nichts, bei 1 alles. Kleinere Werte laufen in weniger Schritten.',
    fit: 'Was mit einem Startbild anderer Form geschieht: beschneiden, strecken oder einen Rand dazumalen.',
    maskBlur: 'Wie weich der neu gemalte Teil in den Rest ausläuft, in Pixeln.',
    maskedContent:
      'Was unter der Maske liegt, wenn das Malen beginnt: das Bild selbst, die Farben ringsum, oder Rauschen für etwas Neues.',
    paddingMaskCrop:
      'Das ganze Bild neu malen, oder nur den markierten Teil in voller Größe, der so mehr Einzelheiten bekommt.',
    guidanceRescale: 'Nimmt die Überbelichtung zurück, die starke Guidance gibt. 0 ist aus, 0,7 ist üblich.',
    guidanceStart: 'Ab wo im Lauf dem Prompt gefolgt wird: 0 ist der Anfang.',
    guidanceEnd: 'Bis wo: 1 ist das Ende. Weniger ist schneller und in den Einzelheiten freier.',
    clipSkip:
      'Lässt die letzten Schichten weg, die den Prompt lesen. Manche Modelle, vor allem für Anime, wurden mit 1 trainiert.',
    emphasis: 'Wie die Gewichte von Wörtern, wie in (Wort:1.3), angewandt werden.',
    eta: 'Wie viel neues Rauschen jeder Schritt hinzufügt, bei den Samplern, die es offen lassen. 0 ist keins.',
    noise: 'Wessen Zufallszahlen benutzt werden, damit ein Seed hier dasselbe gibt wie dort.',
    hiresUpscaler:
      'Ein zweiter Durchgang: Das Bild wird klein gemalt, vergrößert und in dieser Größe verfeinert.',
    hiresScale: 'Wie viel breiter und höher es wird.',
    hiresStrength:
      'Wie viel der zweite Durchgang ändern darf. Zu viel wiederholt oder zerstört, was im Bild ist.',
    hiresSteps: 'Wie viele Schritte der zweite Durchgang macht. 0 heißt so viele wie der erste.',
    previewVae:
      'Was nach jedem Schritt gezeigt wird: schnelle Farben, oder ein scharfes Bild von einem kleinen Decoder.',
    numImages: 'Wie viele Bilder ein Druck malt, jedes mit dem nächsten Seed.',
    device: 'Wo gerechnet wird. Automatisch nimmt die Grafikkarte, wenn sie dafür taugt.',
    filmstrip:
      'Behält acht Bilder vom Weg aus dem Rauschen, um sie als Streifen, GIF oder Video zu speichern.',
    memory:
      'Ob alle Teile des Modells geladen bleiben oder immer nur einer, was langsamer ist und weniger braucht.',
  },
};

export const HELP_TEXTS: Readonly<Record<Language, HelpTexts>> = { en, de };
