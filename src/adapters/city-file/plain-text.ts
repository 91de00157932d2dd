/** Text of a file without what could steer the terminal that shows it. */
export function plainText(text: string): string {
  return text.replaceAll(/\p{C}/gu, ' ')
}
