/** Keys under which people keep credentials; none of them is a word of the registry. */
const CREDENTIAL_KEY =
  /pass(word|wd|phrase)|^pwd$|^pass$|secret|token|credential|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key|^psk$|密码|口令|密钥|令牌/i

/**
 * Texts that are credentials whatever their key: a URL with a password, a private key, a JSON web
 * token. No part may begin inside another's run, or a long text costs the square of its length.
 */
const CREDENTIAL_VALUE =
  /[a-z0-9+.-]:\/\/[^\s/:@]*:[^\s/@]+@|-----BEGIN [A-Z ]*PRIVATE KEY-----|(?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}\./i

export function isCredentialKey(key: string): boolean {
  return CREDENTIAL_KEY.test(key)
}

export function isCredentialValue(value: unknown): boolean {
  return typeof value === 'string' && CREDENTIAL_VALUE.test(value)
}
