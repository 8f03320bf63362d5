import { run } from '../process/run.mjs'

const cure = 'Install a JDK 17 (on Debian: apt-get install openjdk-17-jdk-headless) and put it on PATH or into JAVA_HOME.'

/** The version of the JVM that the engines will run on, such as `17.0.15`; fails when there is none, or an older one. */
export const javaVersion = async (java) => {
  let text
  try {
    text = await run(java, ['-version'], { about: 'asking Java for its version' })
  } catch (cause) {
    throw new Error(`No Java: ${java} cannot be run. ${cure}`, { cause })
  }
  const version = /version "([^"]+)"/.exec(text)?.[1]
  const major = Number(version?.split('.')[0])
  if (!(major >= 17)) throw new Error(`Java is ${version ?? `unknown (${text.trim()})`}; 17 is needed. ${cure}`)
  return version
}
