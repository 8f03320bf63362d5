import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { join } from 'node:path'
import { lineEnvironment } from '../line/launcher.ts'
import type { Line } from '../line/line.ts'
import { forLine } from './for-line.ts'
import { guideBlocks, type GuideBlock } from './guide-blocks.ts'

const done = '-- the block is done --'

/**
 * One shell in which the blocks of a guide are typed, in any order: what a block defines is there for those after it, as it
 * is for a reader. The first block of the guide is typed first. A command that fails ends the shell.
 */
export class GuideShell {
  readonly #line: Line
  readonly #blocks: readonly GuideBlock[]
  readonly #typed = new Set<GuideBlock>()
  readonly #bash: ChildProcessWithoutNullStreams
  #printed = ''
  #errors = ''
  #hasEnded = false
  #look: () => void = () => undefined

  constructor(line: Line, file: string) {
    this.#line = line
    this.#blocks = guideBlocks(join(line.root, file)).filter(({ language }) => language === 'sh')
    this.#bash = spawn('bash', ['-euo', 'pipefail', '-s'], { cwd: line.root, env: lineEnvironment(line) })
    this.#bash.stdout.setEncoding('utf8').on('data', (text: string) => { this.#printed += text; this.#look() })
    this.#bash.stderr.setEncoding('utf8').on('data', (text: string) => { this.#errors += text })
    // Writing to a shell that has ended fails here; what it has printed says why.
    this.#bash.stdin.on('error', () => undefined)
    this.#bash.once('close', () => { this.#hasEnded = true; this.#look() })
  }

  /** Types the one block that has this text, after the first one if that was not typed yet; answers what it prints. */
  async type(text: string): Promise<string> {
    const found = this.#blocks.filter((block) => block.text.includes(text))
    const [first] = this.#blocks
    const [block] = found
    if (!first || !block || found.length > 1) throw new Error(`${found.length} blocks of the guide have ${JSON.stringify(text)}; one must.`)
    if (!this.#typed.has(first)) await this.#run(first)
    return this.#run(block)
  }

  /** The same of a block that ends with the JSON of one answer. */
  async json<T>(text: string): Promise<T> {
    return JSON.parse((await this.type(text)).trim().split('\n').at(-1) ?? '') as T
  }

  /** Blocks that nobody has typed, by their first lines. */
  get left(): string[] {
    return this.#blocks.filter((block) => !this.#typed.has(block)).map(({ line, text }) => `line ${line}: ${text.split('\n')[0] ?? ''}`)
  }

  close(): void {
    this.#bash.kill('SIGKILL')
  }

  async #run(block: GuideBlock): Promise<string> {
    this.#typed.add(block)
    this.#printed = ''
    this.#bash.stdin.write(`${forLine(block.text, this.#line)}\necho '${done}'\n`)
    await new Promise<void>((resolve, reject) => {
      this.#look = () => {
        if (this.#printed.trimEnd().endsWith(done)) resolve()
        else if (this.#hasEnded) reject(new Error(`The block of line ${block.line} has ended the shell.\n${block.text}${this.#printed}${this.#errors}`))
      }
      this.#look()
    })
    return this.#printed.trimEnd().slice(0, -done.length)
  }
}
