const OWN = "'self'"

/** What a page of ours may load: files of this service, nothing written into markup, nothing from elsewhere. */
const PAGE_POLICY = {
  'default-src': [OWN],
  'script-src': [OWN],
  'style-src': [OWN],
  'img-src': [OWN],
  'font-src': [OWN],
  'connect-src': [OWN],
  'object-src': ["'none'"],
  'base-uri': [OWN],
  'form-action': [OWN],
  'frame-ancestors': ["'none'"],
}

/**
 * For the page of the API's description alone: Swagger UI writes a style element and draws its
 * arrows from data URLs. Its scripts are held to ours like all others.
 */
export const DOCS_POLICY = {
  ...PAGE_POLICY,
  'style-src': [OWN, "'unsafe-inline'"],
  'img-src': [OWN, 'data:'],
}

/**
 * The headers of every answer. What only means something over TLS (HSTS, upgrade, origin isolation)
 * is left to the proxy that adds TLS: over plain HTTP it would lock people out or only make noise.
 */
export const SECURITY_HEADERS = {
  contentSecurityPolicy: { useDefaults: false, directives: PAGE_POLICY },
  strictTransportSecurity: false,
  crossOriginOpenerPolicy: false,
  originAgentCluster: false,
} as const
