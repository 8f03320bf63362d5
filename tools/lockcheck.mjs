/**
 * Finds optional dependencies that package.json files name and the lockfile lacks: `npm install` is silent about
 * them and `npm ci` then refuses the lockfile. Run after every change of a dependency: `node tools/lockcheck.mjs`.
 */
import { readFileSync } from 'node:fs'

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
const locked = new Set(Object.keys(packages).map((path) => path.split('node_modules/').pop()))
const missing = Object.entries(packages).flatMap(([path, { version, optionalDependencies = {} }]) =>
  Object.entries(optionalDependencies)
    .filter(([name]) => !locked.has(name))
    .map(([name, range]) => `${path}@${version} wants ${name}@${range}`))

for (const line of missing) console.error(line)
if (missing.length > 0) console.error('npm ci will refuse this lockfile: pin the dependency to a version whose binaries are all published.')
process.exit(missing.length > 0 ? 1 : 0)
