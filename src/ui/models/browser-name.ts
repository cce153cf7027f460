/** User-Agent Client Hints (https://wicg.github.io/ua-client-hints), which TypeScript's library does not have. */
interface UserAgentData {
  getHighEntropyValues(hints: readonly string[]): Promise<{
    readonly fullVersionList?: readonly { readonly brand: string; readonly version: string }[];
    readonly platform?: string;
    readonly platformVersion?: string;
  }>;
}

/** The browser and the system with their versions, as the browser tells them; its User-Agent where it has no more to tell. */
export async function browserName(): Promise<string> {
  const { userAgentData: data } = navigator as { userAgentData?: UserAgentData };
  const told = await data
    ?.getHighEntropyValues(['fullVersionList', 'platformVersion'])
    .catch(() => undefined);
  // Brands that are made up have such names, so that nobody relies on the list.
  const brands = told?.fullVersionList?.filter(({ brand }) => !/not.*brand/i.test(brand)) ?? [];
  if (!told || brands.length === 0) return navigator.userAgent;
  const browser = (brands.find(({ brand }) => brand !== 'Chromium') ?? brands[0]) as (typeof brands)[number];
  return `${browser.brand} ${browser.version}, ${told.platform} ${told.platformVersion}`.trim();
}
