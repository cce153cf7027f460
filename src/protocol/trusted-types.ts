import { ROOT } from './root.ts';

/** From the Trusted Types API; TypeScript's library does not have it yet. */
interface TrustedTypes {
  createPolicy(name: 'default', rules: { createScriptURL(url: string): string }): unknown;
}

const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };

/**
 * Under the page's policy (require-trusted-types-for, public/_headers) a text is neither markup nor code, and an address names a
 * script only if it lies in this deployment's own folder (workers, those of onnxruntime's threads, the service worker), or is a
 * Blob that this page made (those of fflate's unzip). To be imported before anything that starts one.
 */
trustedTypes?.createPolicy('default', {
  createScriptURL(url) {
    const { href } = new URL(url, ROOT);
    if (href.startsWith(ROOT.href) || href.startsWith(`blob:${ROOT.origin}/`)) return url;
    throw new TypeError(`${url} is not a script of this page.`);
  },
});
