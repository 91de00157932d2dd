import { text } from 'node:stream/consumers'
import { loadSchema } from './load.js'
import { publishLoad } from './publish-load.js'

// A process of its own, so that publishing does not share the service's event loop:
// a load as JSON on stdin, the report as one JSON line on stdout.
const load = loadSchema.parse(JSON.parse(await text(process.stdin)))
process.stdout.write(`${JSON.stringify(await publishLoad(load))}\n`)
