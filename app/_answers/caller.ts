/**
 * Who asks: a browser that goes to the address itself, or a program, most likely Banking Service's back end, which puts our HTML into a page of its own. A server-side fetch sends no
 * `Sec-Fetch-*`; browsers before those headers send `Upgrade-Insecure-Requests` with navigations (domain.md, "GET authrefresh").
 */
export function isNavigation(headers: Headers): boolean {
  const mode = headers.get('sec-fetch-mode')
  if (mode !== null) return mode === 'navigate'
  return headers.get('upgrade-insecure-requests') === '1' && (headers.get('accept') ?? '').includes('text/html')
}

/** Whether the browser only looks ahead; such a request must have no effect. */
export function isPrefetch(headers: Headers): boolean {
  return [headers.get('sec-purpose'), headers.get('purpose'), headers.get('x-moz')].some((purpose) => purpose?.includes('prefetch'))
}
