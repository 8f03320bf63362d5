/** How many events lie behind offsets of a stream's topic: a version of what is written about them, for it never falls. */
export const eventsBehind = (offsets: Readonly<Record<string, number>>): number => Object.values(offsets).reduce((sum, offset) => sum + offset, 0)
