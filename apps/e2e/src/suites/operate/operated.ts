import type { Run } from '../../http/trigger-run.ts'
import type { Line } from '../../line/line.ts'
import { rawQuakes, type Quake } from '../../oracle/raw-quakes.ts'
import { readAgain } from '../../oracle/renamed-quakes.ts'
import { GuideShell } from '../../workspace/guide-shell.ts'

export const guideFile = 'docs/guides/operate.md'

/** What the suites of the operator's guide know of each other: what one has done is what the next one finds. */
export class Operated {
  /** The quakes of the file, which all count. */
  readonly quakes: readonly Quake[]
  /** Of them, those that the source gives a second time, with the network under another name. */
  readonly renamed: readonly Quake[]
  /** Quakes that count besides, so far. */
  readonly added: Quake[] = []
  /** Late ones that count in windows that are not final. */
  readonly open: Quake[] = []
  /** The run that has made events of dead letters. */
  redriveRun = ''
  /** The generation that counts late events, and the one that has replayed a day. */
  included = 0
  replayed = 0
  #guide: GuideShell | undefined

  constructor(readonly line: Line, readonly firstRun: () => Run | undefined) {
    this.quakes = rawQuakes(line.root)
    this.renamed = readAgain(this.quakes)
  }

  get guide(): GuideShell {
    return (this.#guide ??= new GuideShell(this.line, guideFile))
  }

  get all(): readonly Quake[] {
    return [...this.quakes, ...this.added]
  }

  quake(id: string): Quake {
    const found = this.quakes.find((quake) => quake.id === id)
    if (!found) throw new Error(`There is no quake ${id} in the file.`)
    return found
  }

  close(): void {
    this.#guide?.close()
  }
}
