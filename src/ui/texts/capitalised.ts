/** The words with a capital letter in front, as a sentence begins. */
export const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);
