import { CONTROL_HELP } from './control-help.ts';
import type { SettingHelpTexts } from './setting-help.ts';

export const DE: SettingHelpTexts = {
  start: 'Zum Anfang:',
  usual: (model, value) => `${value} bei ${model}.`,
  elsewhere: (names) => `Anderswo: ${names}.`,
  settings: {
    prompt: {
      does: 'Was auf dem Bild sein soll.',
      change:
        '(Wort:1.3) lässt ein Wort mehr gelten, [Wort] weniger; Strg+↑ und Strg+↓ schreiben das hin. <lora:Name:0.8> wendet eine LoRA an; {rot|blau} ist eins von beiden, für jedes Bild neu gewählt. Das Modell liest Tokens, Stücke von Wörtern; über dem Feld werden sie gezählt.',
      start:
        'Erst das Ding selbst, dann wie es aussieht und was ringsum ist: „a red apple on a table“. Die meisten Modelle verstehen nur Englisch.',
    },
    negativePrompt: {
      does: 'Was nicht auf dem Bild sein soll.',
      change: 'Es gilt nur, solange Guidance über 1 ist.',
      start: 'Leer lassen, und hier nennen, was ungefragt immer wieder auftaucht.',
    },
    model: {
      does: 'Das trainierte Programm, das malt.',
      change: 'Jedes hat anderes gelernt und bringt eigene Größen, Schritte und Guidance mit.',
      start:
        'Trinket ist schon da und schnell. Ein größeres, für Fotos und Gemälde, fügt man unter „Modelle“ hinzu.',
    },
    vae: {
      does: 'Der Teil des Modells, der aus seinem inneren Bild Pixel macht.',
      change:
        'Ein anderer gibt vielleicht andere Farben oder feinere Einzelheiten, oder braucht weniger Speicher.',
      start: 'Den des Modells behalten.',
    },
    unet: {
      does: 'Der Teil des Modells, der das Rauschen entfernt, aus einem anderen Modell.',
      change: 'Er ändert alles am Bild. Er muss aus derselben Familie sein.',
      start: 'Den des Modells behalten.',
    },
    textEncoder: {
      does: 'Der Teil des Modells, der den Prompt liest, aus einem anderen Modell.',
      change:
        'Er ändert, was Wörter bedeuten. Er muss aus derselben Familie sein. Eine einzelne Datei mit OpenCLIPs CLIP G ersetzt SDXLs zweiten Text-Encoder, jede andere den ersten.',
      start: 'Den des Modells behalten.',
    },
    bits: {
      does: 'Welche Kopie des Modells benutzt wird: das Original, oder eine mit weniger Bits.',
      change: 'Weniger Bits brauchen weniger Speicher und ändern das Bild ein wenig.',
      start:
        '8 Bit, wo das Original nicht hineinpasst. Kopien macht man unter „Modelle“; das Original bleibt.',
    },
    numInferenceSteps: {
      does: 'Wie oft das Bild auf dem Weg aus dem Rauschen verfeinert wird.',
      change:
        'Mehr dauert länger. Zu wenige lassen es unscharf; über dem, was das Modell braucht, ändert sich wenig.',
      start: 'Die meisten Modelle brauchen 20 bis 30, Turbo- und LCM-Modelle 1 bis 8.',
    },
    guidanceScale: {
      does: 'Wie genau dem Prompt gefolgt wird.',
      change:
        'Wenig ist frei und weich, viel ist wörtlich; zu viel verbrennt die Farben. Bei 1 und weniger ist es aus, und doppelt so schnell.',
      start: 'Die meisten Stable-Diffusion-Modelle mögen 5 bis 8, Turbo- und LCM-Modelle 1 bis 2.',
    },
    scheduler: {
      does: 'Der Weg vom Rauschen zum Bild.',
      change:
        'Manche brauchen weniger Schritte. Die, die neues Rauschen hinzufügen, geben bei jeder Schrittzahl ein anderes Bild.',
      start: 'Die ersten in der Liste passen zum Modell. DPM++ 2M Karras ist in etwa 20 Schritten scharf.',
    },
    schedule: {
      does: 'Wie die Schritte des Samplers zwischen Rauschen und Bild verteilt sind.',
      change: 'Karras und Exponential verwenden mehr davon auf Einzelheiten; das hilft, wenn es wenige sind.',
      start: 'Automatisch ist die Art des Samplers selbst. Die anderen sind die Schedule types von A1111.',
    },
    seed: {
      does: 'Die Zahl, aus der das Rauschen entsteht.',
      change:
        'Derselbe Seed mit denselben Einstellungen gibt dasselbe Bild, jeder andere ein anderes. Nahe Zahlen sind einander nicht ähnlicher als ferne.',
      start:
        'Nicht festhalten, um überrascht zu werden. Festhalten, um zu sehen, was eine andere Einstellung ändert.',
    },
    width: {
      does: 'Wie breit das Bild ist, in Pixeln.',
      change:
        'Größer braucht mehr Zeit und Speicher. Fern von der Größe, mit der das Modell trainiert wurde, wiederholt sich manches oder zerfällt.',
      start: 'Größen gehen in Achterschritten.',
    },
    height: {
      does: 'Wie hoch das Bild ist, in Pixeln.',
      change:
        'Größer braucht mehr Zeit und Speicher. Fern von der Größe, mit der das Modell trainiert wurde, wiederholt sich manches oder zerfällt.',
      start: 'Größen gehen in Achterschritten.',
    },
    shape: {
      does: 'Größen, die zum Modell passen: Quadrat, Hochformat, Querformat.',
      change:
        'Die Pfeile daneben vertauschen Breite und Höhe; das Schloss hält ihr Verhältnis, während man eine davon tippt.',
      start: 'Die erste behalten: die Größe, mit der das Modell trainiert wurde.',
    },
    startImage: {
      does: 'Ein Bild, von dem aus gemalt wird, statt aus reinem Rauschen.',
      change:
        'Stärke sagt, wie viel davon sich ändern darf. Eine Maske sagt, wo; mit „Erweitern“ wächst es nach außen.',
      start: 'Eins wählen, hereinziehen oder einfügen, oder unter einem Bild „Damit beginnen“ drücken.',
    },
    strength: {
      does: 'Wie viel vom Ausgangsbild sich ändern darf.',
      change: 'Nahe 0 fast nichts, bei 1 alles. Kleinere Werte laufen auch in weniger Schritten.',
      start: '0,3 zum Ausbessern, 0,6 für ein neues Aussehen, 0,8 für ein neues Bild von gleichem Aufbau.',
    },
    fit: {
      does: 'Was mit einem Ausgangsbild anderer Form geschieht.',
      change:
        'Zuschneiden lässt Ränder weg, Strecken verzerrt, und Einpassen malt die Ränder, die übrig sind.',
      start: 'Zuschneiden; durch Ziehen wählt man, was bleibt.',
    },
    maskBlur: {
      does: 'Wie weich der neu gemalte Teil in den Rest ausläuft, in Pixeln.',
      change: 'Mehr verbirgt die Naht und berührt mehr von dem, was ringsum ist; 0 ist eine harte Kante.',
      start: '4, wie in A1111.',
    },
    maskedContent: {
      does: 'Was unter der Maske liegt, wenn das Malen beginnt.',
      change:
        'Das Bild selbst ist ein Ausgangspunkt, die Füllung zieht die Farben ringsum hinein, Rauschen macht Platz für Neues.',
      start:
        'Das Bild selbst, um ein Ding zu ändern, Füllung, um es wegzunehmen, Rauschen mit Stärke 1 für ein anderes an seiner Stelle.',
    },
    paddingMaskCrop: {
      does: 'Ob das ganze Bild gemalt wird, oder nur der markierte Teil davon.',
      change:
        'Der markierte Teil allein bekommt alle Pixel und so mehr Einzelheiten; mehr Pixel ringsum helfen ihm, sich einzufügen.',
      start:
        'Das ganze Bild; für Gesichter und andere Kleinigkeiten nur der markierte Teil, mit 32 Pixeln ringsum.',
    },
    guidanceRescale: {
      does: 'Nimmt die Überbelichtung zurück, die starke Guidance gibt.',
      change: 'Mehr ist ruhiger und grauer; 0 ist aus.',
      start: '0. Wo Farben verbrennen, 0,7 versuchen, vor allem bei Modellen mit v-prediction.',
    },
    guidanceStart: {
      does: 'Ab wo im Lauf dem Prompt gefolgt wird: 0 ist der Anfang, 0,5 die Mitte.',
      change: 'Später überlässt mehr vom Aufbau dem Zufall.',
      start: '0.',
    },
    guidanceEnd: {
      does: 'Bis wo im Lauf dem Prompt gefolgt wird: 1 ist das Ende.',
      change: 'Weniger ist schneller und in den Einzelheiten freier.',
      start: '1. Bei 0,8 dauert das letzte Fünftel der Schritte halb so lang.',
    },
    clipSkip: {
      does: 'Lässt die letzten Schichten weg, die den Prompt lesen.',
      change: 'Mehr liest ihn lockerer. A1111 zählt eins mehr: seine 2 ist hier 1.',
      start: '0. Viele Anime-Modelle wurden mit 1 trainiert.',
    },
    emphasis: {
      does: 'Wie die Gewichte von Wörtern, wie in (Wort:1.3), angewandt werden.',
      change: '„Ohne Norm“ lässt sie stärker wirken; „Ohne Wirkung“ liest die Wörter ohne sie.',
      start: '„Original“; „Ohne Norm“, wo SDXL unter Gewichten zerfällt.',
    },
    eta: {
      does: 'Wie viel neues Rauschen jeder Schritt hinzufügt, bei den Samplern, die es offen lassen.',
      change: '0 fügt keins hinzu, und das Bild kommt zur Ruhe; 1 fügt am meisten hinzu.',
      start: '0; bei TCD 0,3.',
    },
    cacheInterval: {
      does: 'DeepCache: Das meiste des Modells wird nur bei jeder so vielten Auswertung berechnet und dazwischen übernommen.',
      change:
        '2 halbiert die Zeit beinahe, 3 und 5 sparen mehr; feine Einzelheiten leiden, je höher, desto mehr.',
      start: '1, das ist aus; 3, wenn es schnell gehen soll.',
    },
    cacheBranchId: {
      does: 'Wie viele der letzten Schichten DeepCache jedes Mal berechnet.',
      change: 'Mit 2 kommt es dem ganzen Modell am nächsten, mit 0 ist es am schnellsten.',
      start: '0.',
    },
    gateStep: {
      does: 'T-GATE: Ein Teil der Attention wird aus der Auswertung davor übernommen, und ab dieser hier endet die Guidance.',
      change: 'Früher ist schneller; das Bild ändert sich, und späte Einzelheiten folgen dem Prompt weniger.',
      start: '0, das ist aus; 10 von 25 spart ein Drittel.',
    },
    noise: {
      does: 'Wessen Zufallszahlen das Rauschen machen, damit ein Seed hier dasselbe gibt wie dort.',
      change: 'Keine sind besser; jedes Bild wird ein anderes.',
      start: 'Wie diffusers. Die von A1111, um eins seiner Bilder noch einmal zu malen.',
    },
    hiresUpscaler: {
      does: 'Ein zweiter Durchgang: Das Bild wird klein gemalt, vergrößert und in dieser Größe verfeinert.',
      change:
        '„Latent“ erfindet mehr und braucht eine hohe Stärke; Lanczos behält das Bild und ist gleich scharf.',
      start: 'Aus. Einschalten für Bilder, die größer sind, als das Modell gelernt hat.',
    },
    hiresScale: {
      does: 'Wie viel breiter und höher der zweite Durchgang das Bild macht.',
      change: 'Bei 2 hat es viermal so viele Pixel und dauert mehr als viermal so lang.',
      start: '1,5 bis 2.',
    },
    hiresStrength: {
      does: 'Wie viel vom vergrößerten Bild der zweite Durchgang ändern darf.',
      change:
        'Weniger behält das Bild, mehr bringt Einzelheiten; zu viel wiederholt oder zerstört, was darin ist.',
      start: 'Bei „Latent“ mindestens 0,5, bei Lanczos 0,3 bis 0,5.',
    },
    hiresSteps: {
      does: 'Wie viele Schritte der zweite Durchgang macht.',
      change: 'Mehr verfeinert mehr und dauert länger. 0 heißt so viele wie der erste.',
      start: '0, oder halb so viele wie der erste.',
    },
    previewVae: {
      does: 'Was nach jedem Schritt gezeigt wird.',
      change:
        'Schnelle Farben kosten nichts; ein kleiner Decoder zeigt ein scharfes Bild und braucht etwas Zeit.',
      start: 'Schnelle Farben.',
    },
    numImages: {
      does: 'Wie viele Bilder ein Druck auf „Malen“ malt, jedes mit dem nächsten Seed.',
      change: 'Jedes dauert so lang wie eins; der Speicher bleibt derselbe.',
      start: '1, solange man nach Wörtern sucht, 4 zum Aussuchen.',
    },
    device: {
      does: 'Wo gerechnet wird.',
      change: 'Eine Grafikkarte ist um ein Vielfaches schneller; die CPU geht immer.',
      start: 'Automatisch nimmt die Grafikkarte, wenn sie dafür taugt.',
    },
    filmstrip: {
      does: 'Behält acht Bilder vom Weg aus dem Rauschen, um sie als Streifen, GIF oder Video zu speichern.',
      change: 'Es dauert ein wenig länger.',
      start: 'Aus.',
    },
    memory: {
      does: 'Ob alle Teile des Modells geladen bleiben, oder nur der, der gerade arbeitet.',
      change: 'Immer nur einer ist langsamer und braucht weniger Speicher.',
      start: 'Automatisch sieht nach, was dieses Gerät hat.',
    },
    ...CONTROL_HELP.de,
    loras: {
      does: 'Kleine Dateien, die einem Modell einen Stil, eine Person oder ein Ding beibringen.',
      change: 'Im Prompt wendet <lora:Name:0.8> eine an; die Zahl sagt, wie stark.',
      start: 'Zwischen 0,6 und 1. LoRAs fügt man unter „Modelle“ hinzu.',
    },
    embeddings: {
      does: 'Kleine Dateien (Textual Inversion), die einem Modell ein neues Wort geben.',
      change:
        'Den Namen der Datei in den Prompt schreiben, oder in den negativen, wo er für etwas steht, das zu vermeiden ist.',
      start: 'Solche nehmen, die für die Familie des Modells gemacht sind.',
    },
    axis: {
      does: 'Die Einstellung, die von Bild zu Bild anders ist; alle anderen bleiben wie unter „Malen“.',
      change: 'Zeilen neben Spalten versuchen jedes Paar: Drei mal drei Werte sind neun Bilder.',
      start: 'Guidance als Spalten, und Seed als Zeilen.',
    },
    axisValues: {
      does: 'Die Werte, die versucht werden, als Liste oder Bereich.',
      change: '„1, 3, 5“ ist eine Liste; „1-9“ zählt, „1-9 (+2)“ überspringt, „0-1 [5]“ teilt in fünf.',
      start: 'Drei bis fünf Werte.',
    },
    prediction: {
      does: 'Was das Modell in jedem Schritt vorherzusagen gelernt hat. Diese Datei sagt es nicht.',
      change: 'Mit dem falschen kommen die Bilder als Rauschen oder verwaschen heraus.',
      start: 'Rauschen; Velocity für die meisten Modelle aus Stable Diffusion 2 mit 768 Pixeln.',
    },
    mirror: {
      does: 'Ein anderer Server, von dem Modelle geladen werden, mit denselben Dateien wie der Hugging Face Hub.',
      change: 'Er hilft, wo der Hub nicht zu erreichen oder langsam ist.',
      start: 'Leer lassen.',
    },
    speed: {
      does: 'Malt in wenigen Schritten, mit einer LoRA dafür, die einmal geladen wird; Schritte, Guidance und Sampler stellen sich mit ein.',
      change:
        'Weniger Schritte sind schneller und zeigen weniger Einzelheiten; ein negativer Prompt zählt wenig oder gar nicht.',
      start: '„Voll“ für das beste Bild, „Schnell 8“, um viele Prompts zu versuchen.',
    },
    token: {
      does: 'Ein Passwort vom Hugging Face Hub, mit dem Safelight zugangsbeschränkte Modelle lesen darf.',
      change: 'Es wird nur an diesen Server geschickt und bleibt nur auf Wunsch auf diesem Gerät.',
      start: 'Leer lassen: Öffentliche Modelle brauchen keins.',
    },
  },
};
