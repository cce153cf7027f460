import { CONTROL_HELP } from './control-help.ts';
import type { SettingHelpTexts } from './setting-help.ts';

export const EN: SettingHelpTexts = {
  start: 'To begin with:',
  usual: (model, value) => `${value} for ${model}.`,
  elsewhere: (names) => `Elsewhere: ${names}.`,
  settings: {
    prompt: {
      does: 'What the picture should show.',
      change:
        '(word:1.3) makes a word count more, [word] less; Ctrl+↑ and Ctrl+↓ write that for you. <lora:name:0.8> applies a LoRA; {red|blue} is one of the two, chosen for each picture. The model reads tokens, pieces of words, which are counted above the field.',
      start:
        'Begin with the thing itself, then how it looks and what is around it: “a red apple on a table”.',
    },
    negativePrompt: {
      does: 'What the picture should not show.',
      change: 'It counts only while guidance is above 1.',
      start: 'Leave it empty, and name here what keeps appearing unasked.',
    },
    model: {
      does: 'The trained program that paints.',
      change: 'Each has learned other things, and brings sizes, steps and guidance of its own.',
      start:
        'Trinket comes with the page and is quick. A larger one, for photos and paintings, is added under Models.',
    },
    vae: {
      does: 'The part of the model that turns its inner picture into pixels.',
      change: 'Another one may give other colours, finer details, or take less memory.',
      start: 'Keep the model’s own.',
    },
    unet: {
      does: 'The part of the model that removes the noise, taken from another model.',
      change: 'It changes everything about the picture. It must be of the same family.',
      start: 'Keep the model’s own.',
    },
    textEncoder: {
      does: 'The part of the model that reads the prompt, taken from another model.',
      change: 'It changes what words mean. It must be of the same family.',
      start: 'Keep the model’s own.',
    },
    bits: {
      does: 'Which copy of the model is used: the original, or one in fewer bits.',
      change: 'Fewer bits take less memory, and change the picture a little.',
      start: '8 bits where the original does not fit. Copies are made under Models; the original stays.',
    },
    numInferenceSteps: {
      does: 'How many times the picture is refined on its way out of the noise.',
      change: 'More takes longer. Too few leave it blurred; above what the model needs, little changes.',
      start: 'Most models need 20 to 30, turbo and LCM models 1 to 8.',
    },
    guidanceScale: {
      does: 'How closely the prompt is followed.',
      change:
        'Low is free and soft, high is literal; too high burns the colours. At 1 or less it is off, and twice as fast.',
      start: 'Most Stable Diffusion models like 5 to 8, turbo and LCM models 1 to 2.',
    },
    scheduler: {
      does: 'The way from noise to picture.',
      change: 'Some need fewer steps. Those that add fresh noise look different with every number of steps.',
      start: 'The first ones in the list suit the model. DPM++ 2M Karras is sharp in about 20 steps.',
    },
    schedule: {
      does: 'How the sampler’s steps are spread between noise and picture.',
      change: 'Karras and Exponential spend more of them on details, which helps when there are few.',
      start: 'Automatic is the sampler’s own way. The others are A1111’s schedule types.',
    },
    seed: {
      does: 'The number that the noise is made from.',
      change:
        'The same seed with the same settings gives the same picture; any other seed gives another one. Near numbers are no more alike than far ones.',
      start: 'Leave it unlocked to be surprised. Lock it to see what another setting changes.',
    },
    width: {
      does: 'How wide the picture is, in pixels.',
      change:
        'Larger takes more time and memory. Far from the size the model was trained at, things repeat or break.',
      start: 'Sizes go in steps of 8.',
    },
    height: {
      does: 'How high the picture is, in pixels.',
      change:
        'Larger takes more time and memory. Far from the size the model was trained at, things repeat or break.',
      start: 'Sizes go in steps of 8.',
    },
    shape: {
      does: 'Sizes that suit the model: square, portrait, landscape.',
      change:
        'The arrows beside it swap width and height; the lock keeps their ratio while you type one of them.',
      start: 'Keep the first one, the size the model was trained at.',
    },
    startImage: {
      does: 'A picture to paint from, in the place of pure noise.',
      change: 'Strength says how much of it may change. A mask says where; with Extend it grows outwards.',
      start: 'Choose, drop or paste one, or press “Start from this” under a picture.',
    },
    strength: {
      does: 'How much of the start picture may change.',
      change: 'Near 0 hardly anything, at 1 everything. Lower values also run fewer steps.',
      start: '0.3 for touches, 0.6 for a new look, 0.8 for a new picture of the same layout.',
    },
    fit: {
      does: 'What happens to a start picture of another shape.',
      change: 'Crop cuts it off, Stretch bends it, and Fit inside paints the borders that are left.',
      start: 'Crop; drag the picture to choose what stays.',
    },
    maskBlur: {
      does: 'How softly the repainted part runs out into the rest, in pixels.',
      change: 'More hides the seam, and touches more of what is around it; 0 is a hard edge.',
      start: '4, as in A1111.',
    },
    maskedContent: {
      does: 'What lies under the mask when painting starts.',
      change:
        'Original keeps what is there in mind, Fill spreads the colours around it, Latent noise makes room for something new.',
      start:
        'Original to change a thing, Fill to take it away, Latent noise with a strength of 1 to put another in its place.',
    },
    paddingMaskCrop: {
      does: 'Whether the whole picture is painted, or only the marked part of it.',
      change:
        'The marked part alone gets all pixels, and so more detail; more pixels around it help it to fit in.',
      start:
        'Whole picture; for faces and other small things only the marked part, with 32 pixels around it.',
    },
    guidanceRescale: {
      does: 'Takes back the glare that strong guidance gives.',
      change: 'More is calmer, and greyer; 0 is off.',
      start: '0. Try 0.7 where colours burn, above all with v-prediction models.',
    },
    guidanceStart: {
      does: 'From where in the run the prompt is enforced: 0 is the beginning, 0.5 the middle.',
      change: 'Later leaves more of the layout to chance.',
      start: '0.',
    },
    guidanceEnd: {
      does: 'Until where in the run the prompt is enforced: 1 is the end.',
      change: 'Less is faster, and freer in the details.',
      start: '1. At 0.8 the last fifth of the steps takes half the time.',
    },
    clipSkip: {
      does: 'Leaves out the last layers that read the prompt.',
      change: 'More reads it more loosely. A1111 counts one more: its 2 is 1 here.',
      start: '0. Many anime models were trained with 1.',
    },
    emphasis: {
      does: 'How the weights of words, as in (word:1.3), are applied.',
      change: 'No norm lets them act more strongly; Ignore reads the words without them.',
      start: 'Original; No norm where SDXL breaks under weights.',
    },
    eta: {
      does: 'How much fresh noise each step adds, in the samplers that leave it open.',
      change: '0 adds none, and the picture settles; 1 adds the most.',
      start: '0; 0.3 with TCD.',
    },
    cacheInterval: {
      does: 'DeepCache: most of the model is computed only at every so many evaluations, and taken over between them.',
      change: '2 nearly halves the time, 3 and 5 save more; fine details suffer, the more the higher it is.',
      start: '1, which is off; 3 to be fast.',
    },
    cacheBranchId: {
      does: 'How many of the last layers DeepCache computes every time.',
      change: '2 comes nearest to the whole model, 0 is fastest.',
      start: '0.',
    },
    gateStep: {
      does: 'T-GATE: some attention is taken over from the evaluation before, and from this one on guidance stops.',
      change: 'Sooner is faster; the picture changes, and late details follow the prompt less.',
      start: '0, which is off; 10 of 25 saves a third.',
    },
    noise: {
      does: 'Whose random numbers make the noise, so that a seed gives here what it gave there.',
      change: 'Neither is better; every picture is another.',
      start: 'Like diffusers. Take A1111’s to paint one of its pictures again.',
    },
    hiresUpscaler: {
      does: 'A second pass: the picture is painted small, enlarged, and refined at that size.',
      change:
        'Latent invents more and needs a high strength; Lanczos keeps the picture and is sharp at once.',
      start: 'Off. Turn it on for pictures larger than the model was trained at.',
    },
    hiresScale: {
      does: 'How many times wider and taller the second pass makes the picture.',
      change: 'At 2 it has four times the pixels, and takes more than four times as long.',
      start: '1.5 to 2.',
    },
    hiresStrength: {
      does: 'How much of the enlarged picture the second pass may change.',
      change: 'Less keeps the picture, more adds detail; too much repeats or breaks what is in it.',
      start: 'With Latent at least 0.5, with Lanczos 0.3 to 0.5.',
    },
    hiresSteps: {
      does: 'How many steps the second pass runs.',
      change: 'More refines more, and takes longer. 0 means as many as the first pass.',
      start: '0, or half of Steps.',
    },
    previewVae: {
      does: 'What is shown after every step.',
      change: 'Quick colours cost nothing; a small decoder shows a sharp picture, and takes a little time.',
      start: 'Quick colours.',
    },
    numImages: {
      does: 'How many pictures one press of Generate makes, each from the next seed.',
      change: 'Each takes as long as one; memory stays the same.',
      start: '1 while you look for words, 4 to choose from.',
    },
    device: {
      does: 'Where the picture is computed.',
      change: 'A GPU is many times faster; the CPU always works.',
      start: 'Automatic takes the GPU if it is fit for it.',
    },
    filmstrip: {
      does: 'Keeps eight pictures of the way out of the noise, to be saved as a strip, a GIF or a video.',
      change: 'It takes a little longer.',
      start: 'Off.',
    },
    memory: {
      does: 'Whether all parts of the model stay loaded, or only the one at work.',
      change: 'One at a time is slower, and needs less memory.',
      start: 'Automatic looks at what this device has.',
    },
    ...CONTROL_HELP.en,
    loras: {
      does: 'Small files that teach a model a style, a person or a thing.',
      change: 'In the prompt, <lora:name:0.8> applies one; the number says how strongly.',
      start: 'Between 0.6 and 1. Add LoRAs under Models.',
    },
    embeddings: {
      does: 'Small files (textual inversions) that give a model a new word.',
      change:
        'Write the file’s name in the prompt, or in the negative prompt where it stands for what to avoid.',
      start: 'Use those made for the model’s family.',
    },
    axis: {
      does: 'The setting that differs from picture to picture; all others stay as under Create.',
      change: 'Rows beside columns try every pair: three by three values are nine pictures.',
      start: 'Guidance scale as columns, and Seed as rows.',
    },
    axisValues: {
      does: 'The values to try, as a list or a range.',
      change: '“1, 3, 5” is a list; “1-9” counts, “1-9 (+2)” skips, “0-1 [5]” divides into five.',
      start: 'Three to five values.',
    },
    prediction: {
      does: 'What the model was trained to predict at each step. This file does not say.',
      change: 'With the wrong one, pictures come out as noise or washed out.',
      start: 'Noise; Velocity for most models made from Stable Diffusion 2 at 768 pixels.',
    },
    mirror: {
      does: 'Another server to download models from, with the same files as the Hugging Face Hub.',
      change: 'It helps where the Hub cannot be reached or is slow.',
      start: 'Leave it empty.',
    },
    speed: {
      does: 'Paints in few steps, by a LoRA made for that, which is fetched once; steps, guidance and sampler are set with it.',
      change: 'Fewer steps are faster and show less detail; a negative prompt counts little or nothing.',
      start: 'Full for the best picture, Fast 8 to try many prompts.',
    },
    token: {
      does: 'A password of yours from the Hugging Face Hub that lets Safelight read gated models.',
      change: 'It is sent to that server only, and stays on this device only if you say so.',
      start: 'Leave it empty: public models need none.',
    },
  },
};
