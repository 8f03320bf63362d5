import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const scopes = { trigger: 'ingest:trigger', control: 'stream:control', read: 'query:read', admin: 'admin' }
const passwords = ['cassandra-admin', 'cassandra-migrator', 'cassandra-writer', 'cassandra-reader', 'spark-connect-token', 'page-token-key', 'airflow-admin-password', 'airflow-api-key', 'grafana-admin-password']

const secret = () => randomBytes(32).toString('base64url')

/** HMAC with SHA-512 asks for 64 bytes. */
const signingKey = () => randomBytes(48).toString('base64url')

/** Fernet asks for exactly 32 bytes, with padding. */
const fernetKey = () => `${secret()}=`

const made = { ...Object.fromEntries(passwords.map((name) => [name, secret])), 'airflow-jwt-key': signingKey, 'airflow-fernet-key': fernetKey }

/** Keeps a file that is there, makes one that is not; either way only its owner can read it. */
const keep = async (file, make) => {
  try {
    await writeFile(file, make(), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    await chmod(file, 0o600)
  }
  return (await readFile(file, 'utf8')).trim()
}

const folder = async (path) => {
  await mkdir(path, { recursive: true, mode: 0o700 })
  await chmod(path, 0o700)
}

/**
 * Makes the passwords, the Spark token and the API keys at the first start. A key file holds what a client sends,
 * `<id>.<secret>`; services read only `keys/verify.json`, which holds hashes.
 */
export const makeSecrets = async (state) => {
  for (const path of [state, join(state, 'secrets'), join(state, 'keys')]) await folder(path)
  for (const [name, make] of Object.entries(made)) await keep(join(state, 'secrets', name), make)
  const keys = []
  for (const [id, scope] of Object.entries(scopes)) {
    const text = await keep(join(state, 'keys', id), () => `${id}.${secret()}`)
    keys.push({ id, sha256: createHash('sha256').update(text).digest('hex'), scopes: [scope], expires: null })
  }
  await keep(join(state, 'keys', 'verify.json'), () => `${JSON.stringify(keys, null, 2)}\n`)
}

/** One secret of the state folder. */
export const readSecret = async (state, name) => (await readFile(join(state, 'secrets', name), 'utf8')).trim()

/** The key of a client, as it is sent. */
export const readKey = async (state, id) => (await readFile(join(state, 'keys', id), 'utf8')).trim()
