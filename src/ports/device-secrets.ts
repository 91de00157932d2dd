/** Credentials of devices: generated, kept as salted SHA-256 in a file of mode 0600, never in the registry. */
export interface DeviceSecrets {
  /** Whether the secret is the device's; constant time in the secret. False for a device without one. */
  matches(device: string, secret: Uint8Array): boolean
  /** Makes a new secret of at least 128 bit, replaces the old one durably, returns it: the only time it is seen. */
  issue(device: string): Promise<string>
  /** Tells each device whose secret is no longer what it was: what was opened with the old one must end. Returns how to stop listening. */
  onReplaced(listener: (device: string) => void): () => void
  /** Devices that have a secret. */
  devices(): readonly string[]
}
