import type { Language } from '../../state/page/language-store.ts';
import type { ControlHelpName, SettingHelp } from './setting-help.ts';

type ControlHelp = Readonly<Record<ControlHelpName, SettingHelp>>;

const en: ControlHelp = {
  controlModel: {
    does: 'A ControlNet or T2I-Adapter: a model that keeps a picture to a map, each to its own kind.',
    change: 'A T2I-Adapter is smaller and faster; a ControlNet keeps closer to the map.',
    start: 'Canny, to keep the outlines of a picture.',
  },
  controlKind: {
    does: 'What the map shows, and how it is made from your picture.',
    change: 'It should be the kind that the control model was trained with; others steer badly.',
    start: 'The kind in the name of the model.',
  },
  controlMap: {
    does: 'Uses the picture without making a map of it.',
    change:
      'Right for a drawing of lines, a depth map or a pose that another program has made; wrong for a photo.',
    start: 'Off for a photo.',
  },
  controlThreshold: {
    does: 'How steep an edge must be: it begins above the high threshold, and goes on above the low one.',
    change: 'Higher values leave only strong outlines, lower ones every small detail.',
    start: '100 and 200.',
  },
  controlSigma: {
    does: 'How far the picture is softened, in pixels.',
    change: 'More leaves the model more to invent; 0 shows it the picture as it is.',
    start: 'Begin with 9.',
  },
  controlScale: {
    does: 'How strongly the layer holds the picture to its map.',
    change: 'More keeps closer to the map, and may look stiff; 0 switches it off.',
    start: '1, and a little less where several layers count.',
  },
  controlPart: {
    does: 'The part of the run in which the layer counts.',
    change: 'An early end leaves the details to the prompt; a late start leaves the composition to it.',
    start: 'From 0 to 1, or to 0.5 for a loose hold.',
  },
  controlGuess: {
    does: 'Only the prompted half of a step is steered, so that guidance strengthens what the map asks for, coarse shapes above all.',
    change: 'On, the picture follows the map even with an empty prompt; a guidance of 3 to 5 suits it.',
    start: 'Off.',
  },
  controlOn: {
    does: 'Whether the layer counts in the next run.',
    change: 'Off, it stays here with all its settings.',
    start: 'On.',
  },
  picturePromptAdapter: {
    does: 'What reads the pictures: an IP-Adapter, with an image encoder of its own.',
    change: 'Plus keeps closer to the picture than a plain one; full-face is for portraits.',
    start: 'A plain one, to combine a picture with words.',
  },
  picturePromptScale: {
    does: 'How strongly the pictures count beside the words.',
    change: 'More takes more after the pictures; 0 switches them off.',
    start: '0.6 with words, 1 with an empty prompt.',
  },
  picturePromptParts: {
    does: 'What is taken over from the pictures.',
    change:
      'Style takes over colours and manner, layout where things are. It works best with SDXL; with SD 1 it is a trial.',
    start: 'Everything, or Style only with a strength of 1.',
  },
  picturePromptOn: {
    does: 'Whether the picture prompt counts in the next run.',
    change: 'Off, it stays here with all its settings.',
    start: 'On.',
  },
};

const de: ControlHelp = {
  controlModel: {
    does: 'Ein ControlNet oder T2I-Adapter: ein Modell, das ein Bild an eine Karte bindet, jedes an seine Art.',
    change: 'Ein T2I-Adapter ist kleiner und schneller; ein ControlNet hält sich genauer an die Karte.',
    start: 'Canny, um die Umrisse eines Bildes zu behalten.',
  },
  controlKind: {
    does: 'Was die Karte zeigt und wie sie aus dem Bild gemacht wird.',
    change: 'Es sollte die Art sein, mit der das Kontrollmodell trainiert wurde; andere steuern schlecht.',
    start: 'Die Art, die im Namen des Modells steht.',
  },
  controlMap: {
    does: 'Verwendet das Bild, ohne eine Karte daraus zu machen.',
    change:
      'Richtig für eine Strichzeichnung, eine Tiefenkarte oder eine Pose aus einem anderen Programm; falsch für ein Foto.',
    start: 'Aus für ein Foto.',
  },
  controlThreshold: {
    does: 'Wie steil eine Kante sein muss: Sie beginnt über der oberen Schwelle und geht über der unteren weiter.',
    change: 'Höhere Werte lassen nur starke Umrisse, niedrigere jede Kleinigkeit.',
    start: '100 und 200.',
  },
  controlSigma: {
    does: 'Wie weit das Bild weichgezeichnet wird, in Pixeln.',
    change: 'Mehr lässt dem Modell mehr zu erfinden; 0 zeigt ihm das Bild, wie es ist.',
    start: 'Mit 9 beginnen.',
  },
  controlScale: {
    does: 'Wie stark die Ebene das Bild an ihre Karte bindet.',
    change: 'Mehr hält sich genauer an die Karte und wirkt leicht steif; 0 schaltet sie aus.',
    start: '1, und etwas weniger, wo mehrere Ebenen zählen.',
  },
  controlPart: {
    does: 'Der Teil des Laufs, in dem die Ebene zählt.',
    change:
      'Ein frühes Ende überlässt dem Prompt die Einzelheiten, ein später Anfang überlässt ihm den Aufbau.',
    start: 'Von 0 bis 1, oder bis 0,5 für lockeren Halt.',
  },
  controlGuess: {
    does: 'Nur die Hälfte eines Schritts mit dem Prompt wird gesteuert: So verstärkt Guidance, was die Karte verlangt, vor allem grobe Formen.',
    change: 'Eingeschaltet folgt das Bild der Karte auch ohne Prompt; eine Guidance von 3 bis 5 passt dazu.',
    start: 'Aus.',
  },
  controlOn: {
    does: 'Ob die Ebene beim nächsten Lauf zählt.',
    change: 'Ausgeschaltet bleibt sie hier, mit allen Einstellungen.',
    start: 'Ein.',
  },
  picturePromptAdapter: {
    does: 'Was die Bilder liest: ein IP-Adapter mit einem eigenen Bild-Encoder.',
    change: 'Plus hält sich näher an das Bild als ein einfacher; full-face ist für Porträts.',
    start: 'Ein einfacher, um ein Bild mit Wörtern zu verbinden.',
  },
  picturePromptScale: {
    does: 'Wie stark die Bilder neben den Wörtern zählen.',
    change: 'Mehr richtet sich stärker nach den Bildern; 0 schaltet sie aus.',
    start: '0,6 mit Wörtern, 1 bei leerem Prompt.',
  },
  picturePromptParts: {
    does: 'Was von den Bildern übernommen wird.',
    change:
      'Der Stil übernimmt Farben und Machart, der Aufbau, wo etwas ist. Am besten geht es mit SDXL; mit SD 1 ist es ein Versuch.',
    start: 'Alles, oder nur den Stil bei einer Stärke von 1.',
  },
  picturePromptOn: {
    does: 'Ob der Bild-Prompt beim nächsten Lauf zählt.',
    change: 'Ausgeschaltet bleibt er hier, mit allen Einstellungen.',
    start: 'Ein.',
  },
};

/** What there is to say about the settings of a control layer, and of a picture prompt. */
export const CONTROL_HELP: Readonly<Record<Language, ControlHelp>> = { en, de };
