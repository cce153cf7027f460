import { SCHEDULE_LABELS } from '../../catalog/schedules.ts';
import type { ErrorDetails } from '../../protocol/errors.ts';
import type { FileKind } from '../../protocol/file-kind.ts';
import type { Stored } from '../../storage/storage-news.ts';
import { capitalised } from './capitalised.ts';
import type { Hardware, Texts } from './en.ts';
import { type ErrorPlace, hasChosenFile, hasForm, hasModels, isPainting } from './error-places.ts';
import { settingLabel } from './setting-label.ts';

const AGAIN: Readonly<Record<ErrorPlace, string>> = {
  create: 'noch einmal „Malen“ drücken',
  draw: 'noch einen Strich zeichnen',
  'start-image': 'das Bild noch einmal wählen',
  mask: 'noch einmal klicken',
  embeddings: 'die Datei noch einmal hinzufügen',
  unsaved: 'das Bild herunterladen, damit es bleibt',
  save: 'es noch einmal speichern',
  queue: 'es noch einmal versuchen',
  experiments: 'es noch einmal versuchen',
  gallery: 'es noch einmal versuchen',
  search: 'noch einmal suchen',
  'look-up': 'noch einmal nachsehen',
  disk: 'die Datei noch einmal öffnen',
  models: 'es noch einmal versuchen',
  measure: 'noch einmal messen',
  upscale: 'das Bild noch einmal hochskalieren',
  migration: 'es noch einmal versuchen',
  page: 'die Seite neu laden',
};
const onForm = (place: ErrorPlace) => (hasForm(place) ? '' : ' unter „Malen“');
const onModels = (place: ErrorPlace) => (hasModels(place) ? '' : ' unter „Modelle“');
const device = (place: ErrorPlace) => `das Gerät${onForm(place)}`;
const advanced = (place: ErrorPlace) => `in „Erweitert“${onForm(place)}`;
const hubSettings = (place: ErrorPlace) => `in „Hub-Einstellungen“${onModels(place)}`;
const OTHER_FILES: Readonly<Record<FileKind, { readonly is: string; readonly remedy: string }>> = {
  empty: { is: 'leer', remedy: 'Sie noch einmal herunterladen.' },
  'web-page': {
    is: 'eine Webseite',
    remedy:
      'Die Website hat statt der Datei eine Seite geschickt, vielleicht eine zum Anmelden: die Datei dort noch einmal herunterladen.',
  },
  'lfs-pointer': {
    is: 'ein Git-LFS-Zeiger, der die Datei nur nennt',
    remedy: 'In ihrem Ordner „git lfs pull“ ausführen, oder die Datei selbst herunterladen.',
  },
  pickle: {
    is: 'ein Pickle (.ckpt, .pt, .bin), das Programme ausführen kann',
    remedy: 'Nach einer Fassung suchen, die auf .safetensors endet.',
  },
  safetensors: { is: 'ein Modell (.safetensors)', remedy: 'Es unter „Modelle“ hinzufügen.' },
  gguf: {
    is: 'eine GGUF-Datei',
    remedy: 'Sie so umbenennen, dass sie auf .gguf endet, und unter „Modelle“ hinzufügen.',
  },
  zip: { is: 'ein ZIP', remedy: 'Es entpacken und die Datei darin wählen.' },
  archive: { is: 'ein Archiv', remedy: 'Es entpacken und die Datei darin wählen.' },
  picture: {
    is: 'ein Bild',
    remedy: 'Die .safetensors-Datei wählen; ein Bild lässt sich unter „Malen“ öffnen.',
  },
  video: { is: 'ein Video', remedy: 'Eine andere Datei wählen.' },
  pdf: { is: 'ein PDF', remedy: 'Eine andere Datei wählen.' },
  json: {
    is: 'ein Text mit Einstellungen (JSON)',
    remedy: 'Die Datei wählen, zu der sie gehören.',
  },
};

/** With the comma that a number has in German. */
const decimal = (value: number | string) => String(value).replace('.', ',');

const megabytes = (bytes: number) =>
  `${(bytes / 1e6).toLocaleString('de', { maximumSignificantDigits: 3 })} MB`;

const HARDWARE: Readonly<Record<Hardware, string>> = {
  gpu: 'der eigenen GPU',
  cpu: 'der eigenen CPU',
  unknown: 'diesem Rechner',
};

const STORED: Readonly<Record<Stored, string>> = {
  settings: 'Einstellungen',
  picture: 'Bilder',
  job: 'die Warteschlange',
  experiment: 'Versuche',
  file: 'Ausgangsbild, Kontrollebenen, Bild-Prompts und Embeddings',
  drawing: 'die Zeichnung',
};

const isStored = (what: string | number): what is Stored => Object.hasOwn(STORED, what);

const LABELS: Texts['fields']['labels'] = {
  seed: 'Seed',
  numInferenceSteps: 'Schritte',
  guidanceScale: 'Guidance',
  width: 'Breite',
  height: 'Höhe',
  guidanceRescale: 'Guidance-Ausgleich',
  guidanceStart: 'Guidance-Anfang',
  guidanceEnd: 'Guidance-Ende',
  clipSkip: 'Clip Skip',
  emphasis: 'Betonung',
  strength: 'Stärke',
  maskBlur: 'Maskenunschärfe',
  eta: 'Eta',
  cacheInterval: 'DeepCache-Abstand',
  cacheBranchId: 'DeepCache-Zweig',
  gateStep: 'T-GATE-Schritt',
  hiresScale: 'Hires-Faktor',
  hiresStrength: 'Hires-Stärke',
  hiresSteps: 'Hires-Schritte',
  numImages: 'Bilder',
  prompt: 'Prompt',
  negativePrompt: 'Negativ-Prompt',
  scheduler: 'Sampler',
  schedule: 'Schedule',
  model: 'Modell',
  textEncoder: 'Text-Encoder',
  unet: 'U-Net',
  vae: 'VAE',
  previewVae: 'Vorschau',
  device: 'Gerät',
  noise: 'Rauschen',
  fit: 'Einpassen',
  hiresUpscaler: 'Hires fix',
  maskedContent: 'Unter der Maske',
  paddingMaskCrop: 'Bereich',
  filmstrip: 'Filmstreifen',
  memory: 'Speicher',
  bits: 'Gewichte',
};

/** Every word of the interface in German. */
export const de: Texts = {
  about: {
    label: 'Über Safelight',
    what: 'Stable Diffusion in einem Browser-Tab. Prompts und Bilder bleiben auf diesem Rechner.',
    licence: 'Safelight ist freie Software unter der MIT-Lizenz, ebenso Trinket.',
    noticesTitle: 'Lizenzen',
    notices: 'Safelight enthält die Arbeit anderer, jede unter ihrer eigenen Lizenz.',
    asText: 'Als einfachen Text öffnen (neuer Tab)',
    loading: 'Die Lizenzen werden geladen …',
    failed: 'Die Lizenzen ließen sich nicht laden. Verbindung prüfen und noch einmal öffnen.',
    close: 'Schließen',
  },
  app: {
    screens: {
      create: 'Malen',
      draw: 'Zeichnen',
      experiments: 'Versuche',
      gallery: 'Galerie',
      models: 'Modelle',
    },
    screensLabel: 'Ansichten',
    createLabel: 'Ein Bild malen',
    updateReady: 'Eine neue Version von Safelight ist da.',
    reload: 'Neu laden',
    framed:
      'Eine andere Seite zeigt Safelight in einem Rahmen. Dort läuft es nicht, denn jene Seite könnte Klicks umlenken.',
    openAlone: 'Safelight in einem eigenen Tab öffnen',
    downloaded: (percent) => `${percent} % geladen`,
    deviceUnknown: 'Gerät unbekannt',
    lookingForGpu: 'Sucht eine GPU …',
    language: 'Sprache',
    theme: 'Farben',
    themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
    notLoaded:
      'Dieser Teil von Safelight ließ sich nicht laden. Die Internetverbindung prüfen und es noch einmal versuchen, oder die Seite neu laden.',
    help: 'Hilfe',
  },
  migration: {
    label: 'Neue Version von Safelight',
    waiting:
      'Eine ältere Version von Safelight ist noch in einem anderen Tab oder Fenster offen. Ist sie geschlossen, geht es hier weiter.',
    moving:
      'Bilder, Modelle und Einstellungen werden an einen neuen Ort verschoben. Das geschieht einmal; hochgeladen wird nichts.',
    progress: 'Verschoben',
    progressText: (done, total) => `${done} von ${total}`,
    failed: 'Nicht alles ließ sich verschieben. Verloren ist nichts: Der Rest liegt, wo er war.',
    tryAgain: 'Noch einmal versuchen',
    later: 'Weiter, und den Rest beim nächsten Mal verschieben',
  },
  create: {
    label: 'Was gemalt wird',
    mayBeEmpty: 'Kann leer bleiben: Dann malt das Modell frei.',
    tokensIn: (count, chunks) => `${count} Tokens in ${chunks} Abschnitten`,
    tokens: (chunks) => `${chunks} Tokens`,
    tokensOf: (count, room) => `${count} von ${room} Tokens`,
    aboutTokens: (room) => `Tokens: die Wortstücke, die der Text-Encoder liest, ${room} auf einmal`,
    unnamedTokens: (count) =>
      `Dieses Modell hat ${count === 1 ? 'ein Wort gelernt, das' : `${count} Wörter gelernt, die`} keine seiner Dateien hier nennt. Wurde es mit Safelight 0.2 oder älter geladen, hilft es, unter Modelle noch einmal nachzusehen: Nur die fehlende Datei wird geladen.`,
    earlier: { prompt: 'Frühere Prompts', negativePrompt: 'Frühere negative Prompts' },
    styles: 'Stile und Wildcards',
    unfold: (label) => `Feld zeigen: ${label}`,
    undoShortcut: 'Strg+Z oder ⌘+Z',
    generate: 'Malen',
    shortcut: 'Strg+Enter oder ⌘+Enter',
    waitsItsTurn: 'Kommt in die Warteschlange (Strg+Enter oder ⌘+Enter)',
    stop: 'Anhalten',
    stopping: 'Hält an …',

    settings: 'Einstellungen',
    notHere: (model) => `${model} ist nicht auf diesem Gerät. Es gibt es unter „Modelle“.`,
    moreModels: 'Weitere vom Hub oder von der Festplatte unter „Modelle“.',
    unguided: 'Bei 1 oder weniger ist Guidance aus.',
    unguidedNegative: 'Bei 1 oder weniger ist Guidance aus, und der Negativ-Prompt zählt nicht.',
    randomSeed: 'Zufälliger Seed',
    lockSeed: 'Seed festhalten',
    seedKept: 'Bleibt, bis er losgelassen wird.',
    seedDrawn: 'Gilt einmal, dann wird ein neuer gezogen.',
    shapes: 'Form',
    shape: (width, height) =>
      `${width} × ${height} · ${width === height ? 'Quadrat' : width > height ? 'Querformat' : 'Hochformat'}`,
    ownShape: 'Andere Größe',
    swapSides: 'Breite und Höhe vertauschen',
    keepRatio: 'Seitenverhältnis behalten',
    trainedAt: (model, width, height) =>
      `${model} wurde mit ${width} × ${height} trainiert; andere Größen können schlechter aussehen.`,
    filmstrip: 'Dekodiert das Bild unterwegs achtmal ganz.',
    hires: 'Erst klein gemalt, dann vergrößert und in dieser Größe verfeinert.',
    pixels: (width, height) => `${width} × ${height} Pixel`,
    keepsPicture: (model, width, height, strength) =>
      `${model} wurde mit ${width} × ${height} trainiert: Darüber bleibt mit einer Stärke von höchstens ${strength} erhalten, was im Bild ist.`,
    blurredLatents: 'Latent bleibt bei so wenig unscharf, Lanczos ist scharf.',
    sameSteps: (steps) => `0 heißt: so viele wie Schritte (${steps}).`,

    groups: {
      picture: 'Bild',
      control: 'Kontrollebenen',
      picturePrompts: 'Bild-Prompts',
      guidance: 'Guidance und Schritte',
      seed: 'Seed',
      advanced: 'Erweitert',
    },
    layers: (count) => (count === 1 ? '1 Ebene' : `${count} Ebenen`),
    changed: (count) => `${count} geändert`,
    reset: 'Zurücksetzen',
    resetTo: (model) => `Auf die Vorgaben von ${model} zurücksetzen`,
    notUsual: (count, model) => `${count} anders als von ${model} vorgegeben`,
    partsOfRun: 'Teile des Laufs: 0 ist sein Anfang, 1 sein Ende.',
    lastRun: (plan) => `Letzter Lauf: ${plan}`,
    plan: {
      all: 'Alles bleibt geladen',
      'one-by-one': 'Eine Komponente nach der anderen wird geladen',
      inTurn: 'Prompt und Negativ-Prompt laufen nacheinander',
      tiled: 'das Bild wird in Kacheln dekodiert',
      about: (size) => `etwa ${size}`,
      tooMuch: 'Dafür reicht der Speicher vielleicht nicht.',
    },
    loras: 'LoRAs',
    add: 'Einfügen',
    addLora: (lora) => `${lora} in den Prompt einfügen`,
    triggerWords: 'Auslöser:',
    aboutLoras: 'Im Prompt wendet <lora:name:0.8> eine mit der Stärke 0,8 an.',
    embeddings: 'Embeddings',
    remove: (embedding) => `${embedding} entfernen`,
    addEmbedding: '.safetensors hinzufügen …',
    aboutEmbeddings:
      'Textual Inversions für dieses Modell. Um eine zu benutzen, den Namen ihrer Datei in den Prompt schreiben.',

    welcome: (megabytes, hardware) =>
      `Etwas Einfaches eintippen und „Malen“ drücken: Ein Modell von ${megabytes} MB, das mit dieser Seite kam, malt es auf ${HARDWARE[hardware]}. Nichts verlässt diesen Rechner.`,
    knows: (model) =>
      `${model} kennt Dinge, Tiere, Essen, Gesichter und einfache Formen: in jeder Farbe, auf jedem Hintergrund, klein oder groß, einzeln oder zu zweit. Es liest Englisch. Diese Bilder sind von ihm; ein Klick malt eines neu:`,
    whatItKnows: (model) => `Was ${model} kennt`,
    welcomeTo: (model, hardware) =>
      `Eintippen, was zu sehen sein soll, und „Malen“ drücken: ${model} malt es auf ${HARDWARE[hardware]}. Nichts verlässt diesen Rechner.`,

    reuseSeed: 'Seed übernehmen',
    startFrom: 'Damit beginnen',
    download: 'Herunterladen',
    moreActions: 'Mehr damit tun',
    copyImage: 'Bild kopieren',
    copyParameters: 'Parameter kopieren',
    copyLink: 'Link kopieren',
    share: 'Teilen …',
    divider: 'Trennlinie zwischen den Bildern',
    dividedAt: (percent, left, right) => `${percent} % ${left}, ${100 - percent} % ${right}`,
  },
  device: {
    gpuFailed: (times) =>
      `Die CPU rechnet, weil die GPU ${times === 1 ? 'versagt hat und verschwunden ist' : times === 2 ? 'zweimal versagt hat' : `${times}-mal versagt hat`}. Hilft ein neuer Versuch nicht, die Seite neu laden.`,
    tryGpuAgain: 'GPU noch einmal versuchen',
    cpu: (threads) => `CPU · ${threads} ${threads === 1 ? 'Thread' : 'Threads'}`,
    byOnnxruntime: '(mit onnxruntime, weil diese GPU Safelights eigene Kernel falsch rechnet)',
    notTheGpu: {
      'no-webgpu': 'Dieser Browser unterstützt WebGPU nicht.',
      'no-adapter': 'Dieser Browser fand keine brauchbare GPU.',
      software: 'WebGPU läuft hier als Software, langsamer als die CPU.',
      'wrong-numbers': 'Diese GPU rechnet falsch.',
      failed: 'Die CPU rechnet, weil die GPU versagt hat.',
    },
  },
  easel: {
    label: 'Bild',
    steppedDown: (bits) =>
      bits === null || bits === 16
        ? 'Der Speicher war voll, deshalb hat der Lauf mit weniger noch einmal begonnen; Läufe dieses Modells in dieser Größe beginnen künftig so:'
        : `Der Speicher war voll, deshalb hat der Lauf mit der ${bits}-Bit-Kopie noch einmal begonnen; Läufe dieses Modells in dieser Größe beginnen künftig so:`,
    substitute: (asked, used) =>
      `Der eigene Sampler dieses Modells ist ${asked}, den Safelight nicht unterstützt. Gemalt wurde mit ${used}; vielleicht passt ein anderer besser.`,
    tags: 'Nicht ganz, wie es im Prompt steht:',
    tagNotes: {
      'no-lora': ({ tag }) => `${tag} blieb weg: Safelight kennt von solchen Netzen nur LoRAs.`,
      'no-weight': ({ tag }) =>
        `${tag} blieb weg: Es braucht einen Namen und eine Zahl, wie <lora:name:0.8>.`,
      'named-twice': ({ tag }) =>
        `${tag} blieb weg: Der Prompt nennt diese LoRA schon vorher, und das erste Mal zählt.`,
      'in-part': ({ tag, ignored }) => `${tag} wirkt ohne „${ignored}“, das Safelight nicht kennt.`,
    },
    loraNotes: {
      'unused-keys': ({ lora, key, count }) =>
        count === 1
          ? `${lora} wurde ohne ${key} benutzt; dafür hat dieses Modell keinen Platz. Der Rest ist angewandt.`
          : `${lora} wurde ohne ${key} und ${count - 1} weitere benutzt; dafür hat dieses Modell keinen Platz. Der Rest ist angewandt.`,
      'unknown-strength': ({ lora }) =>
        `Wie stark ${lora} gemeint war, ist nicht bekannt: Das steht in ihrer adapter_config.json, und die fehlt hier. Ändert sich das Bild kaum, die Zahl im Prompt erhöhen, oder beide Dateien zusammen unter Modelle hinzufügen.`,
      'unread-strength': ({ lora, pattern }) =>
        `Teile von ${lora} waren vielleicht stärker oder schwächer gemeint: Das steht in ihren Einstellungen unter dem Muster ${pattern}, das Safelight nicht lesen kann. Ist das Bild nicht wie erwartet, die Zahl im Prompt ändern.`,
    },
    formChanged: 'Das Formular ist seither geändert.',
    madeElsewhere: {
      gallery: 'Aus der Galerie; das Formular hat andere Einstellungen.',
      experiment: 'Aus einem Versuch; das Formular hat andere Einstellungen.',
    },
    useItsSettings: 'Seine übernehmen',
    refused: 'Im Link ignoriert:',
    dismiss: 'Ausblenden',

    pictureOf: (place, total) => `Bild ${place} von ${total}`,
    ofSeed: (seed) => `Bild mit Seed ${seed}`,
    developing: (seed) => `Seed ${seed}, in Entwicklung`,
    seed: 'Seed',
    placeAndSeed: (place, total, seed) => `${place} von ${total} · Seed ${seed}`,
    close: 'Schließen',
    upscale: (upscaler) => `Hochskalieren mit ${upscaler}`,
    stopUpscaling: 'Hochskalieren anhalten',
    originalSize: 'Originalgröße',
    upscaling: 'Wird hochskaliert',
    removeBackground: 'Hintergrund entfernen',
    removingBackground: 'Hintergrund wird entfernt',
    stopRemovingBackground: 'Entfernen des Hintergrunds anhalten',
    withBackground: 'Mit Hintergrund',
    percent: (percent) => `${percent} Prozent`,

    filmstrip: (seed) => `Filmstreifen von Seed ${seed}`,
    frame: (step) => `Nach Schritt ${step}`,
    hiresFrame: (step) => `Nach Hires-Schritt ${step}`,
    saveStrip: 'Streifen speichern',
    saveGif: 'GIF speichern',
    saveVideo: 'Video speichern',
    saving: 'Speichert …',
    notSaved: (reason) => `Konnte nicht gespeichert werden: ${reason}`,
  },
  errors: {
    codes: {
      'no-webgpu': (_, place) => ({
        sentence: 'Dieser Browser bietet dieser Seite kein WebGPU.',
        remedy: `${capitalised(device(place))} auf CPU oder auf Automatisch stellen.`,
      }),
      'device-lost': (_, place) => ({
        sentence:
          'Die GPU ging verloren: Ihr Treiber startete neu oder antwortete nicht mehr, oder der Rechner schlief.',
        remedy: `${capitalised(AGAIN[place])}. Geschieht es immer wieder, ${device(place)} auf CPU stellen.`,
      }),
      'out-of-memory': (_, place) => ({
        sentence: 'Der Speicher reicht nicht.',
        remedy:
          place === 'create' || place === 'queue' || place === 'experiments'
            ? `Breite und Höhe${onForm(place)} kleiner wählen, unter „Modelle“ eine 8-Bit-Kopie anlegen oder andere Tabs schließen.`
            : place === 'upscale'
              ? 'Ein kleineres Bild oder einen Upscaler mit kleinerem Faktor wählen, oder andere Tabs schließen.'
              : 'Andere Tabs schließen und es noch einmal versuchen.',
      }),
      'wrong-numbers': (_, place) => ({
        sentence: 'Das Modell hat ungültige Werte berechnet (NaN), darum gibt es kein Bild.',
        remedy: `${capitalised(device(place))} auf CPU stellen${place === 'upscale' || place === 'start-image' ? '' : `, oder einen anderen Sampler oder weniger Guidance${onForm(place)} wählen`}.`,
      }),
      'invalid-request': ({ field = '?', found }, place) => {
        const label = settingLabel(LABELS, field);
        if (label === null)
          return {
            sentence: `Die Anfrage enthält einen Wert, den Safelight nicht annimmt: ${field}.`,
            remedy: 'Die Seite neu laden und es noch einmal versuchen.',
          };
        return { sentence: `${label} kann nicht ${found} sein.`, remedy: `${label}${onForm(place)} ändern.` };
      },
      'unsupported-model': () => ({
        sentence: 'Dieses Modell läuft hier nicht.',
        remedy:
          'Ein anderes Modell wählen, oder die Seite neu laden: Eine neuere Version von Safelight kann es vielleicht.',
      }),
      'unsupported-embedding': (_, place) => ({
        sentence: 'Dieses Embedding lässt sich nicht benutzen.',
        remedy:
          place === 'embeddings'
            ? 'Eins hinzufügen, das für dieses Modell gemacht wurde.'
            : `Es ${advanced(place)} entfernen, oder eins hinzufügen, das für dieses Modell gemacht wurde.`,
      }),
      'unsupported-lora': (_, place) => ({
        sentence: 'Diese LoRA lässt sich nicht benutzen.',
        remedy: `Sie aus dem Prompt${onForm(place)} nehmen, oder eine wählen, die für diese Art von Modell gemacht wurde.`,
      }),
      'unsupported-control': (_, place) => ({
        sentence: 'Dieses Kontrollmodell lässt sich nicht benutzen.',
        remedy: hasModels(place)
          ? 'Ein ControlNet oder einen T2I-Adapter für Stable Diffusion 1, 2 oder SDXL wählen.'
          : 'Ein ControlNet oder einen T2I-Adapter wählen, der für diese Art von Modell gemacht wurde.',
      }),
      'unsupported-ip-adapter': (_, place) => ({
        sentence: 'Dieser IP-Adapter lässt sich nicht benutzen.',
        remedy: hasModels(place)
          ? 'Einen IP-Adapter für Stable Diffusion 1.5 oder SDXL wählen.'
          : 'Einen IP-Adapter wählen, der für diese Art von Modell gemacht wurde.',
      }),
      'unsupported-image': () => ({
        sentence: 'Diese Datei lässt sich nicht als Bild benutzen.',
        remedy: 'Ein PNG, JPEG, WebP, AVIF oder GIF von höchstens 64 Millionen Pixeln wählen.',
      }),
      'picture-too-large': () => ({
        sentence: 'Dieses Bild ist zu groß.',
        remedy: 'Ein kleineres Bild wählen, oder einen Upscaler mit kleinerem Faktor.',
      }),
      'not-installed': ({ model = 'Das Modell' }, place) => ({
        sentence: `${model} ist nicht auf diesem Gerät.`,
        remedy: `Es${onModels(place)} herunterladen, oder ein anderes Modell wählen.`,
      }),
      'repo-not-found': ({ repo }, place) => ({
        sentence: `Es gibt kein öffentliches Repository namens ${repo}.`,
        remedy: `Den Namen prüfen. Ist es privat, ${hubSettings(place)} ein Zugangstoken eintragen, das es lesen darf.`,
      }),
      'revision-not-found': ({ repo = 'Das Repository', revision = 'mit diesem Namen' }) => ({
        sentence: `${repo} hat keine Revision ${revision}.`,
        remedy:
          'Den Branch, das Tag oder den Commit prüfen. Ohne Angabe werden die neuesten Dateien genommen.',
      }),
      'repo-gated': ({ repo = 'Dieses Repository' }, place) => ({
        sentence: `${repo} ist nur für alle, die seine Bedingungen angenommen haben.`,
        remedy: `Sie auf der Seite des Modells annehmen, dann ${hubSettings(place)} ein Zugangstoken eintragen, das es lesen darf.`,
      }),
      'token-refused': (_, place) => ({
        sentence:
          'Der Hub nimmt das Zugangstoken nicht an: Es ist abgelaufen, widerrufen oder falsch abgeschrieben.',
        remedy: `${capitalised(hubSettings(place))} ein neues eintragen. Öffentliche Modelle brauchen keines.`,
      }),
      'download-failed': ({ file = 'Eine Datei des Modells', status }, place) => ({
        sentence: `${file} ließ sich nicht ${place === 'search' ? 'durchsuchen' : 'laden'}${status === undefined ? '' : `: ${status}`}.`,
        remedy: `Die Internetverbindung prüfen, dann ${AGAIN[place]}.`,
      }),
      'corrupt-file': ({ file = 'Eine Datei des Modells' }, place) => ({
        sentence: `${file} ist beschädigt.`,
        remedy: hasChosenFile(place)
          ? 'Sie dort, wo sie herkam, noch einmal herunterladen und die neue Kopie wählen.'
          : place === 'look-up'
            ? 'Wem das Repository gehört, müsste sie ersetzen: ein anderes Modell wählen.'
            : place === 'models'
              ? 'Das Modell löschen und noch einmal hinzufügen. Hilft das nicht, ist das Original beschädigt: ein anderes Modell wählen.'
              : `${capitalised(AGAIN[place])}. Hilft das nicht, das Modell unter „Modelle“ löschen und noch einmal hinzufügen.`,
      }),
      'no-storage': ({ what = 'model' }) => ({
        sentence: `Dieser Browser speichert keine Dateien für diese Seite, darum ${what === 'picture' ? 'lassen sich Bilder nicht speichern' : isStored(what) ? `behält er ${STORED[what]} nicht` : 'lassen sich Modelle nicht herunterladen'}.`,
        remedy: `Safelight in einem Fenster öffnen, das nicht privat ist, oder in einem anderen Browser, unter einer Adresse, die mit https:// beginnt, und der Seite erlauben, Daten zu speichern.${isStored(what) ? '' : ' Trinket malt hier trotzdem.'}`,
      }),
      'storage-full': ({ what }) =>
        what === 'picture'
          ? {
              sentence: 'Auf diesem Gerät ist kein Platz mehr, um das Bild zu speichern.',
              remedy: 'Das Bild herunterladen, dann nicht mehr gebrauchte Bilder oder Modelle löschen.',
            }
          : what === 'older-data'
            ? {
                sentence: 'Auf diesem Gerät ist nicht genug Platz frei, um alles zu verschieben.',
                remedy: 'Platz auf der Festplatte schaffen, dann noch einmal versuchen.',
              }
            : what === 'settings'
              ? {
                  sentence: 'Dieser Browser hat keinen Platz mehr für Einstellungen.',
                  remedy:
                    'Andere Seiten dieser Adresse füllen ihn: ihre Daten im Browser löschen. Bis dahin behält ein Lesezeichen dieser Seite die Einstellungen.',
                }
              : what === undefined
                ? {
                    sentence: 'Auf diesem Gerät ist kein Platz mehr für das Modell.',
                    remedy:
                      'Ein Modell löschen, das nicht mehr gebraucht wird, oder Platz auf der Festplatte schaffen. Was schon geladen ist, bleibt.',
                  }
                : {
                    sentence: 'Auf diesem Gerät ist kein Platz mehr.',
                    remedy:
                      'Nicht mehr gebrauchte Bilder oder Modelle löschen, oder Platz auf der Festplatte schaffen.',
                  },
      'unreadable-file': (_, place) => ({
        sentence:
          'Eine Datei, die hier gebraucht wird, ist nicht mehr lesbar: Sie wurde geändert, verschoben oder vom Browser gelöscht.',
        remedy: hasChosenFile(place)
          ? `${capitalised(AGAIN[place])}.`
          : 'Die Datei noch einmal hinzufügen; ein Modell lässt sich unter „Modelle“ noch einmal herunterladen.',
      }),
      'worker-crashed': (_, place) => ({
        sentence: 'Die Bild-Engine ist abgestürzt. Die Einstellungen sind noch da.',
        remedy: `${capitalised(AGAIN[place])}: So startet sie neu. ${isPainting(place) ? 'Ein kleineres Bild braucht weniger Speicher.' : 'Andere Tabs zu schließen schafft Speicher.'}`,
      }),
      'worker-hung': (_, place) => ({
        sentence: 'Die Bild-Engine antwortete nicht mehr und wurde beendet.',
        remedy: `${capitalised(AGAIN[place])}: So startet sie neu. Hängt sie wieder, ${isPainting(place) ? `${device(place)} auf CPU stellen` : 'die Seite neu laden'}.`,
      }),
      aborted: (_, place) => ({
        sentence: 'Angehalten.',
        remedy: `${capitalised(AGAIN[place])}.`,
      }),
    },
    bug: (quoted, place) => ({
      sentence: `Etwas ging schief, das nicht schiefgehen sollte: „${quoted}“`,
      remedy:
        place === 'page'
          ? 'Die Seite neu laden: Die Einstellungen bleiben.'
          : `${capitalised(AGAIN[place])}. Geschieht es immer wieder, die Seite neu laden: Die Einstellungen bleiben.`,
    }),
    components: {
      unet: LABELS.unet,
      vae: LABELS.vae,
      vae_encoder: 'VAE-Encoder',
      vae_decoder: 'VAE-Decoder',
      text_encoder: LABELS.textEncoder,
      tokenizer: 'Tokenizer',
      scheduler: LABELS.scheduler,
      lora: 'LoRA',
    },
    faults: {
      'no-repository-name': ({ found }) =>
        `„${found}“ ist kein Name eines Repositorys. Gebraucht wird owner/name.`,
      'part-of-repository': ({ repo, file }) => `${file} ist nur ein Teil von ${repo}.`,
      'other-host': ({ host }) => `${host} ist nicht der Hugging Face Hub.`,
      'too-long': ({ field, most, found }) =>
        `${settingLabel(LABELS, field) ?? 'Ein Text'} kann höchstens ${most.toLocaleString('de')} Zeichen haben und hat ${found.toLocaleString('de')}.`,
      'too-many-steps': ({ most }) => `Dieser Sampler nimmt höchstens ${most} Schritte.`,
      'too-few-steps': ({ least }) => `Dieser Sampler braucht mindestens ${least} Schritte.`,
      'needs-edm-sampler': () => 'Dieses Modell läuft nur mit den EDM-Samplern.',
      'edm-sampler': () => 'Die EDM-Sampler laufen nur mit Modellen, die dafür trainiert wurden.',
      'needs-image': () => 'Dieses Modell verfeinert Bilder: Aus einem Prompt allein malt es keines.',
      'no-step-left': ({ strength, steps }) =>
        `Bei Stärke ${decimal(strength)} liefe ${steps === 1 ? 'der einzige Schritt nicht' : `keiner der ${steps} Schritte`}.`,
      'too-many-skipped': ({ layers }) =>
        `Clip Skip muss kleiner sein als die ${layers} Schichten dieses Text-Encoders.`,
      'both-reuses': () => 'DeepCache und T-GATE gehen nicht zusammen.',
      'no-reuse': () =>
        'DeepCache und T-GATE gehen mit diesem Modell nicht: Seine Graphen stehen fest und geben nichts her, was sich wiederverwenden ließe.',
      'reuse-with-control': () => 'DeepCache und T-GATE gehen nicht zusammen mit Kontrollmodellen.',
      'gate-with-pictures': () => 'T-GATE geht nicht zusammen mit Bild-Prompts.',
      'no-layers': () =>
        'Clip Skip geht mit diesem Modell nicht: Sein Text-Encoder ist ein fester ONNX-Graph, der nur seine übliche Schicht ausgibt.',

      'missing-file': ({ component }) =>
        `Dieses Modell läuft hier nicht: Seinem Repository fehlt ${component}.`,
      'several-checkpoints': ({ component, found }) =>
        `${component} enthält mehr als einen Checkpoint: ${found}.`,
      'only-pickles': ({ component }) =>
        `${component} enthält nur Pickle-Dateien, die Programme ausführen können, und keine .safetensors-Dateien.`,
      'no-checkpoint': ({ component }) => `${component} enthält keine .safetensors- oder .gguf-Dateien.`,
      'missing-component': ({ file, component }) => `${file} ist kein ganzes Modell: ${component} fehlt.`,
      'no-second-encoder': () =>
        'Der gewählte Text-Encoder ist SDXLs zweiter (OpenCLIPs CLIP G), und dieses Modell hat keinen, den er ersetzen könnte.',
      'lone-component': ({ component }) => `Kein ganzes Modell: Diese Datei enthält nur ${component}.`,
      'missing-part': ({ component, expected }) =>
        `Dieses Modell läuft hier nicht: ${expected} fehlt (${component}).`,
      'other-part': ({ component, expected, found }) =>
        `Dieses Modell läuft hier nicht: Es enthält ${found}, und Safelight braucht ${expected} (${component}).`,
      'unknown-part': ({ component, found }) =>
        `Dieses Modell läuft hier nicht: Es enthält ${found}, was Safelight nicht unterstützt (${component}).`,
      'double-part': ({ component, expected }) =>
        `Dieses Modell läuft hier nicht: Es enthält ${expected} zweimal (${component}).`,
      'short-vocabulary': ({ component, expected, found }) =>
        `Ein Wort des Prompts ist diesem Modell unbekannt: Es hat ${found} Tokens, für das Wort braucht es ${expected} (${component}).`,
      'model-setting': ({ component, key, expected, found }) =>
        `Dieses Modell läuft hier nicht: ${key} ist ${found}, und Safelight unterstützt nur ${expected} (${component}).`,
      'unfit-setting': ({ component, key, found }) =>
        `Dieses Modell läuft hier nicht: ${key} ist ${found}, was Safelight nicht unterstützt (${component}).`,
      'missing-setting': ({ component, key }) =>
        `Dieses Modell läuft hier nicht: Die Einstellung ${key} fehlt (${component}).`,
      'sampler-setting': ({ key, found }) =>
        `Dieser Sampler unterstützt eine Einstellung des Modells nicht: ${key} ist ${found}.`,
      'needs-sampler': ({ found }) =>
        `Dieses Modell braucht einen Sampler, den Safelight nicht unterstützt: ${found}.`,
      'fixed-graph': ({ component }) =>
        `Die Gewichte dieses Modells lassen sich nicht ändern: ${component} ist ein fester ONNX-Graph.`,
      'graph-refused': ({ component, found }) =>
        `Ein ONNX-Graph dieses Modells lässt sich nicht ausführen: ${component}. onnxruntime meldet: „${found}“`,
      'graph-size': ({ component }) =>
        `Breite und Höhe passen nicht zu diesem Modell: ${component} ist ein fester ONNX-Graph, der diese Größe nicht annimmt.`,
      'graph-prompt': ({ component }) =>
        `Die Länge des Prompts passt nicht zu diesem Modell: ${component} ist ein fester ONNX-Graph, der sie nicht annimmt.`,
      'not-stable-diffusion': ({ found }) =>
        `Kein Modell für Stable Diffusion 1, 2 oder SDXL, sondern ${found}.`,
      'no-f16': () => 'Der Graph dieses Modells rechnet in float16, was diese GPU nicht unterstützt.',
      'no-depth': () => 'Dieses Modell schätzt keine Tiefe.',
      'no-upscaler': () => 'Dieses Modell ist kein Swin2SR-Upscaler.',
      'no-segmenter': () => 'Dieses Modell ist kein Segment-Anything-Modell in zwei ONNX-Graphen.',
      'no-background-removal': () => 'Mit diesem Modell entfernt Safelight keinen Hintergrund.',

      'no-embedding': ({ token }) => `${token} ist kein Embedding.`,
      'embedding-of-other-model': ({ token, expected, found }) =>
        `${token} wurde für ein anderes Modell gemacht: Seine Vektoren haben ${found} Zahlen, dieser Text-Encoder braucht ${expected}.`,
      'no-embeddings-here': () =>
        'Embeddings gehen mit diesem Modell nicht: Sein Text-Encoder ist ein fester ONNX-Graph, der keine Embeddings annimmt.',

      'lora-as-embedding': ({ token }) => `${token} ist eine LoRA, kein Embedding.`,
      'lora-absent': ({ lora }) => `Auf diesem Gerät gibt es keine LoRA namens ${lora}.`,
      'lora-of-other-model': ({ lora }) => `${lora} wurde für eine andere Art von Modell gemacht.`,
      'lora-damaged': ({ lora, key }) =>
        `${lora} ist beschädigt oder unvollständig: ${key} passt nicht zum Rest.`,
      'lora-twice': ({ lora, key }) => `${lora} ändert denselben Teil des Modells zweimal: ${key}.`,
      'lora-unclear': ({ lora, key }) => `${lora} sagt nicht, wie ${key} anzuwenden ist.`,
      'lora-settings': ({ lora, key }) =>
        `${lora} hat Einstellungen, die Safelight nicht lesen kann: ${key}.`,
      'lora-empty': ({ lora }) => `${lora} ist leer.`,
      'no-lora': ({ lora, key }) => `${lora} ist keine LoRA: Die Datei enthält ${key}.`,
      'lora-of-other-method': ({ lora, method }) =>
        `${lora} ändert das Modell mit einem Verfahren, das Safelight nicht unterstützt: ${method}.`,
      'no-loras-here': ({ component }) =>
        `LoRAs gehen mit diesem Modell nicht: ${component} ist ein fester ONNX-Graph, dessen Gewichte sich nicht ändern lassen.`,

      'control-absent': ({ control }) => `Auf diesem Gerät gibt es kein Kontrollmodell ${control}.`,
      'no-map': ({ control }) => `Die Karte für ${control} ist kein Bild, das dieser Browser lesen kann.`,
      'no-control-model': ({ control }) => `${control} ist weder ein ControlNet noch ein T2I-Adapter.`,
      'control-of-other-model': ({ control }) => `${control} wurde für eine andere Art von Modell gemacht.`,
      'no-control-mode': ({ control, most }) =>
        `${control} liest ${most} Arten von Karten, und seine Ebene sagt nicht, welche ihre Karte ist.`,
      'control-of-other-kind': ({ control, found }) =>
        found === 'ControlNet-LoRA'
          ? `${control} ist eine ControlNet-LoRA: Sie enthält nur, was vom U-Net von SDXL abweicht, und Safelight braucht ganze ControlNets.`
          : `${control} ist von einer Art, die Safelight nicht kennt: ${found}.`,

      'no-ip-adapter': ({ adapter }) => `${adapter} ist kein IP-Adapter.`,
      'ip-adapter-absent': ({ adapter }) => `Den IP-Adapter ${adapter} gibt es auf diesem Gerät nicht.`,
      'ip-adapter-of-other-model': ({ adapter }) =>
        `${adapter} wurde für eine andere Art von Modell gemacht.`,
      'ip-adapter-face-id': ({ adapter, found }) =>
        `${adapter} ist ein IP-Adapter ${found}: Er liest Gesichter mit einer eigenen Erkennung, die nur zur Forschung benutzt werden darf und nicht zu Safelight gehört.`,
      'no-image-encoder': ({ adapter }) =>
        `${adapter} hat keinen Bild-Encoder, ohne den er kein Bild sehen kann.`,

      'no-picture': () => 'Diese Datei ist kein Bild, das dieser Browser lesen kann.',
      svg: () => 'Ein SVG ist eine Vektorzeichnung, kein Bild aus Pixeln.',
      'too-many-pixels': ({ width, height }) => `Ein Bild von ${width} × ${height} Pixeln ist zu groß.`,
      'damaged-picture': () =>
        'Dieses Bild ist beschädigt, oder in einem Format, das dieser Browser nicht lesen kann.',
      'not-safetensors': ({ file, found }) =>
        `${file} ist ${OTHER_FILES[found].is}, keine .safetensors-Datei.`,
      'not-gguf': ({ file, found }) => `${file} ist ${OTHER_FILES[found].is}, keine GGUF-Datei.`,
      'quantised-already': ({ file }) =>
        `Von ${file} lässt sich keine Kopie machen: Die Gewichte haben schon wenige Bit.`,
      'gguf-version': ({ file, found }) =>
        `${file} ist eine GGUF-Datei, die Safelight nicht lesen kann: ${found === 'big-endian' ? 'ihre Bytes stehen in der Reihenfolge anderer Rechner (big-endian)' : found}.`,
      'gguf-type': ({ file, component, found }) =>
        `Safelight kann die Zahlen in ${file} nicht lesen: ${component} steht in Blöcken der Art ${found}.`,
      'not-a-picture': ({ found }) => `Diese Datei ist ${OTHER_FILES[found].is}, kein Bild.`,
      'cut-off': ({ file, expected, found }) =>
        `${file} ist abgeschnitten: ${megabytes(found)} von ${megabytes(expected)} sind da.`,
      'cut-off-picture': () => 'Dieses Bild ist abgeschnitten: Seine Datei endet zu früh.',
      'zip-without-pictures': () => 'Dieses ZIP enthält keine Bilder.',
      'zip-too-large': () => 'Dieses ZIP ist zu groß, um es zu lesen.',
      'damaged-zip': () => 'Diese Datei ist kein ZIP, oder sie ist beschädigt.',
      'not-unpacked': () =>
        'Sie ist beschädigt, verschlüsselt oder so gepackt, dass Safelight sie nicht lesen kann.',
      'too-large-in-zip': ({ most }) => `Sie ist größer als ${most / 1e6} MB.`,
      'upscaled-too-large': ({ width, height }) =>
        `Hochskaliert hätte das Bild ${width} × ${height} Pixel, und das sind zu viele.`,

      'kernel-refused': () =>
        'Der Treiber dieser GPU übersetzt ein Programm nicht, das dieses Modell braucht.',
      'no-runtime': ({ status }) => `Die Laufzeit ließ sich nicht laden: ${status}.`,
      'storage-silent': () =>
        'Dieser Browser öffnet nicht, was er für diese Seite speichert. Vielleicht hält es ein anderer Tab fest.',
      'pictures-lost': ({ count }) =>
        `${count === 1 ? '1 Bild war' : `${count} Bilder waren`} nicht mehr lesbar und ${count === 1 ? 'fehlt' : 'fehlen'} im ZIP.`,
      'storage-cleared': () =>
        'Der Browser hat gelöscht, was er für diese Seite speichert, während eine Datei geschrieben wurde.',
      'storage-newer': () =>
        'Eine neuere Version von Safelight in einem anderen Tab hat verändert, was gespeichert ist.',
      'no-copy': ({ component, bits }) =>
        `Auf diesem Gerät gibt es keine ${bits}-Bit-Kopie von ${component}.`,
    },
    remedies: {
      'no-repository-name':
        'Den Namen von der Seite des Modells auf dem Hub kopieren, oder die Adresse der Seite einfügen.',
      'part-of-repository':
        'Nach dem Namen des Repositorys suchen, oder die Adresse einer .safetensors-Datei darin einfügen.',
      'other-host': (place: ErrorPlace) =>
        `Die Datei dort herunterladen und mit „Von der Festplatte …“${onModels(place)} öffnen. Ist es ein Spiegel des Hubs, ihn ${hubSettings(place)} eintragen.`,
      'too-long': 'Kürzen.',
      'too-many-steps': (place: ErrorPlace) =>
        `Weniger Schritte oder einen anderen Sampler${onForm(place)} wählen.`,
      'too-few-steps': (place: ErrorPlace) =>
        `Mehr Schritte oder einen anderen Sampler${onForm(place)} wählen.`,
      'needs-edm-sampler': (place: ErrorPlace) =>
        `EDM DPM++ 2M oder EDM Euler als Sampler${onForm(place)} wählen.`,
      'edm-sampler': (place: ErrorPlace) => `Einen anderen Sampler${onForm(place)} wählen.`,
      'needs-image': (place: ErrorPlace) =>
        `Ein Ausgangsbild${onForm(place)} wählen, mit einer Stärke von etwa 0,3, oder ein anderes Modell.`,
      'no-step-left': (place: ErrorPlace) => `Mehr Stärke oder mehr Schritte${onForm(place)} wählen.`,
      'too-many-skipped': (place: ErrorPlace) => `Clip Skip${onForm(place)} kleiner wählen.`,
      'both-reuses': (place: ErrorPlace) =>
        `Den DeepCache-Abstand${onForm(place)} auf 1 stellen oder den T-GATE-Schritt auf 0.`,
      'no-reuse': (place: ErrorPlace) =>
        `Den DeepCache-Abstand${onForm(place)} auf 1 und den T-GATE-Schritt auf 0 stellen oder ein Modell mit safetensors-Dateien wählen.`,
      'reuse-with-control': (place: ErrorPlace) =>
        `Den DeepCache-Abstand${onForm(place)} auf 1 und den T-GATE-Schritt auf 0 stellen.`,
      'gate-with-pictures': (place: ErrorPlace) => `Den T-GATE-Schritt${onForm(place)} auf 0 stellen.`,
      'ip-adapter-absent': (place: ErrorPlace) =>
        `Ihn${onModels(place)} hinzufügen oder einen anderen wählen.`,
      'ip-adapter-face-id':
        'Stattdessen einen einfachen IP-Adapter, einen „plus“ oder einen „full-face“ wählen.',
      'no-image-encoder': (place: ErrorPlace) =>
        `Den IP-Adapter h94/IP-Adapter/models/ip-adapter_sd15.safetensors${onModels(place)} hinzufügen: Sein Bild-Encoder kommt mit, und mit ihm geht es auch hier.`,
      'no-layers': (place: ErrorPlace) => `Clip Skip${onForm(place)} auf 0 stellen.`,
      'missing-file': 'Ein anderes Repository wählen: Dieses ist nicht vollständig.',
      'several-checkpoints': 'Den Namen der Datei anhängen: owner/name/datei.safetensors',
      'only-pickles': 'Nach einer Fassung davon suchen, die .safetensors-Dateien hat.',
      'no-checkpoint': 'Nach einem Repository suchen, das .safetensors- oder .gguf-Dateien hat.',
      'not-stable-diffusion': 'Ein anderes Modell wählen.',
      'missing-component': 'Eine andere Datei wählen: Ein ganzes Modell enthält U-Net, VAE und Text-Encoder.',
      'no-second-encoder': (place: ErrorPlace) => `Einen anderen Text-Encoder${onForm(place)} wählen.`,
      'lone-component': 'Eine andere Datei wählen: Ein ganzes Modell enthält U-Net, VAE und Text-Encoder.',
      'missing-part': 'Ein anderes Modell wählen, oder eine vollständige Kopie von diesem.',
      'double-part': 'Ein anderes Modell wählen, oder eine andere Kopie von diesem.',
      'short-vocabulary': (place: ErrorPlace) =>
        `Den Prompt${onForm(place)} ändern, oder ein anderes Modell wählen.`,
      'sampler-setting': (place: ErrorPlace) => `Einen anderen Sampler${onForm(place)} wählen.`,
      'fixed-graph': 'Eine Fassung des Modells wählen, die .safetensors-Dateien hat.',
      'graph-refused': (place: ErrorPlace) =>
        `${capitalised(device(place))} auf CPU stellen, oder ein anderes Modell wählen.`,
      'graph-size': (place: ErrorPlace) =>
        `Die Breite und Höhe${onForm(place)} wählen, mit denen das Modell trainiert wurde.`,
      'graph-prompt': (place: ErrorPlace) => `Den Prompt und den Negativ-Prompt${onForm(place)} kürzen.`,
      'kernel-refused': (place: ErrorPlace) => `${capitalised(device(place))} auf CPU stellen.`,
      'no-f16': (place: ErrorPlace) => `${capitalised(device(place))} auf CPU stellen.`,
      'no-depth': 'Ein anderes Modell für die Tiefe wählen.',
      'no-upscaler': 'Ein anderes Modell wählen.',
      'no-segmenter': (place) => `SlimSAM${onModels(place)} wählen.`,
      'no-background-removal': (place) => `U²-Net, klein${onModels(place)} wählen.`,
      'no-embedding': (place: ErrorPlace) =>
        place === 'embeddings'
          ? 'Eine andere Datei hinzufügen.'
          : `Es ${advanced(place)} entfernen, oder ein anderes hinzufügen.`,
      'no-embeddings-here': (place: ErrorPlace) =>
        `Sie ${advanced(place)} entfernen, oder ein anderes Modell wählen.`,
      'lora-as-embedding': (place: ErrorPlace) =>
        `Sie unter „Modelle“ hinzufügen und im Prompt${onForm(place)} als <lora:Name:1> aufrufen.`,
      'lora-absent': (place: ErrorPlace) =>
        `Sie unter „Modelle“ hinzufügen, oder aus dem Prompt${onForm(place)} nehmen.`,
      'lora-damaged': (place: ErrorPlace) =>
        `Sie neu herunterladen und unter „Modelle“ hinzufügen, oder aus dem Prompt${onForm(place)} nehmen.`,
      'lora-empty': (place: ErrorPlace) =>
        `Sie neu herunterladen und unter „Modelle“ hinzufügen, oder aus dem Prompt${onForm(place)} nehmen.`,
      'no-loras-here': (place: ErrorPlace) =>
        `Sie aus dem Prompt${onForm(place)} nehmen, oder ein anderes Modell wählen.`,
      'not-safetensors': (place: ErrorPlace, { found }: ErrorDetails) =>
        place === 'look-up' || place === 'models'
          ? 'Sie steht so im Repository: ein anderes wählen.'
          : OTHER_FILES[found as FileKind].remedy,
      'not-gguf': (place: ErrorPlace, { found }: ErrorDetails) => {
        if (place === 'look-up' || place === 'models')
          return 'Sie steht so im Repository: ein anderes wählen.';
        return found === 'safetensors'
          ? 'Sie so umbenennen, dass sie auf .safetensors endet, und noch einmal wählen.'
          : OTHER_FILES[found as FileKind].remedy;
      },
      'quantised-already': 'Die Datei herunterladen, wie sie ist.',
      'gguf-version': 'Nach einer neueren Kopie davon suchen, oder nach einer, die auf .safetensors endet.',
      'gguf-type': 'Nach einer Kopie davon in einer anderen Art suchen, wie Q8_0, Q6_K oder Q4_K.',
      'not-a-picture': (_: ErrorPlace, { found }: ErrorDetails) =>
        found === 'pickle' || found === 'json' || found === 'gguf'
          ? 'Ein PNG, JPEG, WebP, AVIF oder GIF wählen.'
          : OTHER_FILES[found as FileKind].remedy,
      'cut-off': (place: ErrorPlace) =>
        place === 'look-up'
          ? 'Wem das Repository gehört, müsste sie ersetzen: ein anderes Modell wählen.'
          : 'Der Download wurde nicht fertig: sie noch einmal herunterladen und die neue Kopie wählen.',
      'cut-off-picture': 'Es noch einmal herunterladen oder kopieren und die neue Kopie wählen.',
      'zip-without-pictures': 'Ein ZIP wählen, in dem PNG-, JPEG-, WebP- oder AVIF-Dateien sind.',
      'zip-too-large': 'Die Bilder in kleineren ZIPs importieren.',
      'damaged-zip': 'Eine andere Kopie davon versuchen.',
      'storage-silent': 'Die anderen Tabs von Safelight schließen.',
      'pictures-lost': 'Die anderen sind darin. Was nicht lesbar ist, lässt sich löschen.',
      'storage-cleared': 'Das Herunterladen oder das Hinzufügen noch einmal beginnen.',
      'storage-newer': 'Bilder, die bleiben sollen, herunterladen, dann die Seite neu laden.',
      'not-unpacked': 'Das ZIP mit einem anderen Programm entpacken und das Bild selbst importieren.',
      'too-large-in-zip': 'Eine kleinere Kopie davon speichern und diese importieren.',
      'no-copy': 'Unter „Modelle“ anlegen, oder ein anderes Modell wählen.',
    },
    answers: {
      'no-response': 'keine Antwort',
      'connection-lost': 'Verbindung verloren',
      'too-slow': 'es kommt fast nichts an',
      'not-listed': 'nicht in der Liste der Dateien',
      'empty-response': 'eine leere Antwort',
      'web-page': 'eine Webseite statt der Datei',
      'unexpected-response': 'eine unerwartete Antwort',
      'not-json': 'eine Antwort, die kein JSON ist',
      'download-restarted': 'der Server begann den Download von vorn',
    },
    serverAnswered: (status) =>
      status === '429'
        ? 'der Server wird im Augenblick zu viel gefragt (429)'
        : `der Server antwortete ${status}`,
    waitFirst: (place) => `Eine Minute warten, dann ${AGAIN[place]}.`,

    pageBroke: 'Diese Seite ist abgestürzt',
    settingsKept: 'Die Einstellungen bleiben erhalten.',
    reloadPage: 'Die Seite neu laden',
  },
  experiments: {
    label: 'Versuche',
    heading: 'Neuer Versuch',
    noPrompt: 'Kein Prompt',
    base: ({ model, width, height, numInferenceSteps: steps, guidanceScale, scheduler, seed }) =>
      `${model} · ${width} × ${height} · ${steps} ${steps === '1' ? 'Schritt' : 'Schritte'} · Guidance ${decimal(guidanceScale)} · ${scheduler} · Seed ${seed}. Hier wählen, was sich ändert; alles andere ist wie unter „Malen“ eingestellt.`,
    nine: { guidanceScale: 'Neun Guidance-Werte', seed: 'Neun Seeds', strength: 'Neun Stärken' },
    columns: { label: 'Spalten', values: 'Werte der Spalten' },
    rows: { label: 'Zeilen', values: 'Werte der Zeilen' },
    noAxis: 'Keine',
    axes: {
      prompt: 'Wörter des Prompts',
      size: 'Größe',
      controlScale: 'Stärke der Kontrollebenen',
      picturePromptScale: 'Stärke der Bild-Prompts',
    },
    choices: (columnsOrRows, axis) => `${columnsOrRows}: ${axis}`,
    guidance: (value) => `Guidance ${value}`,
    nothing: '(nichts)',
    understood: (count, values) => `${count === 1 ? 'Ein Wert' : `${count} Werte`}: ${values}`,
    unreplaced: (words) =>
      `„${words}“ suchen: erst die gesuchten Wörter eingeben, dann mit Kommas getrennt die Ersetzungen.`,
    howToType: {
      prompt: 'Erst die gesuchten Wörter eingeben, dann mit Kommas getrennt die Ersetzungen.',
      size: 'Größen wie 512x512, 512x768.',
      number: (axis, { min, max, whole }) =>
        `${axis}: ${whole ? 'eine ganze Zahl' : 'eine Zahl'} von ${decimal(min)} bis ${decimal(max)}. 1, 3, 5 · 1-9 · 1-9 (+2) · 0-1 [5] für fünf Werte.`,
    },
    draftFaults: {
      'no-axis': () => 'Wähle, was sich ändert.',
      'none-ticked': () => 'Mindestens eins ankreuzen.',
      'no-numbers': () => 'Mindestens einen Wert eingeben: 1, 3, 5 oder 1-9.',
      'no-sizes': () => 'Mindestens eine Größe eingeben: 512x512, 512x768.',
      'no-terms': () => 'Erst die gesuchten Wörter eingeben, dann die Ersetzungen.',
      'no-count': () => 'Zwischen [ ] gehört die Zahl der Werte: eine ganze Zahl.',
      'open-quote': () => 'Ein Anführungszeichen fehlt.',
      'no-number': ({ item }) => `„${item}“ ist keine Zahl und kein Bereich wie 1-9, 1-9 (+2) oder 0-1 [5].`,
      'no-size': ({ item }) => `„${item}“ ist keine Größe wie 512x768.`,
      endless: ({ item }) => `„${item}“ endet nie: Die Schrittweite ist 0.`,
      'wrong-way': ({ item }) => `„${item}“ zählt in die falsche Richtung.`,
      'not-whole': ({ value }, axis) => `${axis}: nur ganze Zahlen, nicht ${decimal(value)}.`,
      'out-of-range': ({ min, max, value }, axis) =>
        `${axis}: nur von ${decimal(min)} bis ${decimal(max)}, nicht ${decimal(value)}.`,
      'size-out-of-range': ({ min, max, item }) =>
        `Seiten: nur von ${min} bis ${max} in Schritten von 8, nicht ${item}.`,
      'too-many-values': ({ most }) => `Eine Achse kann höchstens ${most} Werte haben.`,
    },
    axesFaults: {
      'same-twice': ({ axis }, labelOf) => `Spalten und Zeilen ändern beide „${labelOf(axis)}“.`,
      'nothing-to-replace': ({ term }) =>
        `Keiner der beiden Prompts enthält „${term}“: Es gibt nichts zu ersetzen.`,
      'no-picture': () => 'Die Stärke braucht ein Bild, mit dem begonnen wird.',
      'no-layers': () => 'Diese Stärke braucht eine Kontrollebene.',
      'no-picture-prompts': () => 'Diese Stärke braucht einen Bild-Prompt.',
      'too-many-pictures': ({ count, most }) =>
        `Ein Versuch kann höchstens ${most} Bilder haben, nicht ${count}.`,
    },
    chooseColumns: 'Wähle, was die Spalten ändern.',
    fixFirst: 'Zuerst unter „Malen“ berichtigen:',
    start: 'Starten',
    pictures: (count) => (count === 1 ? 'Ein Bild' : `${count} Bilder`),
    about: (time) => `etwa ${time}`,

    titled: (title) => `Versuch: ${title}`,
    news: (done, total) => `Versuch: ${done} von ${total} Bildern.`,
    resume: 'Fortsetzen',
    stop: 'Versuch anhalten',
    stopping: 'Hält an …',
    progress: 'Fertige Bilder',
    done: (done, total) => `${done} von ${total} Bildern`,
    failed: (count) => `${count} fehlgeschlagen`,
    paused: 'unterbrochen',
    left: (time) => `noch etwa ${time}`,
    grid: 'Raster',
    developing: (cell) => `${cell}, in Entwicklung`,
    tryAgain: 'Erneut versuchen',
    tryCellAgain: (cell) => `Erneut versuchen: ${cell}`,
    saveGrid: 'Raster speichern',
    saveEach: 'Jedes Bild speichern (ZIP)',
    compareTwo: 'Zwei vergleichen',
    notSaved: (reason) => `Konnte nicht gespeichert werden: ${reason}`,

    useSettings: 'Einstellungen übernehmen',
    compare: 'Vergleichen',
    download: 'Herunterladen',
    close: 'Schließen',
    time: 'Dauer',
    comparison: 'Zwei Bilder vergleichen',
    leftPicture: 'Links',
    rightPicture: 'Rechts',

    stored: 'Gespeicherte Versuche',
    storedHere: 'Auf diesem Gerät gespeichert',
    deleted: (title) => `„${title}“ ist gelöscht.`,
    undo: 'Rückgängig',
    storedFacts: (done, total, createdAt) =>
      `${done} von ${total} Bildern · ${createdAt.toLocaleString('de', { dateStyle: 'medium', timeStyle: 'short' })}`,
    shownAbove: 'Oben zu sehen',
    open: 'Öffnen',
    openTitled: (title) => `${title} öffnen`,
    delete: 'Löschen',
    deleteTitled: (title) => `${title} löschen`,
  },
  fields: {
    labels: LABELS,
    device: { auto: 'Automatisch', webgpu: 'GPU (WebGPU)', wasm: 'CPU' },
    schedule: { automatic: 'Automatisch: wie beim Sampler üblich', ...SCHEDULE_LABELS },
    emphasis: {
      original: 'Original',
      'no-norm': 'Ohne Norm: stärker, bei SDXL oft besser',
      ignore: 'Ohne Wirkung',
    },
    noise: { cpu: 'Wie diffusers auf einer CPU', gpu: 'Wie A1111 auf CUDA („NV“)' },
    memory: {
      auto: 'Automatisch',
      all: 'Alles bleibt geladen',
      'one-by-one': 'Eine Komponente nach der anderen',
    },
    bits: { full: 'Original', '16': '16 Bit', '8': '8 Bit', '4': '4 Bit' },
    fit: {
      crop: 'Zuschneiden',
      stretch: 'Strecken',
      fill: 'Einpassen, Ränder malen',
    },
    hiresUpscaler: { off: 'Aus', latent: 'Latent', image: 'Lanczos' },
    maskedContent: {
      original: 'Das Bild selbst',
      fill: 'Füllung: die Farben ringsum',
      noise: 'Rauschen: etwas Neues',
    },
    paddingMaskCrop: {
      whole: 'Das ganze Bild',
      '32': 'Nur der markierte Teil, 32 Pixel ringsum',
      '64': 'Nur der markierte Teil, 64 Pixel ringsum',
      '128': 'Nur der markierte Teil, 128 Pixel ringsum',
      '256': 'Nur der markierte Teil, 256 Pixel ringsum',
    },
    ownComponent: 'Das eigene des Modells',
    ownPreview: 'Schnelle Farben',
    none: 'leer',
    number: decimal,
    help: (label) => `Hilfe: ${label}`,
    slider: (label) => `${label}, Regler`,
    fault: (label, { min, max, whole }) =>
      `${label}: ${whole ? 'eine ganze Zahl' : 'eine Zahl'} von ${decimal(min)} bis ${decimal(max)}.`,
    snapped: (to) => `Auf ${to} gerundet: Größen gehen in Schritten von 8.`,
    expected: {
      number: ({ min, max, whole }) =>
        `${whole ? 'eine ganze Zahl' : 'eine Zahl'} von ${decimal(min)} bis ${decimal(max)}`,
      sampler: () => 'der Name eines Samplers, etwa euler oder dpmpp-2m-karras',
      choice: ({ choices }) => `eins von ${choices.join(', ')}`,
      component: () => 'ein Name auf dem Hub: owner/name',
      model: () => 'trinket oder ein Name auf dem Hub: owner/name',
      text: ({ maxLength }) => `höchstens ${maxLength.toLocaleString('de')} Zeichen`,
      switch: () => '0 oder 1',
      control: () => 'wie die Karte entsteht, Stärke, Teil des Laufs, Modell: canny 0.8 0-1 owner/name',
      picturePrompt: () => 'was übernommen wird, Stärke, Zahl der Bilder, Adapter: all 0.6 1 owner/name',
      unknown: () => 'keine Einstellung heißt so',
    },
  },
  gallery: {
    label: 'Galerie',
    search: 'Prompts und Schlagwörter durchsuchen',
    model: 'Modell der Bilder',
    everyModel: 'Alle Modelle',
    favourites: 'Favoriten',

    selectAll: 'Alle auswählen',
    deselect: (count) => `${count} abwählen`,
    favourite: 'Favorit',
    delete: 'Löschen',
    exportAll: 'Alle exportieren',
    exportSelected: 'Auswahl exportieren',
    zipName: (part, parts) => `safelight-${part}-von-${parts}.zip`,
    import: 'Importieren …',

    reading: 'Bilder werden geladen …',
    none: 'Noch keine Bilder. Jedes gemalte Bild wird hier gespeichert, auf diesem Gerät.',
    pictures: (count) => (count === 1 ? '1 Bild' : `${count} Bilder`),
    some: (shown, total) =>
      `${shown === 0 ? 'keins' : shown} von ${total} ${total === 1 ? 'Bild' : 'Bildern'}`,
    lost: 'Dieses Bild ist im Speicher des Browsers nicht mehr lesbar.',
    unsaved: (count) =>
      count === 1
        ? '1 Bild ist noch nicht gespeichert. Es bleibt, solange diese Seite offen ist, und lässt sich jetzt herunterladen.'
        : `${count} Bilder sind noch nicht gespeichert. Sie bleiben, solange diese Seite offen ist, und lassen sich jetzt herunterladen.`,
    unreadable: (count) => `${count} nicht lesbar`,
    busy: (done, total) => `${done} von ${total} …`,
    imported: (count) => `${count === 1 ? '1 Bild' : `${count} Bilder`} importiert`,
    known: (count) => `${count} schon hier`,
    refused: (count) => `${count} nicht importiert`,
    moreRefused: (count) => `Und ${count} weitere.`,
    mayBeCleared: 'Wird der Speicher knapp, darf der Browser sie löschen.',
    askToKeep: 'Dauerhaft behalten',
    deleted: (count) => `${count === 1 ? '1 Bild' : `${count} Bilder`} gelöscht.`,
    undo: 'Rückgängig',

    grid: 'Bilder',
    open: (picture) => `Öffnen: ${picture}`,
    select: (picture) => `Auswählen: ${picture}`,
    ofSeed: (seed) => `Bild mit Seed ${seed}`,
    withoutPrompt: 'Ein Bild ohne Prompt',

    pictureOf: (place, total) => `Bild ${place} von ${total}`,
    placeOf: (place, total) => `${place} von ${total}`,
    close: 'Schließen',
    unfinished: 'Nicht fertig',
    made: 'Gemalt',
    madeAt: (createdAt, duration, device) =>
      `${createdAt.toLocaleString('de', { dateStyle: 'medium', timeStyle: 'short' })}${duration === null ? '' : `, in ${duration}`}${device ? ` auf der ${device === 'wasm' ? 'CPU' : 'GPU'}` : ''}`,
    settingsUnknown: (width, height) => `${width} × ${height}; wie es gemalt wurde, steht nicht in der Datei`,
    useSettings: 'Einstellungen übernehmen',
    startFrom: 'Damit beginnen',
    upscale: (upscaler) => `Hochskalieren mit ${upscaler}`,
    stopUpscaling: (percent) => `Hochskalieren anhalten, ${percent} %`,
    download: 'Herunterladen',
  },
  mask: {
    label: 'Inpainting',
    howTo:
      'Maske. Pfeiltasten bewegen den Pinsel, die Leertaste malt, eckige Klammern ändern seine Größe, Strg Z macht einen Strich rückgängig.',
    brush: 'Pinsel',
    softEdge: 'Weicher Rand',
    erase: 'Radieren',
    undo: 'Rückgängig',
    redo: 'Wiederholen',
    invert: 'Umkehren',
    clear: 'Leeren',
    leave: 'Änderungen verwerfen',

    open: 'Inpainting …',
    change: 'Maske ändern …',
    fileSize: 'Das Bild behält die Größe seiner Datei.',
  },
  fast: {
    label: 'Tempo',
    about:
      'Eine LoRA, mit der dieses Modell in wenigen Schritten malt: einmal geladen, mit allen Einstellungen, die sie braucht.',
    choices: {
      ...{ full: 'Voll', 'fast-8': 'Schnell 8', 'fast-4': 'Schnell 4', turbo: 'Turbo' },
      dmd2: 'DMD2 4 (nicht kommerziell)',
    },
    nonCommercial: (licence) => `Nicht für kommerzielle Zwecke: Die Lizenz ist ${licence}.`,
    lookingUp: (lora) => `${lora} wird nachgeschlagen …`,
    offer: (lora, size, licence) => `${lora}: ${size} sind einmal zu laden. Lizenz: ${licence}.`,
    noLicence: 'in der Beschreibung nicht genannt',
    fetch: 'Laden und benutzen',
    notNow: 'Jetzt nicht',
    again: 'Noch einmal nachsehen',
    fetching: (lora) => `Download von ${lora}`,
    madeFor: (label, steps, sampler, guidance) =>
      `${label} ist für ${steps} ${steps === 1 ? 'Schritt' : 'Schritte'} mit ${sampler} und Guidance ${guidance} gemacht.`,
    use: 'So einstellen',
  },
  notices: {
    upscaled: ({ width, height }) => `Hochskaliert auf ${width} × ${height}.`,
    'background-removed': () => 'Hintergrund entfernt. Das Bild liegt in der Galerie neben seinem Original.',
    'settings-applied': ({ absent }) =>
      absent === null
        ? 'Einstellungen übernommen.'
        : `Einstellungen übernommen; ${absent} ist nicht auf diesem Gerät.`,
    'settings-restored': () => 'Einstellungen wiederhergestellt.',
    'settings-reset': () => 'Die üblichen Einstellungen des Modells sind wieder da.',
    'model-chosen': ({ label }) => `${label}, mit seinen üblichen Einstellungen.`,
    'fast-on': ({ label, steps, guidance, sampler }) =>
      `${label}: ${steps} ${steps === 1 ? 'Schritt' : 'Schritte'}, Guidance ${guidance}, ${sampler}.`,
    'fast-off': ({ kept }) =>
      kept.length === 0
        ? 'Die Einstellungen von vorher sind zurück.'
        : `Die Einstellungen von vorher sind zurück, außer dem, was du geändert hast: ${kept.map((name) => LABELS[name]).join(', ')}.`,
    'prompt-replaced': () => 'Prompt ersetzt.',
    'link-applied': () => 'Nach dem Link ausgefüllt.',
    'link-without-pictures': () =>
      'Nach dem Link ausgefüllt. Bilder sind in keinem Link: Bitte die der Kontrollebenen und Bild-Prompts wählen.',
    'seed-reused': () => 'Seed übernommen und gesperrt.',
    'image-replaced': () => 'Ausgangsbild ersetzt.',
    'image-removed': () => 'Ausgangsbild entfernt.',
    'model-deleted': ({ label, instead }) =>
      instead === null
        ? `${label} ist gelöscht; der eigene Teil des Modells wird wieder benutzt.`
        : `${label} ist gelöscht; das Formular benutzt jetzt ${instead}.`,
    'model-gone': ({ label, instead }) =>
      instead === null
        ? `Einstellungen wiederhergestellt; ${label} ist nicht mehr auf diesem Gerät, daher gilt der eigene Teil des Modells.`
        : `Einstellungen wiederhergestellt; ${label} ist nicht mehr auf diesem Gerät, daher steht im Formular ${instead}.`,
    'picture-kept': () => 'In der Galerie behalten.',
    'control-removed': () => 'Kontrollebene entfernt.',
    'picture-prompt-removed': () => 'Bild-Prompt entfernt.',
    'picture-prompt-refused': ({ number }) =>
      `Es wurde nichts gemalt: Bild-Prompt ${number} lässt sich noch nicht verwenden. Er sagt, warum.`,
    'control-refused': ({ number }) =>
      `Nichts gemalt: Kontrollebene ${number} ist noch nicht brauchbar. Dort steht, warum.`,
    'image-copied': () => 'Bild kopiert.',
    'parameters-copied': () => 'Parameter kopiert.',
    'link-copied': () => 'Link kopiert.',
    'link-copied-without-pictures': () => 'Link kopiert, aber ohne die Bilder, aus denen es entstand.',
    'image-shared': () => 'Bild geteilt.',
    'not-allowed': () => 'Der Browser hat das nicht erlaubt.',
  },
  storage: {
    unkept: (things) =>
      `Bleibt nicht bis zum nächsten Besuch: ${things.map((thing) => STORED[thing]).join(', ')}.`,
    unreadable: {
      settings: () =>
        'Einige Einstellungen vom letzten Besuch waren beschädigt. Sie haben wieder ihre üblichen Werte.',
      picture: (count) =>
        `${count === 1 ? '1 Bild' : `${count} Bilder`} von einem früheren Besuch nicht lesbar.`,
      job: (count) =>
        `${count === 1 ? '1 wartender Auftrag' : `${count} wartende Aufträge`} vom letzten Besuch nicht lesbar. Die anderen sind da.`,
      experiment: (count) =>
        `${count === 1 ? '1 Versuch' : `${count} Versuche`} nicht lesbar. Die anderen sind da.`,
      file: () =>
        'Das Ausgangsbild, seine Maske, eine Kontrollebene oder ein Embedding vom letzten Besuch war nicht lesbar. Noch einmal hinzufügen.',
      drawing: () => 'Ein Teil der Zeichnung vom letzten Besuch ließ sich nicht lesen. Der Rest ist da.',
    },
    dismiss: 'Schließen',
  },
  numbers: {
    fixed: (value, decimals) => value.toFixed(decimals).replace('.', ','),
    plain: decimal,
  },
  offline: {
    modelsHere: (size) => `${size} an Modellen hier.`,
    modelsAndRoom: (size, room) => `${size} an Modellen hier, Platz für weitere ${room}.`,
    kept: 'Bleiben, bis sie gelöscht werden.',
    keep: 'Für offline behalten',
    notPromised:
      'Der Browser hat nicht versprochen, sie zu behalten: Wird der Speicher knapp, darf er sie löschen. Safelight als App zu installieren oder öfter zu besuchen, macht es wahrscheinlicher.',
    ready: 'Offline bereit: die Seite, Trinket und jedes Modell oben.',
    missing: {
      page: 'Offline nicht bereit: die Seite noch einmal laden.',
      runtime: 'Offline nicht bereit: zuerst ein Bild malen.',
      models: 'Offline nicht bereit: Trinket ist noch nicht geladen.',
    },
  },
  progress: {
    label: 'Fortschritt',
    components: {
      tokenizer: 'Tokenizer',
      denoiser: 'U-Net',
      control: 'Kontrollmodell',
      imageEncoder: 'Bild-Encoder',
      vae: 'VAE',
    },
    textEncoder: (number) => (number === 1 ? 'Text-Encoder' : `Text-Encoder ${number}`),
    seconds: (seconds, decimals) => `${seconds.toFixed(decimals).replace('.', ',')} s`,
    minutes: (minutes, seconds) => `${minutes} min ${seconds} s`,

    starting: 'Startet …',
    stopping: 'Hält nach diesem Schritt an …',
    stoppingNow: 'Hält an …',
    keep: 'So behalten',
    keeping: 'Wird dekodiert …',
    before: (outcome) => `Das Bild davor: ${outcome}`,
    keepingLater: 'Wird nach diesem Bild behalten',
    dismissStopped: 'Nicht behalten',
    loading: (model, loaded, total) => `${model} wird geladen … ${loaded} von ${total} MB`,
    preparing: (model, component) => `${model} wird vorbereitet: ${component} …`,
    preparingPercent: (model, component, percent) => `${model} wird vorbereitet: ${component} … ${percent} %`,
    reading: 'Der Prompt wird gelesen …',
    ofPicture: (doing, picture, isHires) => {
      const place = picture && `Bild ${picture.place} von ${picture.total}`;
      if (place) return `${place}${isHires ? ', Hires' : ''}: ${doing}`;
      return isHires ? `Hires: ${doing}` : doing;
    },
    step: (step, steps) => `Schritt ${step} von ${steps}`,
    left: (time) => `noch ${time}`,
    filmstrip: 'Filmstreifen',
    enlarging: 'wird vergrößert …',
    decoding: 'wird dekodiert …',
    done: 'fertig',

    stoppedAt: (step, steps) => `Angehalten bei Schritt ${step} von ${steps}`,
    stoppedInHires: (step, steps) => `Angehalten bei Hires-Schritt ${step} von ${steps}`,
    steps: (steps) => (steps === 1 ? '1 Schritt' : `${steps} Schritte`),
    stepsOfBoth: (first, second) => `${first} + ${second} Schritte`,

    news: {
      stopping: 'Hält an.',
      stopped: 'Angehalten.',
      done: (time, seed) => `Fertig in ${time}. Seed ${seed}.`,
      generating: 'Malt.',
      finishing: 'Gleich fertig.',
      percent: (percent) => `${percent} Prozent.`,
    },
  },
  queue: {
    label: 'Warteschlange',
    spoken: 'Warteschlange:',
    close: 'Warteschlange schließen',
    painting: (percent) => (percent === null ? 'Malt' : `Malt, ${percent} %`),
    percent: (percent) => `${percent} %`,
    waiting: (count) => (count === 1 ? '1 wartet' : `${count} warten`),
    left: (time) => `noch etwa ${time}`,
    held: (count) => `${count} vom letzten Besuch`,
    failed: (count) => `${count} fehlgeschlagen`,
    noneWaiting: 'Nichts wartet',
    empty: 'Die Warteschlange ist leer',

    heldJobs: (count) =>
      `${count === 1 ? 'Ein Auftrag ist' : `${count} Aufträge sind`} vom letzten Besuch übrig.`,
    lastVisit: 'Vom letzten Besuch',
    moreHeld: (count) => `Und ${count} weitere, in der Warteschlange.`,
    start: 'Anfangen',
    startJob: (job) => `Anfangen: ${job}`,
    startAll: 'Alle anfangen',
    drop: (job) => `Verwerfen: ${job}`,
    dropAll: 'Alle verwerfen',
    howToFill: 'Nichts wartet. Wird „Malen“ gedrückt, während ein Bild entsteht, kommt das nächste hierher.',
    cancelAll: 'Alle streichen',
    stopAll: 'Alles anhalten',
    lists: { running: 'In Arbeit', waiting: 'Wartend', failed: 'Fehlgeschlagen' },
    inProgress: 'wird gemalt',
    ofExperiment: 'Versuch',
    isHeld: 'vom letzten Besuch',
    noPrompt: 'Kein Prompt',
    steps: (count) => (count === 1 ? '1 Schritt' : `${count} Schritte`),
    seed: (seed) => `Seed ${seed}`,
    pictures: (count) => `${count} Bilder`,
    layers: (count) => (count === 1 ? '1 Kontrollebene' : `${count} Kontrollebenen`),
    picturePrompts: (count) => (count === 1 ? '1 Bild-Prompt' : `${count} Bild-Prompts`),
    ofSeed: (seed) => `das Bild mit Seed ${seed}`,
    startPicture: 'Ausgangsbild',
    stop: 'Anhalten',
    stopJob: (job) => `Anhalten: ${job}`,
    drag: 'Zum Umordnen ziehen',
    moveUp: (job) => `Nach oben: ${job}`,
    moveDown: (job) => `Nach unten: ${job}`,
    cancel: (job) => `Streichen: ${job}`,
    tryAgain: 'Erneut versuchen',
    tryJobAgain: (job) => `Erneut versuchen: ${job}`,
    forget: (job) => `Entfernen: ${job}`,
    moved: (place, total) => `An Platz ${place} von ${total} verschoben.`,

    tellWhenDone: 'Benachrichtigen, wenn fertig',
    noNotifications: {
      blocked:
        'Dieser Browser ist so eingestellt, dass diese Seite keine Benachrichtigungen zeigt. So geht es: auf das Zeichen links neben der Adresse drücken, bei „Benachrichtigungen“ „Zulassen“ wählen und dies noch einmal einschalten.',
      unanswered: 'Es wurde nichts erlaubt. Noch einmal einschalten und es erlauben, wenn der Browser fragt.',
    },
    jobsDone: (count) => (count === 1 ? 'Das Bild ist fertig.' : `Alle ${count} Aufträge sind fertig.`),
    jobsFailed: (count) =>
      count === 1 ? 'Ein Auftrag ist fehlgeschlagen.' : `${count} Aufträge sind fehlgeschlagen.`,
    title: { failed: 'Fehlgeschlagen', done: 'Fertig' },
  },
  samplers: {
    about: {
      'dpmpp-2m-karras': 'Scharf in wenigen Schritten: 15 bis 25.',
      'dpmpp-2m': 'Gut in wenigen Schritten: 15 bis 30.',
      'dpmpp-2m-sde-karras': 'Frisches Rauschen bei jedem Schritt, reich an Details: 20 bis 40 Schritte.',
      'dpmpp-2m-sde': 'Frisches Rauschen bei jedem Schritt: 25 bis 50 Schritte.',
      'dpmpp-2m-sde-exponential':
        'Dasselbe mit ruhigeren Hintergründen, A1111s eigene Wahl dafür: 20 bis 40 Schritte.',
      'dpmpp-3m-sde':
        'Frisches Rauschen in jedem Schritt, baut auf den letzten drei auf; exponentiell wie in A1111: 25 bis 50 Schritte.',
      'dpmpp-2s': 'Zwei Modell-Auswertungen bei jedem zweiten Schritt: 20 bis 50 Schritte.',
      'dpmpp-2s-karras': 'Zwei Modell-Auswertungen bei jedem zweiten Schritt: 20 bis 40 Schritte.',
      euler: 'Einfach und berechenbar: 20 bis 40 Schritte.',
      'euler-karras': 'Euler mit mehr Schritten gegen Ende: 20 bis 40 Schritte.',
      'euler-ancestral': 'Frisches Rauschen bei jedem Schritt: Mehr Schritte ergeben ein anderes Bild.',
      heun: 'Zwei Modell-Auswertungen je Schritt, braucht doppelt so lange: 10 bis 20 Schritte.',
      'heun-karras': 'Heun mit mehr Schritten gegen Ende: 10 bis 20 Schritte.',
      dpm2: 'Zwei Modell-Auswertungen je Schritt, braucht doppelt so lange: 10 bis 20 Schritte.',
      'dpm2-karras': 'DPM2 mit mehr Schritten gegen Ende: 10 bis 20 Schritte.',
      'dpm2-ancestral': 'DPM2 mit frischem Rauschen bei jedem Schritt: 15 bis 30 Schritte.',
      'dpm2-ancestral-karras': 'Dasselbe mit mehr Schritten gegen Ende: 15 bis 30 Schritte.',
      lms: 'Baut auf seinen letzten vier Schritten auf: 30 bis 50 Schritte.',
      'lms-karras': 'LMS mit mehr Schritten gegen Ende: 20 bis 40 Schritte.',
      unipc: 'Berichtigt jeden Schritt durch den nächsten, gut in sehr wenigen: 10 bis 20 Schritte.',
      deis: 'Gut in wenigen Schritten: 15 bis 25.',
      ddim: 'Der Klassiker, am nächsten an der Art, wie Modelle trainiert werden: 20 bis 50 Schritte.',
      pndm: 'Auch PLMS genannt, der eigene von Stable Diffusion 1: 30 bis 50 Schritte.',
      ddpm: 'Entfernt das Rauschen des Trainings Schritt für Schritt: 100 Schritte oder mehr.',
      lcm: 'Für Latent-Consistency-Modelle: 4 bis 8 Schritte, Guidance 1 bis 2.',
      'euler-trailing':
        'Für SDXL-Lightning und Ähnliches: so viele Schritte, wie die Gewichte verlangen, Guidance 0.',
      'ddim-trailing': 'Für Hyper-SD: so viele Schritte, wie die Gewichte verlangen, Guidance 0.',
      'lcm-trailing': 'Für DMD2: 4 Schritte, Guidance 0.',
      tcd: 'Für Trajectory-Consistency-Modelle: 4 bis 8 Schritte, Eta 0,3.',
      'flow-euler': 'Nur für Flow-Matching-Modelle.',
      'edm-dpmpp-2m': 'Nur für EDM-Modelle (Playground 2.5, CosXL): 15 bis 30 Schritte, Guidance etwa 3.',
      'edm-euler': 'Nur für EDM-Modelle (Playground 2.5, CosXL): 20 bis 40 Schritte, Guidance etwa 5.',
    },
    right: (model) => `Richtig für ${model}`,
    others: 'Für andere Arten von Modellen',
    refused: (model) => `Geht nicht mit ${model}.`,
    unsuited: (model) => `Nicht für ${model} gemacht: Die Bilder werden schlecht.`,
  },
  settingsOffer: {
    madeWith: (tool) => `Gemalt mit ${tool}`,
    unknownTool: 'einem unbekannten Programm',
    pastedFrom: (tool) => `Eingefügt aus ${tool}`,
    summary: (from, differing) =>
      `${from}: ${differing === 0 ? 'das Formular hat seine Einstellungen schon' : differing === 1 ? '1 Einstellung ist anders' : `${differing} Einstellungen sind anders`}`,
    nothing: (from) => `${from}: Seine Einstellungen sind hier nicht zu lesen`,
    becomes: 'wird zu',
    use: 'Einstellungen übernehmen',
    undo: 'Rückgängig',
    pasteAsText: 'Als Text einfügen',
    dismiss: 'Ausblenden',
    placing: {
      offset: 'Lage des Bildes',
      border: 'Rand',
      controls: 'Kontrollebene',
      picturePrompts: 'Bild-Prompt',
      controlModel: 'Kontrollmodell',
      ipAdapter: 'IP-Adapter',
    },
    notes: {
      'unknown-sampler': ({ name }) => `Der Sampler, ${name || 'ohne Namen'}, wird hier nicht unterstützt.`,
      'other-schedule': ({ name }, { sampler }) =>
        `Der Zeitplan, ${name}, wird hier nicht unterstützt: ${sampler} nimmt seinen eigenen.`,
      'near-sampler': ({ name }, { sampler }) =>
        `Der Sampler, ${name}, rechnet dort etwas anders: ${sampler} kommt ihm hier am nächsten.`,
      'other-upscaler': ({ name, upscaler }) =>
        `Der Upscaler, ${name || 'ohne Namen'}, ist nicht hier: ${upscaler === 'latent' ? 'Die Latents werden bilinear vergrößert' : 'Das Bild wird mit Lanczos vergrößert'}.`,
      unread: (_, { label }) => `${label} war in der Datei nicht zu lesen und bleibt, wie es ist.`,
      refused: ({ value }, { label }) => `${label} ${value} lässt sich hier nicht einstellen.`,
      'no-counterpart': ({ name }) => `${name} hat hier keine Entsprechung.`,
      'not-here': ({ name }, { label }) => `${label} ${name} ist nicht auf diesem Gerät.`,
      embedding: ({ name }) => `Benutzt wurde das Embedding ${name}, das nicht hier ist.`,
      'began-with-picture': () => 'Begonnen wurde mit einem anderen Bild, das nicht in der Datei ist.',
      'steered-by-pictures': ({ layers, prompts }) =>
        layers === 0
          ? `Dazu ${prompts === 1 ? 'gehört ein Bild-Prompt, dessen' : `gehören ${prompts} Bild-Prompts, deren`} Bilder nicht in der Datei sind: Bitte neu wählen.`
          : prompts === 0
            ? `Dazu ${layers === 1 ? 'gehört eine Kontrollebene, deren Bild nicht in der Datei ist' : `gehören ${layers} Kontrollebenen, deren Bilder nicht in der Datei sind`}: Bitte neu wählen.`
            : 'Die Bilder der Kontrollebenen und Bild-Prompts sind nicht in der Datei: Bitte neu wählen.',
      'other-preprocessor': ({ name, preprocessor }) =>
        preprocessor === 'none'
          ? `${name} gibt es hier nicht: Die Kontrollebene braucht eine fertige Karte.`
          : `Die Karte machte ${name}; Safelights eigene dieser Art ist etwas anders.`,
      'other-syntax': ({ name }, { tool }) =>
        `Der Prompt ist so geschrieben, wie ${tool} ihn liest (${name}); hier sind das gewöhnliche Wörter.`,
      'other-emphasis': (_, { tool }) =>
        `${tool} gewichtet die Wörter in Klammern nach einer Regel, die es hier nicht gibt: Sie zählen etwas mehr oder weniger.`,
      stopped: ({ pass, step, steps }) =>
        `Es wurde bei ${pass === 2 ? 'Hires-Schritt' : 'Schritt'} ${step} von ${steps} angehalten; noch einmal gemalt, wird es fertig.`,
      unreadable: () =>
        'Seine Einstellungen sind von einer Art, die Safelight nicht kennt; das Formular bleibt, wie es ist.',
      newer: () =>
        'Das Bild stammt von einem neueren Safelight; gelesen wurde alles, was diese Version kennt.',
    },
  },
  startImage: {
    label: 'Mit einem Bild beginnen',
    choose: 'Bild wählen …',
    chooseAnother: 'Anderes wählen …',
    hint: 'Oder eins hierher ziehen oder einfügen. Es verlässt diesen Rechner nie.',
    remove: 'Bild entfernen',
    tooWeak: 'Zu wenig für einen einzigen Schritt: erhöhen, oder mehr Schritte wählen.',
    stepsDone: (done, steps) =>
      `${done} von ${steps} Schritten laufen; ein kleinerer Wert lässt mehr vom Bild stehen.`,
    nine: 'Neun Variationen',

    picture: 'Ausgangsbild',
    place: 'Lage des Bildes',
    cutOut: 'Ausschnitt',
    drag: 'Ziehen oder mit den Pfeiltasten bewegen.',
    sizes: (file, here) =>
      `${file.width} × ${file.height} in der Datei, ${here.width} × ${here.height} hier.`,
    sizesStretched: (file, here) =>
      `${file.width} × ${file.height} in der Datei, ${here.width} × ${here.height} hier, gestreckt.`,
    cutOff: (sides) => `Abgeschnitten: ${sides} Pixel der Datei.`,
    toPaint: (sides) => `Zu malen: ${sides} Pixel.`,
    onSide: {
      left: (pixels) => `links ${pixels}`,
      top: (pixels) => `oben ${pixels}`,
      right: (pixels) => `rechts ${pixels}`,
      bottom: (pixels) => `unten ${pixels}`,
    },

    extend: 'Erweitern …',
    extendLabel: 'Das Bild erweitern',
    sides: { left: 'Links', top: 'Oben', right: 'Rechts', bottom: 'Unten' },
    edges: { left: 'linker Rand', top: 'oberer Rand', right: 'rechter Rand', bottom: 'unterer Rand' },
    pixels: (pixels) => `${pixels} Pixel`,
    inAll: (width, height) => `${width} × ${height} Pixel insgesamt`,
    clear: 'Leeren',
    done: 'Fertig',
    leaveEdges: 'Änderungen verwerfen',
  },
};
