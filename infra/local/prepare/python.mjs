import { run } from '../process/run.mjs'

export const pythonVersion = '3.11'
const usualNames = ['python3.11', '/usr/bin/python3.11', 'python3']

const without = 'or leave Airflow out: MILLRACE_AIRFLOW=off npm start'
const noPython = `No Python ${pythonVersion}: it runs Airflow. Install it (on Debian 12: apt-get install python3.11-venv), ${without}.`
const noVenv = (python) => `${python} cannot make a virtual environment: its module ensurepip is missing. Install it (on Debian 12: apt-get install python3.11-venv), ${without}.`

const ask = async (command, script, env) => {
  try {
    return (await run(command, ['-c', script], { about: `asking ${command}`, env })).trim()
  } catch {
    // A name that is not there, or the stand-in of a version manager that has no such version: the next may be.
    return undefined
  }
}

/** Whether `uv` can be run: it installs in seconds what takes pip a minute, and needs no venv module. */
export const hasUv = async (env) => {
  try {
    await run('uv', ['--version'], { about: 'asking uv for its version', env })
    return true
  } catch {
    return false
  }
}

/** The path of a Python of the version that the locked packages are for, able to make a virtual environment; else says what to install. */
export const findPython = async (env, { withUv = false, names = usualNames } = {}) => {
  for (const candidate of names) {
    const found = await ask(candidate, 'import sys; print("%d.%d" % sys.version_info[:2], sys.executable)', env)
    if (found === undefined || !found.startsWith(`${pythonVersion} `)) continue
    const python = found.slice(pythonVersion.length + 1)
    if (!withUv && await ask(python, 'import ensurepip, venv', env) === undefined) throw new Error(noVenv(python))
    return python
  }
  throw new Error(noPython)
}
