import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { scratch } from '../process/scratch.mjs'
import { findPython } from './python.mjs'
import { hasVenv, makeTestVenv, makeVenv, needVenv, pythonEnvironment, pythonOf } from './venv.mjs'

/** A Python that makes folders, and whose pip brings uv; both note what they were asked to install; `broken` has pip fail. */
const python = (root) => `#!/bin/sh
case "$2" in
  *sys.version_info*) echo "3.11 ${root}/bin/python3.11" ;;
  *ensurepip*) [ ! -e ${root}/no-ensurepip ] ;;
  venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
  pip) echo "pip $*" >>${root}/asked; [ ! -e ${root}/broken ] && cp ${root}/uv "\${0%/*}/uv" ;;
esac
`
const uv = (root) => `#!/bin/sh
echo "uv $*" >>${root}/asked
if [ "$1" = venv ]; then for last; do :; done; mkdir -p "$last/bin" && cp ${root}/bin/python3.11 "$last/bin/python"; fi
`

const place = ({ withUv = false } = {}) => {
  const root = scratch()
  const write = (path, text) => { writeFileSync(join(root, path), text); chmodSync(join(root, path), 0o755) }
  for (const folder of ['bin', 'infra', 'infra/airflow']) mkdirSync(join(root, folder))
  write('infra/airflow/requirements.txt', 'apache-airflow==1')
  write('infra/airflow/requirements-dev.txt', 'pytest==1')
  write('infra/airflow/requirements-uv.txt', 'uv==1')
  write('bin/python3.11', python(root))
  write('uv', uv(root))
  if (withUv) write('bin/uv', uv(root))
  const asked = () => existsSync(join(root, 'asked')) ? readFileSync(join(root, 'asked'), 'utf8').trim().split('\n') : []
  return { root, write, asked, settings: { root, venvs: join(root, 'venv'), env: { PATH: `${join(root, 'bin')}:/usr/bin:/bin` } } }
}

it('installs the lock once, with hashes and built packages only', async () => {
  const { settings, asked } = place()
  assert.equal(await hasVenv(settings), false)
  const folder = await makeVenv(settings)
  assert.ok(existsSync(pythonOf(folder)) && await hasVenv(settings))
  assert.equal(await makeVenv(settings), folder)
  assert.equal(asked().length, 2)
  assert.match(asked()[0], /^pip -m pip install .*--require-hashes --only-binary :all: .*infra\/airflow\/requirements-uv\.txt$/)
  assert.match(asked()[1], /^uv pip install .*--require-hashes --only-binary :all: .*infra\/airflow\/requirements\.txt$/)
})

it('installs another lock beside', async () => {
  const { settings, write } = place()
  const first = await makeVenv(settings)
  write('infra/airflow/requirements.txt', 'apache-airflow==2')
  assert.equal(await hasVenv(settings), false)
  assert.notEqual(await makeVenv(settings), first)
  assert.ok(existsSync(pythonOf(first)))
})

it('leaves nothing that looks complete when it fails, and clears that away the next time', async () => {
  const { settings, root, write } = place()
  write('broken', '')
  await assert.rejects(makeVenv(settings), /installing the Python packages of .*requirements-uv\.txt/)
  assert.equal(await hasVenv(settings), false)
  rmSync(join(root, 'broken'))
  const folder = await makeVenv(settings)
  assert.deepEqual(readdirSync(settings.venvs).sort(), [readlinkSync(folder), folder.split('/').at(-1)].sort())
})

it('installs again when the Python that it was made with has gone', async () => {
  const { settings, asked } = place()
  rmSync(pythonOf(await makeVenv(settings)))
  await makeVenv(settings)
  assert.equal(asked().length, 4)
})

it('adds what the tests need once, to the same folder', async () => {
  const { settings, asked } = place()
  assert.equal(await makeTestVenv(settings), await makeTestVenv(settings))
  assert.deepEqual(asked().map((line) => line.split('/').at(-1)), ['requirements-uv.txt', 'requirements.txt', 'requirements-dev.txt'])
})

it('leaves it to pip where the uv that pip has brought fails', async () => {
  const { settings, root, write, asked } = place()
  write('uv', `#!/bin/sh\necho "uv $*" >>${root}/asked; exit 1`)
  await makeVenv(settings)
  assert.deepEqual(asked().map((line) => `${line.split(' ')[0]} ${line.split('/').at(-1)}`), ['pip requirements-uv.txt', 'uv requirements.txt', 'pip requirements.txt'])
})

it('takes the uv that is there', async () => {
  const { settings, asked } = place({ withUv: true })
  assert.ok(existsSync(pythonOf(await makeVenv(settings))))
  assert.match(asked().join('\n'), /uv --version\nuv venv .*\nuv pip install .*--python .*--require-hashes/)
})

it('says what to install when there is no Python 3.11, or one without its venv module, and how to do without', async () => {
  const { settings, root, write } = place()
  write('no-ensurepip', '')
  await assert.rejects(needVenv(settings), /ensurepip is missing.*apt-get install python3\.11-venv.*MILLRACE_AIRFLOW=off/)
  assert.equal(await findPython(settings.env, { withUv: true }), join(root, 'bin/python3.11'))
  write('bin/stand-in', '#!/bin/sh\necho "stand-in: python3.11: command not found" >&2; exit 127')
  write('bin/newer', '#!/bin/sh\necho "3.12 /usr/bin/python3.12"')
  await assert.rejects(findPython(settings.env, { names: ['stand-in', 'newer', 'absent'] }), /No Python 3\.11.*apt-get install python3\.11-venv.*MILLRACE_AIRFLOW=off/)
})

it('lets Python keep its translations, and look for modules in no other place', () => {
  assert.deepEqual(pythonEnvironment({ PATH: '/bin', PYTHONPATH: '/x', PYTHONHOME: '/y', PYTHONDONTWRITEBYTECODE: '1', PIP_CERT: '/z' }), { PATH: '/bin', PIP_CERT: '/z' })
})
