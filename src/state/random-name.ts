/** A name that is in use nowhere; unlike crypto.randomUUID it also works outside of secure contexts. */
export const randomName = () => crypto.getRandomValues(new Uint32Array(4)).join('-');
