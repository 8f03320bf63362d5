import { makeTestVenv, pythonOf } from './prepare/venv.mjs'
import { readSettings } from './line/settings.mjs'

/** Prints the path of the Python that runs Airflow, pytest and ruff, when all of it is installed. */
try {
  console.log(pythonOf(await makeTestVenv(readSettings())))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
