import { catalogue } from '@millrace/streams'
import { provision } from './provision.ts'

process.exitCode = await provision(process.argv.slice(2), { catalogue })
