/** What the UNet gets of one text: states [T, D] of all encoders side by side, and SDXL's pooled vector [P]. */
export interface PromptEmbeds {
  readonly states: Float32Array;
  readonly pooled?: Float32Array;
}

/** The prompt, and what is to be avoided, at one step. */
export interface Conditioning {
  readonly prompt: PromptEmbeds;
  readonly negative: PromptEmbeds;
}
