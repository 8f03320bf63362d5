const shortest = 16

/** The forms in which a secret may stand somewhere: as it is, the part of a key that is secret, and both in base 64. */
const formsOf = (value) => {
  const plain = [value, value.slice(value.indexOf('.') + 1)]
  const encoded = plain.map((text) => Buffer.from(text).toString('base64').replace(/=+$/, ''))
  return [...new Set([...plain, ...encoded])]
}

/**
 * Where a secret stands that should stand nowhere: `secrets` and `texts` are lists of `{ name, value }` and `{ where, text }`.
 * The answer names secrets, and never shows one. A secret that is too short to be searched for is refused.
 */
export const leaksIn = (texts, secrets) => {
  for (const { name, value } of secrets) if (value.length < shortest) throw new Error(`The secret ${name} has ${value.length} characters; one of fewer than ${shortest} would be found by chance.`)
  const wanted = secrets.map(({ name, value }) => ({ name, forms: formsOf(value) }))
  return texts.flatMap(({ where, text }) => wanted.filter(({ forms }) => forms.some((form) => text.includes(form))).map(({ name }) => `${where} shows ${name}`))
}
