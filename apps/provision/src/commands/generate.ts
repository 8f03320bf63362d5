import { generatedFiles } from '../translate/generated-files.ts'
import { compareFiles } from '../compare-files.ts'
import type { Command } from './command.ts'

/** Writes what the catalogue means today; removes what nothing makes any more. Touches only files that differ. */
export const generate: Command = async ({ catalogue, workspace, documents, say }) => {
  const files = [...generatedFiles(catalogue), ...await documents(workspace().root)]
  const stale = compareFiles(files, await workspace().read(files.map(({ path }) => path)))
  for (const { path, problem } of stale) {
    const file = files.find((candidate) => candidate.path === path)
    if (file) await workspace().write(file)
    else await workspace().remove(path)
    say(`${problem === 'missing' ? 'made' : problem === 'differs' ? 'changed' : 'removed'} ${path}`)
  }
  say(stale.length === 0 ? `All ${files.length} files are up to date.` : `Review the changes and commit them: git diff generated .env.example docs`)
  return 0
}
