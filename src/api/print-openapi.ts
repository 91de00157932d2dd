import { openApiText } from './openapi-text.js'

/** Refreshes the committed copy: `npx tsx src/api/print-openapi.ts > src/api/openapi.json` */
process.stdout.write(await openApiText())
