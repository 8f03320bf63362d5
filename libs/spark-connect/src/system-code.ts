/** Node's code of the network failure behind an error, such as `ECONNREFUSED`; undefined if it was none. */
export function systemCode(error: unknown): string | undefined {
  for (let at = error; typeof at === 'object' && at !== null; at = 'cause' in at ? at.cause : null)
    if ('code' in at && typeof at.code === 'string' && networkFailure.test(at.code)) return at.code
  return undefined
}

const networkFailure = /^(ECONN|EPIPE|ETIMEDOUT|EHOST|ENET|ENOTFOUND|EAI_|ERR_HTTP2_)/
