const mask = '[hidden]'
const secrets = new Set<string>()
const secretName = /password|passwd|secret|token|authorization|credential|cookie|(private|api).?key|bearer/i

/**
 * From now on no log line shows this text. Settings call it for every secret they read; shorter than eight
 * characters is refused, because hiding such a text would tear holes into every line.
 */
export function hideSecret(secret: string): void {
  if (secret.length < 8) throw new RangeError(`A secret has at least 8 characters, this one has ${secret.length}. Make a longer one.`)
  secrets.add(JSON.stringify(secret).slice(1, -1))
}

/** Whether a field of this name may hold a secret and is masked whatever it holds. */
export function namesSecret(field: string): boolean {
  return secretName.test(field)
}

/** What stands in the place of a secret. */
export function masked(): string {
  return mask
}

/** The finished JSON line without any known secret. */
export function redact(line: string): string {
  let out = line
  for (const secret of secrets) if (out.includes(secret)) out = out.replaceAll(secret, mask)
  return out
}
