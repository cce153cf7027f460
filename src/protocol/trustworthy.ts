/**
 * Whether nobody on the way can read or change what is sent to an address: https, or this machine itself (Secure Contexts,
 * 3.1, “potentially trustworthy”). Of this machine's own names, those that the page's policy lets it ask (public/_headers).
 */
export const isTrustworthy = ({ protocol, hostname }: URL) =>
  protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1'].includes(hostname));
