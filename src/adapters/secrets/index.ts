export { openDeviceSecrets } from './device-secrets.js'
export { SecretsFileError } from './secrets-file.js'
