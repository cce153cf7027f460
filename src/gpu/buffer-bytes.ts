/** Bytes of a buffer that holds so many: a whole number of vec4<f32>, which every shader may read it as. */
export const bufferBytes = (bytes: number): number => Math.max(16, Math.ceil(bytes / 16) * 16);
