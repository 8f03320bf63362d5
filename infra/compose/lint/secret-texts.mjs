const namesSecret = /passw(or)?d|secret|token|credential|(api|private|signing|fernet|jwt|access)_*key/i

/** What may stand under such a name: nothing, a path, a number, a switch, or a command that reads a file. */
const isHarmless = (name, value) => value === '' || /^\/[^\s:@]*$/.test(value) || /^(true|false|\d{1,6})$/i.test(value) || (/_CMD$/.test(name) && /^cat \/\S+$/.test(value))

const shapes = [
  { what: 'an address with a password', pattern: /:\/\/[^\s/:@]+:[^\s/@]+@/ },
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY/ },
  { what: 'a password as an argument', pattern: /(passw(or)?d|secret|token)["']?[=:]\s*["']?(?![/$<{"'\s]|true\b|false\b)\S{3,}/i },
]

/** As long and as mixed as a made secret is; a path or a class name is cut at its dots and slashes. */
const looksMade = (word) => word.length >= 32 && [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(word))

/** What is secret about a text, in words that do not repeat it; undefined where nothing is. */
export const secretIn = (text, name = '') => {
  if (namesSecret.test(name) && !isHarmless(name, text)) return 'a value under a name of a secret'
  const shape = shapes.find(({ pattern }) => pattern.test(text))
  if (shape !== undefined) return shape.what
  return text.split(/[^\w+=-]+/).some(looksMade) ? 'a text that looks like a made secret' : undefined
}
