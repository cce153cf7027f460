import type { AxesFault, AxisKind } from '../../experiments/axes.ts';
import type { NumberLimits } from '../../experiments/values.ts';
import type { ComponentName } from '../../protocol/calls.ts';
import type { Size } from '../../protocol/placement.ts';
import type { DraftFault } from '../../state/axis-draft.ts';
import type { Said } from '../../state/notice.ts';
import type { Worded } from './word.ts';

/**
 * Every word of the interface in English, by screen. Texts that hold a number or a name are functions of it. What people
 * type or search for elsewhere (CFG, VAE, names of samplers and models) has its own name in every language.
 */
export const en = {
  app: {
    screens: { create: 'Create', experiments: 'Experiments', gallery: 'Gallery', models: 'Models' },
    screensLabel: 'Screens',
    createLabel: 'Create a picture',
    updateReady: 'A new version of Safelight is ready.',
    reload: 'Reload',
    downloaded: (percent: number) => `${percent} % downloaded`,
    deviceUnknown: 'Device unknown',
    lookingForGpu: 'Looking for a GPU…',
    language: 'Language',
  },
  easel: {
    label: 'Picture',
    substitute: (asked: string, used: string) =>
      `This model names ${asked} as its own sampler, which Safelight does not know. ${used} was used instead; another sampler may suit it better.`,
    refused: 'Not taken from the link:',
    dismiss: 'Dismiss',

    pictureOf: (place: number, total: number) => `Picture ${place} of ${total}`,
    ofSeed: (seed: number) => `Picture of seed ${seed}`,
    developing: (seed: number) => `Seed ${seed}, developing`,
    /** Before a seed, where there is room for it. */
    seed: 'seed',
    placeAndSeed: (place: number, total: number, seed: number) => `${place} of ${total} · seed ${seed}`,
    close: 'Close',
    enlarge: (upscaler: string) => `Enlarge with ${upscaler}`,
    stopEnlarging: 'Stop enlarging',
    toOwnSize: 'Back to its own size',
    enlarging: 'Enlarging',
    percent: (percent: number) => `${percent} percent`,

    filmstrip: (seed: number) => `Filmstrip of seed ${seed}`,
    frame: (step: number) => `After step ${step}`,
    enlargedFrame: (step: number) => `After step ${step}, enlarged`,
    saveStrip: 'Save strip',
    saveGif: 'Save GIF',
    saveVideo: 'Save video',
    saving: 'Saving…',
    notSaved: (reason: string) => `That could not be saved: ${reason}`,
  },
  experiments: {
    label: 'Experiments',
    notKept: 'This browser could not keep everything of the experiments: save the pictures before you leave.',

    heading: 'New experiment',
    noPrompt: 'No prompt',
    base: ({
      model,
      width,
      height,
      steps,
      guidance,
      sampler,
      seed,
    }: Readonly<Record<'model' | 'width' | 'height' | 'steps' | 'guidance' | 'sampler' | 'seed', string>>) =>
      `${model} · ${width} × ${height} · ${steps} ${steps === '1' ? 'step' : 'steps'} · guidance ${guidance} · ${sampler} · seed ${seed}. What changes is chosen here; all else is as it stands under Create.`,
    nine: { guidance: 'Nine guidance values', seed: 'Nine seeds', strength: 'Nine strengths' },
    columns: { label: 'Columns', values: 'Values of the columns' },
    rows: { label: 'Rows', values: 'Values of the rows' },
    noAxis: 'None',
    /** What an axis changes, where that is no field of the form. */
    axes: { prompt: 'Words of the prompt', size: 'Size' },
    choices: (columnsOrRows: string, axis: string) => `${columnsOrRows}: ${axis}`,
    nothing: '(nothing)',
    understood: (count: number, values: string) =>
      `${count === 1 ? 'One value' : `${count} values`}: ${values}`,
    unreplaced: (words: string) =>
      `“${words}” stays: the words to search for, then, after commas, what to put in their place.`,
    howToType: {
      prompt: 'The words to search for, then, after commas, what to put in their place.',
      size: 'Sizes such as 512x512, 512x768.',
      number: (axis: string, { min, max, whole }: NumberLimits) =>
        `${axis}: ${whole ? 'a whole number' : 'a number'} from ${min} to ${max}. 1, 3, 5 · 1-9 · 1-9 (+2) · 0-1 [5] for five values.`,
    },
    draftFaults: {
      'no-axis': () => 'Choose what changes.',
      'none-ticked': () => 'Tick one or more.',
      'no-numbers': () => 'Type one value or more: 1, 3, 5 or 1-9.',
      'no-sizes': () => 'Type one size or more: 512x512, 512x768.',
      'no-terms': () => 'First the words to search for, then what to put in their place.',
      'no-count': () => 'Between [ ] stands how many values: a whole number.',
      'open-quote': () => 'A quotation mark is left open.',
      'no-number': ({ item }) => `“${item}” is no number and no range such as 1-9, 1-9 (+2) or 0-1 [5].`,
      'no-size': ({ item }) => `“${item}” is no size such as 512x768.`,
      endless: ({ item }) => `“${item}” never arrives: its step is 0.`,
      'wrong-way': ({ item }) => `“${item}” goes the wrong way.`,
      'not-whole': ({ value }, axis) => `${axis} takes whole numbers, not ${value}.`,
      'out-of-range': ({ min, max, value }, axis) => `${axis} goes from ${min} to ${max}, not to ${value}.`,
      'size-out-of-range': ({ min, max, item }) =>
        `Sides go from ${min} to ${max} in steps of 8, unlike ${item}.`,
      'too-many-values': ({ most }) => `More than ${most} values on one axis are too many.`,
    } satisfies Worded<DraftFault, [axis: string]>,
    axesFaults: {
      'same-twice': ({ axis }, labelOf) => `Columns and rows both change ${labelOf(axis)}.`,
      'nothing-to-replace': ({ term }) => `Neither prompt holds “${term}”, so there is nothing to replace.`,
      'no-picture': () => 'Strength needs a picture to begin with.',
      'too-many-pictures': ({ count, most }) =>
        `${count} pictures are more than the ${most} of one experiment.`,
    } satisfies Worded<AxesFault, [labelOf: (axis: AxisKind) => string]>,
    chooseColumns: 'Choose what the columns change.',
    toMend: 'Under Create is something to mend first:',
    start: 'Start',
    pictures: (count: number) => (count === 1 ? 'One picture' : `${count} pictures`),
    about: (time: string) => `about ${time}`,

    titled: (title: string) => `Experiment: ${title}`,
    news: (done: number, total: number) => `Experiment: ${done} of ${total} pictures.`,
    goOn: 'Go on',
    stop: 'Stop the experiment',
    stopping: 'Stopping…',
    progress: 'Pictures done',
    done: (done: number, total: number) => `${done} of ${total} pictures`,
    failed: (count: number) => `${count} failed`,
    paused: 'paused',
    left: (time: string) => `about ${time} left`,
    grid: 'Grid',
    developing: (cell: string) => `${cell}, developing`,
    tryAgain: 'Try again',
    tryCellAgain: (cell: string) => `Try again: ${cell}`,
    saveGrid: 'Save the grid',
    saveEach: 'Save each picture (zip)',
    compareTwo: 'Compare two',
    notSaved: (reason: string) => `That could not be saved: ${reason}`,

    useSettings: 'Use these settings',
    compare: 'Compare',
    download: 'Download',
    close: 'Close',
    time: 'Time',
    comparison: 'Compare two pictures',
    leftPicture: { label: 'Left', about: 'The picture left of the line' },
    rightPicture: { label: 'Right', about: 'The picture right of the line' },

    kept: 'Kept experiments',
    keptHere: 'Kept on this device',
    deleted: (title: string) => `“${title}” is deleted.`,
    undo: 'Undo',
    keptFacts: (done: number, total: number, createdAt: Date) =>
      `${done} of ${total} pictures · ${createdAt.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })}`,
    shownAbove: 'Shown above',
    open: 'Open',
    openTitled: (title: string) => `Open ${title}`,
    delete: 'Delete',
    deleteTitled: (title: string) => `Delete ${title}`,
  },
  gallery: {
    label: 'Gallery',
    search: 'Search prompts',
    model: 'Model of the pictures',
    everyModel: 'Every model',
    favourites: 'Favourites',

    selectAll: 'Select all',
    deselect: (count: number) => `Deselect ${count}`,
    favourite: 'Favourite',
    delete: 'Delete',
    exportAll: 'Export all',
    exportSelected: 'Export selected',
    zipName: (part: number, parts: number) => `safelight-${part}-of-${parts}.zip`,
    import: 'Import…',

    reading: 'Looking through the pictures…',
    none: 'No pictures yet: every one you make is kept here, on this device.',
    pictures: (count: number) => (count === 1 ? '1 picture' : `${count} pictures`),
    some: (shown: number, total: number) =>
      `${shown === 0 ? 'none' : shown} of ${total === 1 ? '1 picture' : `${total} pictures`}`,
    unreadable: (count: number) => `${count === 1 ? '1 picture' : `${count} pictures`} could not be read`,
    busy: (done: number, total: number) => `${done} of ${total}…`,
    imported: (count: number) => `${count === 1 ? '1 picture' : `${count} pictures`} imported`,
    known: (count: number) => `${count} here already`,
    refused: (count: number) => `${count} not readable`,
    mayBeCleared: 'The browser may clear them when the disk fills up.',
    keepForGood: 'Keep them for good',
    deleted: (count: number) => `${count === 1 ? '1 picture' : `${count} pictures`} deleted.`,
    undo: 'Undo',

    grid: 'Pictures',
    open: (picture: string) => `Open: ${picture}`,
    select: (picture: string) => `Select: ${picture}`,
    ofSeed: (seed: number) => `Picture of seed ${seed}`,
    untold: 'A picture without a prompt',

    pictureOf: (place: number, total: number) => `Picture ${place} of ${total}`,
    placeOf: (place: number, total: number) => `${place} of ${total}`,
    newer: 'Newer',
    older: 'Older',
    close: 'Close',
    made: 'Made',
    madeAt: (createdAt: Date, duration: string | null, device: 'webgpu' | 'wasm' | null) =>
      `${createdAt.toLocaleString('en', { dateStyle: 'medium', timeStyle: 'short' })}${duration === null ? '' : `, in ${duration}`}${device ? ` on the ${device === 'wasm' ? 'CPU' : 'GPU'}` : ''}`,
    untoldHow: (width: number, height: number) => `${width} × ${height}; the file does not say how`,
    useSettings: 'Use these settings',
    startFrom: 'Start from this',
    enlarge: (upscaler: string) => `Enlarge with ${upscaler}`,
    stopEnlarging: (percent: number) => `Stop enlarging, ${percent} %`,
    download: 'Download',
  },
  mask: {
    label: 'Mark what to paint anew',
    howTo:
      'Mask. Arrows move the brush, Space dabs, brackets change its size, Control Z takes a stroke back.',
    brush: 'Brush',
    softEdge: 'Soft edge',
    erase: 'Erase',
    undo: 'Undo',
    redo: 'Redo',
    invert: 'Invert',
    clear: 'Clear',
    done: 'Done',
    leave: 'Leave the mask as it was',

    open: 'Paint only a part anew…',
    change: 'Change what is painted anew…',
    blurAbout: 'mask_blur: pixels over which what is painted anew fades out',
    contentAbout: 'What is under the mask when painting begins',
    areaAbout:
      'padding_mask_crop: whether only the part marked is painted, as large as the size asked for, and put back',
    fileSize: 'The picture stays as large as it is in its file.',
  },
  notices: {
    enlarged: ({ width, height }) => `Enlarged to ${width} × ${height}.`,
    'settings-taken': ({ absent }) =>
      absent === null ? 'Settings taken over.' : `Settings taken over; ${absent} is not on this device.`,
    'settings-put-back': () => 'The settings are as they were.',
    'image-copied': () => 'Picture copied.',
    'parameters-copied': () => 'Parameters copied.',
    'image-shared': () => 'Picture shared.',
    'not-allowed': () => 'The browser did not allow that.',
  } satisfies Worded<Said>,
  progress: {
    label: 'Progress',
    components: {
      tokenizer: 'tokenizer',
      text_encoder: 'text encoder',
      text_encoder_2: 'second text encoder',
      unet: 'U-Net',
      vae: 'VAE',
      scheduler: 'scheduler',
    } satisfies Record<ComponentName, string>,
    /** A span of time: “4.2 s”, “2 min 5 s”. */
    seconds: (seconds: number, decimals: 0 | 1) => `${seconds.toFixed(decimals)} s`,
    minutes: (minutes: number, seconds: number) => `${minutes} min ${seconds} s`,

    starting: 'Starting…',
    stopping: 'Stopping after this step…',
    loading: (model: string, loaded: number, total: number) => `Loading ${model}… ${loaded} of ${total} MB`,
    preparing: (model: string, component: string) => `Preparing ${model}: ${component}…`,
    preparingPart: (model: string, component: string, percent: number) =>
      `Preparing ${model}: ${component}… ${percent} %`,
    reading: 'Reading the prompt…',
    /** What is done to which picture of several, and whether it is the second pass over it. */
    ofPicture: (doing: string, picture: { place: number; total: number } | null, isEnlarged: boolean) => {
      const place = picture && `Picture ${picture.place} of ${picture.total}`;
      if (place) return `${place}${isEnlarged ? ', enlarged' : ''}: ${doing}`;
      return isEnlarged ? `Enlarged: ${doing}` : doing;
    },
    step: (step: number, steps: number) => `step ${step} of ${steps}`,
    left: (seconds: number) => `${seconds} s left`,
    filmstrip: 'filmstrip',
    enlarging: 'enlarging…',
    decoding: 'decoding…',
    done: 'done',

    stoppedAt: (step: number, steps: number) => `Stopped at step ${step} of ${steps}`,
    stoppedEnlarging: (step: number, steps: number) => `Stopped at step ${step} of ${steps}, enlarged`,
    steps: (steps: number) => (steps === 1 ? '1 step' : `${steps} steps`),
    stepsOfBoth: (first: number, second: number) => `${first} + ${second} steps`,

    news: {
      stopping: 'Stopping.',
      stopped: 'Stopped.',
      done: (time: string, seed: number | undefined) => `Done in ${time}. Seed ${seed}.`,
      generating: 'Generating.',
      finishing: 'Finishing.',
      percent: (percent: number) => `${percent} percent.`,
    },
  },
  queue: {
    label: 'Queue',
    spoken: 'Queue:',
    close: 'Close the queue',
    painting: (percent: number | null) => (percent === null ? 'Painting' : `Painting ${percent} %`),
    percent: (percent: number) => `${percent} %`,
    waiting: (count: number) => `${count} waiting`,
    left: (time: string) => `about ${time} left`,
    held: (count: number) => `${count} from your last visit`,
    failed: (count: number) => `${count} failed`,
    noneWaiting: 'None waiting',
    empty: 'The queue is empty',

    heldJobs: (count: number) =>
      `${count === 1 ? 'One job is' : `${count} jobs are`} left from your last visit.`,
    goOn: 'Go on',
    howToFill: 'Nothing waits. Press Generate while a picture develops to line up more.',
    cancelAll: 'Cancel all',
    stopAll: 'Stop all',
    lists: { running: 'Running', waiting: 'Waiting', failed: 'Failed' },
    inHand: 'painting',
    ofExperiment: 'experiment',
    isHeld: 'from your last visit',
    noPrompt: 'No prompt',
    steps: (count: number) => (count === 1 ? '1 step' : `${count} steps`),
    seed: (seed: number) => `seed ${seed}`,
    pictures: (count: number) => `${count} pictures`,
    ofSeed: (seed: number) => `the picture of seed ${seed}`,
    startPicture: 'The one to start from',
    stop: 'Stop',
    stopJob: (job: string) => `Stop ${job}`,
    drag: 'Drag to another place',
    moveUp: (job: string) => `Move up ${job}`,
    moveDown: (job: string) => `Move down ${job}`,
    cancel: (job: string) => `Cancel ${job}`,
    tryAgain: 'Try again',
    tryJobAgain: (job: string) => `Try ${job} again`,
    forget: (job: string) => `Forget ${job}`,
    moved: (place: number, total: number) => `Moved to place ${place} of ${total}.`,

    tellWhenDone: 'Tell me when done',
    noNotifications: 'This browser does not let the page show notifications.',
    jobsDone: (count: number) => (count === 1 ? 'Your picture is done.' : `All ${count} jobs are done.`),
    jobsFailed: (count: number) => (count === 1 ? 'One job failed.' : `${count} jobs failed.`),
    title: { failed: 'Failed', done: 'Done' },
  },
  startImage: {
    label: 'Start from a picture',
    choose: 'Choose a picture…',
    chooseAnother: 'Choose another…',
    hint: 'Or drop or paste one. It never leaves this machine.',
    remove: 'Remove the picture',
    strengthAbout: 'strength: how much of the picture may change',
    fitAbout: 'What is taken of a picture that is not shaped like the one to be painted',
    tooWeak: 'Too little for a single step: raise it, or Steps.',
    stepsDone: (done: number, steps: number) =>
      `${done} of ${steps} steps are done; less keeps more of the picture.`,
    nine: 'Nine variations',
    madeWith: 'Made with',

    picture: 'The one to start from',
    place: 'Place of the picture',
    cutOut: 'Cut-out',
    drag: 'Drag it, or use the arrow keys.',
    sizes: (file: Size, here: Size) =>
      `${file.width} × ${file.height} in the file, ${here.width} × ${here.height} here.`,
    sizesStretched: (file: Size, here: Size) =>
      `${file.width} × ${file.height} in the file, ${here.width} × ${here.height} here, stretched.`,
    cutOff: (sides: string) => `Cut off: ${sides} of the file’s pixels.`,
    toPaint: (sides: string) => `To be painted: ${sides} pixels.`,
    /** So many pixels on a side. */
    onSide: {
      left: (pixels: number) => `${pixels} left`,
      top: (pixels: number) => `${pixels} top`,
      right: (pixels: number) => `${pixels} right`,
      bottom: (pixels: number) => `${pixels} bottom`,
    },

    extend: 'Extend…',
    extendLabel: 'Extend the picture',
    sides: { left: 'Left', top: 'Top', right: 'Right', bottom: 'Bottom' },
    edges: { left: 'left edge', top: 'top edge', right: 'right edge', bottom: 'bottom edge' },
    pixels: (pixels: number) => `${pixels} pixels`,
    inAll: (width: number, height: number) => `${width} × ${height} pixels in all`,
    clear: 'Clear',
    done: 'Done',
    leaveEdges: 'Leave the edges as they were',
  },
};

/** What every language says. */
export type Texts = typeof en;
