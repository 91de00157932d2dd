import * as fc from 'fast-check'
import { caseFiles, casePayload, readCase } from './case-file.js'

/** The bytes of every case of a model, good and bad. */
export function casePayloads(model: string): readonly Uint8Array[] {
  return caseFiles(model).map((file) => casePayload(readCase(model, file)))
}

/** Pieces of JSON that readers have stumbled over: as text, because some are no JSON at all. */
const JSON_PIECES = [
  ...['null', 'true', 'false', '0', '-0', '1e400', '-1e400', '1e-400', '1e308', '5e-324'],
  ...['9007199254740993', '18446744073709551616', '-9223372036854775809', '00', '1.', '.5', '+1'],
  ...['8640000000000001', '8.64e15', '268435456', '-268435456', '1e11', '99999999999.9999'],
  ...['NaN', 'Infinity', '-Infinity', 'undefined', '""', '"1.2"', '"NaN"', '"__proto__"'],
  ...['"\\ud800"', '"\\udc00\\ud800"', '"\\u0000"', '"\ufffe"', '"\u2028"', '"雨\\n"', '"\\x41"'],
  ...['"2026-11-23T08:00:00+08:00"', '"2026-02-30T25:61:61Z"', '"+275760-09-13T00:00:00.001Z"'],
  ...['"-271821-04-19T23:59:59Z"', '"2026-11-23T08:00:00,999999999Z"', '"0000-01-01T00:00Z"'],
  ...['[]', '{}', '[[]]', '{"":{}}', '[null]', '{"v":0,"v":1}', '{"\\u0076":0,"v":1}'],
  ...['{"value":1}', '{"values":{"a":1}}', '{"records":[{"name":"a","value":1}]}', '"bver":11'],
  ...['"__proto__":1', '"constructor":{"prototype":1}', '"toString":1', '"x_":1', '"seq":-1'],
  ...['"seq":9007199254740991', '"t":-1', '"bt":1e300', '"t":1e300', '"from":"1970"', '"s":1'],
  ...['"time":null', '"n":1', '"n":"a b"', '"v":null', '"vs":""', '"vb":"AA"', '"bn":["a"]'],
  ...['[', ']', '{', '}', ',', ':', '"', '\\', '/*x*/', '\ufeff', '\0', '\u00a0', '\t\r\n'],
  '['.repeat(20),
  '{"a":'.repeat(20),
]

/** Pieces of CBOR that readers have stumbled over, in hexadecimal. */
const CBOR_PIECES = [
  // Open lengths and their end, pieces of strings, items that nest.
  ...[
    '9f',
    'bf',
    '5f',
    '7f',
    'ff',
    '5f41ff41ffff',
    '7f61616162ff',
    '81'.repeat(20),
    '9f'.repeat(20),
  ],
  // Lengths that promise more than there is.
  ...['9bffffffffffffffff', 'bbffffffffffffffff', '5bffffffffffffffff', '7bffffffffffffffff'],
  ...['9a7fffffff', 'ba7fffffff', '5a7fffffff', '7a7fffffff', '98ff', 'b8ff', '58ff', '78ff'],
  // Tags: bignums, decimal fractions, big floats, times, self-described, the largest.
  ...[
    'c249ffffffffffffffffff',
    'c349ffffffffffffffffff',
    'c48221196ab3',
    'c4821b7fffffffffffffff01',
  ],
  ...[
    'c482fb7e37e43c8800759c01',
    'c482203bffffffffffffffff',
    'c4820101',
    'c48101',
    'c401',
    'c5820101',
  ],
  ...[
    'c482f97c0001',
    'c48201f97e00',
    'c11a6b0381c4',
    'c074323031332d30332d32315432303a30343a30305a',
  ],
  ...['d9d9f7', 'd9d9f7d9d9f7', 'dbffffffffffffffff', 'd81c', 'd81d00', 'c6'.repeat(20)],
  // Numbers at the edges, numbers that are none.
  ...['1bffffffffffffffff', '3bffffffffffffffff', '1b0020000000000001', 'fb7fefffffffffffff'],
  ...[
    'f97c00',
    'f9fc00',
    'f97e00',
    'fa7f800000',
    'fa7fc00000',
    'fb7ff8000000000000',
    'f98000',
    'f90001',
  ],
  ...['fbfff0000000000000', 'fb433eb208c2dc0001', 'fb41b0000000000000', 'fb0000000000000001'],
  // Simple values, reserved ones, bytes that begin nothing.
  ...[
    'f4',
    'f5',
    'f6',
    'f7',
    'e0',
    'f0',
    'f800',
    'f81f',
    'f820',
    'f8ff',
    '1c',
    '1d',
    '1e',
    '3f',
    'df',
  ],
  // Labels: known, unknown, twice, text for an integer, names of JavaScript's own.
  ...['a0', 'a1', 'a2', '00', '02', '06', '20', '21', '22', '27', '616e', '6176', '6174', '62626e'],
  ...['a202010202', 'a26176010202', '695f5f70726f746f5f5f', '6b636f6e7374727563746f72', '62785f'],
  // Text that is not UTF-8: a lone surrogate, an overlong form, a cut one, a NUL.
  ...['63eda080', '62c080', '61e9', '6100', '63efbbbf', '83f6f6f6', '40', '41ff'],
]

const jsonPiece = fc.constantFrom(...JSON_PIECES).map((text) => new TextEncoder().encode(text))
const cborPiece = fc
  .constantFrom(...CBOR_PIECES)
  .map((hex) => new Uint8Array(Buffer.from(hex, 'hex')))

type Mutation = (bytes: Uint8Array) => Uint8Array

/** Somewhere in a message, as a share of its length, so that a case of any length can be meant. */
const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true })

/** Changes that need not know the format. */
const byteMutation = fc.oneof(
  fc.tuple(place, fc.nat({ max: 7 })).map(([at, bit]): Mutation => (bytes) => {
    const flipped = bytes.slice()
    const i = index(at, bytes)
    if (bytes.length > 0) flipped[i] = (bytes[i] ?? 0) ^ (1 << bit)
    return flipped
  }),
  fc.tuple(place, fc.nat({ max: 255 })).map(
    ([at, byte]): Mutation =>
      (bytes) =>
        spliced(bytes, index(at, bytes), index(at, bytes) + 1, Uint8Array.of(byte)),
  ),
  place.map(
    (at): Mutation =>
      (bytes) =>
        bytes.slice(0, index(at, bytes)),
  ),
  place.map(
    (at): Mutation =>
      (bytes) =>
        bytes.slice(index(at, bytes)),
  ),
  fc.tuple(place, place).map(([a, b]): Mutation => (bytes) => {
    const [from, to] = ordered(index(a, bytes), index(b, bytes))
    return spliced(bytes, to, to, bytes.slice(from, to))
  }),
  fc.tuple(place, place).map(([a, b]): Mutation => (bytes) => {
    const [from, to] = ordered(index(a, bytes), index(b, bytes))
    return spliced(bytes, from, to, new Uint8Array())
  }),
)

/** Puts a piece in, in front of a byte or in place of some. */
function insertion(piece: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Mutation> {
  return fc.tuple(place, fc.nat({ max: 9 }), piece).map(
    ([at, replaced, inserted]) =>
      (bytes) =>
        spliced(bytes, index(at, bytes), index(at, bytes) + replaced, inserted),
  )
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[-+.\w]+|[{}[\],:]/g

/** Replaces a whole token, or a member or item from comma to comma: what comes out is often JSON still. */
const jsonTokenMutation = fc
  .tuple(place, jsonPiece, fc.constantFrom('token', 'pair', 'twice'))
  .map(([at, piece, what]): Mutation => (bytes) => {
    const text = Buffer.from(bytes).toString('latin1')
    const tokens = [...text.matchAll(TOKEN)].map((match) => [match.index, match[0]] as const)
    const chosen = Math.floor(at * tokens.length)
    const [from, token] = tokens[chosen] ?? [0, '']
    if (what === 'token') return spliced(bytes, from, from + token.length, piece)
    const [lastFrom, last] = tokens[chosen + 2] ?? [from, token]
    const pair = bytes.slice(from, lastFrom + last.length)
    const again = what === 'twice' ? pair : piece
    return spliced(bytes, from, from, joined(again, new TextEncoder().encode(',')))
  })

/** A case of a model, changed a few times in ways that its format invites. */
export function mutatedCases(model: string): fc.Arbitrary<Uint8Array> {
  const ofFormat = model.endsWith('cbor')
    ? [insertion(cborPiece)]
    : [insertion(jsonPiece), jsonTokenMutation]
  const mutations = fc.array(fc.oneof(byteMutation, ...ofFormat), { minLength: 1, maxLength: 5 })
  return fc
    .tuple(fc.constantFrom(...casePayloads(model)), mutations)
    .map(([bytes, changes]) => changes.reduce((changed, change) => change(changed), bytes))
}

/** Pieces of a format in any order: deeper and stranger than any case. */
export function heapedPieces(model: string): fc.Arbitrary<Uint8Array> {
  const piece = model.endsWith('cbor') ? cborPiece : jsonPiece
  return fc.array(piece, { maxLength: 12 }).map((pieces) => joined(...pieces))
}

function index(share: number, bytes: Uint8Array): number {
  return Math.floor(share * bytes.length)
}

function ordered(a: number, b: number): [number, number] {
  return a < b ? [a, b] : [b, a]
}

function spliced(bytes: Uint8Array, from: number, to: number, piece: Uint8Array): Uint8Array {
  return joined(bytes.slice(0, from), piece, bytes.slice(to))
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
