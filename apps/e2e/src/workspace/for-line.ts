import type { Line } from '../line/line.ts'

/** A guide's commands as they are typed on this line: the usual ports of the workers are moved, and so is the folder of its keys. */
export const forLine = (text: string, { portOffset, state }: Pick<Line, 'portOffset' | 'state'>): string =>
  text.replace(/(?<=127\.0\.0\.1:)13\d{3}/g, (port) => String(Number(port) + portOffset)).replace(/(?<![\w./-])\.millrace(?=\/)/g, () => state)
