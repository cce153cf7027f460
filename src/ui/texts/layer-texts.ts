import type { Preprocessor } from '../../protocol/control.ts';
import type { ControlFault } from '../../state/form/control-layers.ts';
import type { Language } from '../../state/page/language-store.ts';

// A dictionary of its own, in all languages, which is loaded with what shows it.

const en = {
  about: 'A control layer says where things are: by edges, depth, a pose. The prompt says what they are.',
  add: 'Add a control layer',
  layer: (number: number) => `Control layer ${number}`,
  use: 'Use this layer',
  remove: (number: number) => `Remove control layer ${number}`,
  fromFile: 'From a file…',
  fromStart: 'The start picture',
  fromEasel: 'The picture shown',
  drop: 'Or drop or paste one here. It never leaves this machine.',
  picture: 'Picture',
  model: 'Control model',
  noModel: 'Choose…',
  toModels: 'Models',
  kind: 'Kind of map',
  kinds: {
    none: 'As it is: a ready map',
    canny: 'Edges (Canny)',
    scribble: 'Scribble',
    lineart: 'Lines',
    depth: 'Depth',
    normal: 'Surfaces (normal map)',
    blur: 'Softened picture (tile)',
  } satisfies Record<Preprocessor, string> as Record<Preprocessor, string>,
  made: (purpose: string) => `Its maps show ${purpose}: one is made from your picture.`,
  readyMap: (purpose: string) => `Its maps show ${purpose}: your picture is used as it is.`,
  isMap: 'My picture is a map already',
  low: 'Low threshold',
  high: 'High threshold',
  sigma: 'Softness',
  making: 'Making the map…',
  brokenMap: 'The map of this layer is no picture that can be read. Choose another picture.',
  onlyMap: 'The picture that this map was made from is not here. Choose one to make another map.',
  stretched: 'It has another shape than the picture to be painted, and is stretched to that.',
  look: 'Look at the map, or paint on it',
  mapOf: (number: number) => `Map of control layer ${number}`,
  howTo:
    'Map. Arrow keys move the brush, Space paints, square brackets change its size, Control Z undoes a stroke.',
  black: 'Paint black',
  invert: 'Invert the map',
  scale: 'Control strength',
  start: 'From',
  end: 'To',
  part: 'Fractions of the run: 0 is its start, 1 its end.',
  guess: 'The map counts more than the prompt',
  faults: {
    'no-picture': () => 'This layer has no picture yet. Choose one, or switch the layer off.',
    'no-depth-model': () =>
      'What estimates depth is not on this device. Get it under Models, or choose a ready map.',
    'no-map': () => 'There is no map yet. Choose another picture.',
    'no-part': () => 'From must be less than To: the layer would count at no step.',
    'not-steered': (_, model) =>
      `There are no control models for ${model}. Choose a Stable Diffusion model above, or switch the layer off.`,
    'fixed-graph': (_, model) =>
      `${model} is in ONNX: its graphs are fixed, and nothing steers them. Choose a model with safetensors files, or switch the layer off.`,
    'no-model': () => 'Choose a control model.',
    'model-gone': (control) => `${control} is not on this device. Choose another, or get it under Models.`,
    'other-family': (control, model) =>
      `${control} was made for another kind of model than ${model}. Choose one that fits.`,
    'no-mode': () => 'Choose what the map shows.',
    'with-reuse': () =>
      'DeepCache and T-GATE do not work together with control layers. Set the DeepCache interval to 1 and the T-GATE step to 0, or switch the layer off.',
    'too-many': () => 'At most 8 layers count in a run. Switch one of them off.',
  } satisfies Record<ControlFault, (control: string, model: string) => string> as Record<
    ControlFault,
    (control: string, model: string) => string
  >,
  noneHere: (model: string) =>
    `No control model for ${model} is on this device. A ControlNet or T2I-Adapter is added under Models.`,
};

type ControlTexts = typeof en;

const de: ControlTexts = {
  about:
    'Eine Kontrollebene sagt, wo etwas ist: durch Kanten, Tiefe, eine Pose. Der Prompt sagt, was es ist.',
  add: 'Kontrollebene hinzufügen',
  layer: (number) => `Kontrollebene ${number}`,
  use: 'Diese Ebene verwenden',
  remove: (number) => `Kontrollebene ${number} entfernen`,
  fromFile: 'Aus einer Datei …',
  fromStart: 'Das Ausgangsbild',
  fromEasel: 'Das gezeigte Bild',
  drop: 'Oder hierher ziehen oder hier einfügen. Es verlässt dieses Gerät nie.',
  picture: 'Bild',
  model: 'Kontrollmodell',
  noModel: 'Wählen …',
  toModels: 'Modelle',
  kind: 'Art der Karte',
  kinds: {
    none: 'Wie es ist: eine fertige Karte',
    canny: 'Kanten (Canny)',
    scribble: 'Skizze',
    lineart: 'Linien',
    depth: 'Tiefe',
    normal: 'Oberflächen (Normalenkarte)',
    blur: 'Weichgezeichnetes Bild (Tile)',
  },
  made: (purpose) => `Seine Karten zeigen ${purpose}: Eine wird aus dem Bild gemacht.`,
  readyMap: (purpose) => `Seine Karten zeigen ${purpose}: Das Bild wird verwendet, wie es ist.`,
  isMap: 'Mein Bild ist schon eine Karte',
  low: 'Untere Schwelle',
  high: 'Obere Schwelle',
  sigma: 'Weichheit',
  making: 'Die Karte wird gemacht …',
  brokenMap: 'Die Karte dieser Ebene ist kein lesbares Bild. Ein anderes Bild wählen.',
  onlyMap:
    'Das Bild, aus dem diese Karte gemacht wurde, ist nicht da. Eines wählen, um eine andere zu machen.',
  stretched: 'Sie hat eine andere Form als das Bild, das gemalt wird, und wird darauf gestreckt.',
  look: 'Die Karte ansehen oder darauf malen',
  mapOf: (number) => `Karte der Kontrollebene ${number}`,
  howTo:
    'Karte. Pfeiltasten bewegen den Pinsel, die Leertaste malt, eckige Klammern ändern seine Größe, Strg Z macht einen Strich rückgängig.',
  black: 'Schwarz malen',
  invert: 'Die Karte umkehren',
  scale: 'Stärke der Kontrolle',
  start: 'Von',
  end: 'Bis',
  part: 'Teile des Laufs: 0 ist sein Anfang, 1 sein Ende.',
  guess: 'Die Karte zählt mehr als der Prompt',
  faults: {
    'no-picture': () => 'Diese Ebene hat noch kein Bild. Eines wählen oder die Ebene ausschalten.',
    'no-depth-model': () =>
      'Was die Tiefe schätzt, ist nicht auf diesem Gerät. Unter Modelle laden oder eine fertige Karte wählen.',
    'no-map': () => 'Es gibt noch keine Karte. Ein anderes Bild wählen.',
    'no-part': () => '„Von“ muss kleiner als „Bis“ sein: Die Ebene würde bei keinem Schritt zählen.',
    'not-steered': (_, model) =>
      `Für ${model} gibt es keine Kontrollmodelle. Oben ein Stable-Diffusion-Modell wählen oder die Ebene ausschalten.`,
    'fixed-graph': (_, model) =>
      `${model} liegt in ONNX vor: Seine Graphen sind fest, und nichts steuert sie. Ein Modell mit safetensors-Dateien wählen oder die Ebene ausschalten.`,
    'no-model': () => 'Ein Kontrollmodell wählen.',
    'model-gone': (control) =>
      `${control} ist nicht auf diesem Gerät. Ein anderes wählen oder es unter Modelle laden.`,
    'other-family': (control, model) =>
      `${control} wurde für eine andere Art von Modell gemacht als ${model}. Eines wählen, das passt.`,
    'no-mode': () => 'Wählen, was die Karte zeigt.',
    'with-reuse': () =>
      'DeepCache und T-GATE gehen nicht zusammen mit Kontrollebenen. Das DeepCache-Abstand auf 1 und den T-GATE-Schritt auf 0 stellen oder die Ebene ausschalten.',
    'too-many': () => 'In einem Lauf zählen höchstens 8 Ebenen. Eine davon ausschalten.',
  },
  noneHere: (model) =>
    `Für ${model} ist kein Kontrollmodell auf diesem Gerät. Ein ControlNet oder T2I-Adapter wird unter Modelle hinzugefügt.`,
};

/** The words of control layers. */
export const LAYER_TEXTS: Readonly<Record<Language, ControlTexts>> = { en, de };
