/** Writes texts to a stream of this process. A reader that has gone away (`| head`), or a full disk behind it, ends the talking and not the work. */
export function writeTo(stream: NodeJS.WritableStream): (text: string) => void {
  stream.on('error', () => undefined)
  return (text) => void stream.write(text)
}
