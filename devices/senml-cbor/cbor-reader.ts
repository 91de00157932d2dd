/** Arrays, maps and tags within each other; SenML needs two. */
const DEEPEST = 16

/** Length of an item that ends with a break (RFC 8949 §3.2). */
const INDEFINITE = -1

/** The bytes are not well-formed CBOR (RFC 8949 §5.3.1), or not valid. Caught where the pack is read. */
export class CborFault extends Error {
  override readonly name = 'CborFault'
}

/** Type and argument of an item; `argument` is INDEFINITE for a length left open. */
export interface Head {
  readonly major: number
  readonly argument: number
  /** Additional information, the low five bits: tells floats and simple values apart. */
  readonly info: number
}

/**
 * Reads CBOR (RFC 8949) item by item, believing nothing: every length is held against the bytes
 * that are left before anything is allocated, nesting is bounded, text must be UTF-8. Numbers
 * become doubles, also 64-bit integers and decimal fractions (tag 4). Maps within an item, other tags and
 * unassigned simple values come back as a symbol that describes them. Any fault throws CborFault.
 */
export class CborReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  left(): number {
    return this.#bytes.length - this.#at
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  head(): Head {
    const initial = this.#byte()
    const major = initial >> 5
    const info = initial & 0x1f
    if (info < 24) return { major, info, argument: info }
    switch (info) {
      case 24: {
        return { major, info, argument: this.#byte() }
      }
      case 25: {
        return { major, info, argument: this.#view.getUint16(this.#take(2)) }
      }
      case 26: {
        return { major, info, argument: this.#view.getUint32(this.#take(4)) }
      }
      case 27: {
        const at = this.#take(8)
        const argument = this.#view.getUint32(at) * 2 ** 32 + this.#view.getUint32(at + 4)
        return { major, info, argument }
      }
      case 31: {
        return { major, info, argument: INDEFINITE }
      }
      default: {
        throw new CborFault(`byte ${this.#at - 1} begins no CBOR item`)
      }
    }
  }

  /** Items that follow a head of an array (1 each) or map (2 each), negative when a break ends them. */
  lengthOf(head: Head, itemsEach: 1 | 2): number {
    if (head.argument === INDEFINITE) return INDEFINITE
    // Every item takes a byte at least.
    if (head.argument * itemsEach > this.left()) throw cut()
    return head.argument
  }

  /** For loops over a length that lengthOf gave and that counts down: whether one more item follows. */
  hasNext(left: number): boolean {
    if (left >= 0) return left > 0
    if (this.isAtEnd()) throw cut()
    if (this.#bytes[this.#at] !== 0xff) return true
    this.#at++
    return false
  }

  item(depth: number): unknown {
    return this.rest(this.head(), depth)
  }

  /** The item that a head begins; `depth` counts the items around it. */
  rest(head: Head, depth: number): unknown {
    if (depth > DEEPEST) throw new CborFault(`the CBOR nests deeper than ${DEEPEST}`)
    const { major, argument, info } = head
    if (argument === INDEFINITE && major !== 4 && major !== 5) {
      throw new CborFault(
        major === 2 || major === 3
          ? 'a string comes in pieces, which SenML does not allow (RFC 8428 §6)'
          : 'a break or an open length stands where none belongs',
      )
    }
    switch (major) {
      case 0: {
        return argument
      }
      case 1: {
        return -1 - argument
      }
      case 2: {
        const from = this.#take(argument)
        return this.#bytes.subarray(from, from + argument)
      }
      case 3: {
        return this.#text(argument)
      }
      case 4: {
        const items: unknown[] = []
        for (let left = this.lengthOf(head, 1); this.hasNext(left); left--) {
          items.push(this.item(depth + 1))
        }
        return items
      }
      case 5: {
        for (let left = this.lengthOf(head, 2); this.hasNext(left); left--) {
          this.item(depth + 1)
          this.item(depth + 1)
        }
        return Symbol('map')
      }
      case 6: {
        const content = this.item(depth + 1)
        return argument === 4 ? decimalFraction(content) : Symbol(`tag ${argument}`)
      }
      default: {
        return this.#simpleOrFloat(info, argument)
      }
    }
  }

  #simpleOrFloat(info: number, argument: number): unknown {
    switch (info) {
      case 20: {
        return false
      }
      case 21: {
        return true
      }
      case 22: {
        return null
      }
      case 23: {
        return undefined
      }
      case 24: {
        // [RFC8949 §3.3] one value, one spelling
        if (argument < 32) throw new CborFault(`simple value ${argument} takes two bytes`)
        return Symbol(`simple value ${argument}`)
      }
      case 25: {
        return float16(argument)
      }
      case 26: {
        return this.#view.getFloat32(this.#at - 4)
      }
      case 27: {
        return this.#view.getFloat64(this.#at - 8)
      }
      default: {
        return Symbol(`simple value ${argument}`)
      }
    }
  }

  #text(length: number): string {
    const from = this.#take(length)
    // Names and units are short ASCII; a decoder costs more than they do.
    let text = ''
    if (length <= 48) {
      let i = from
      for (; i < this.#at; i++) {
        const byte = this.#bytes[i] ?? 0x80
        if (byte >= 0x80) break
        text += String.fromCharCode(byte)
      }
      if (i === this.#at) return text
    }
    try {
      const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      return decoder.decode(this.#bytes.subarray(from, this.#at))
    } catch (error) {
      throw new CborFault('a text is not UTF-8', { cause: error })
    }
  }

  #byte(): number {
    const byte = this.#bytes[this.#at]
    if (byte === undefined) throw cut()
    this.#at++
    return byte
  }

  /** Steps over bytes that must be there; returns where they begin. */
  #take(length: number): number {
    if (length > this.left()) throw cut()
    const from = this.#at
    this.#at += length
    return from
  }
}

function cut(): CborFault {
  return new CborFault('the CBOR is cut: it promises more than the message holds')
}

/** [RFC8949 §3.4.4] [exponent, mantissa]; through the decimal text, so that 4([-1, 273]) is 27.3. */
function decimalFraction(content: unknown): unknown {
  if (Array.isArray(content) && content.length === 2) {
    const [exponent, mantissa] = content as readonly unknown[]
    if (Number.isInteger(exponent) && Number.isInteger(mantissa)) {
      return Number(`${BigInt(mantissa as number)}e${exponent as number}`)
    }
  }
  return Symbol('tag 4')
}

/** [RFC8949 appendix D] IEEE 754 half precision. */
function float16(bits: number): number {
  const exponent = (bits >> 10) & 0x1f
  const mantissa = bits & 0x3ff
  const sign = bits & 0x8000 ? -1 : 1
  if (exponent === 0) return sign * mantissa * 2 ** -24
  if (exponent < 31) return sign * (mantissa + 1024) * 2 ** (exponent - 25)
  return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
}
