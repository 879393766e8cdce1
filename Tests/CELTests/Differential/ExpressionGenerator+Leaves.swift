/// Literals and names.
extension ExpressionGenerator {
  mutating func leaf(_ type: GeneratedType) -> GeneratedTree {
    let hidden = Set(locals.map(\.name))
    let fitting = locals.enumerated().filter { index, local in
      (local.type == type || local.type == .dyn)
        && !locals[(index + 1)...].contains { $0.name == local.name }
    }.map(\.element)
    if !fitting.isEmpty, chance(60) { return .leaf(pick(fitting).name) }
    if chance(disorder), chance(20) {
      return .leaf(pick(["nope", "nope.s", "int", "string", ".s0"]))
    }
    if let names = GeneratedWorld.names[type]?.filter({ !hidden.contains($0) }), !names.isEmpty,
      chance(40)
    {
      return .leaf(pick(names))
    }
    return .leaf(literal(type))
  }

  private static let literals: [GeneratedType: [String]] = [
    .null: ["null"],
    .bool: ["true", "false"],
    .int: [
      "0", "1", "-1", "2", "3", "7", "10", "0x1F", "-86400", "9223372036854775807",
      "-9223372036854775808",
      "9007199254740993", "9007199254740992", "1700000000",
    ],
    .uint: [
      "0u", "1u", "2u", "7u", "0xFFu", "18446744073709551615u", "9223372036854775808u",
      "9007199254740993u",
    ],
    .double: [
      "0.0", "-0.0", "1.0", "2.0", "-1.5", "0.1", "1e308", "1e-7", "9007199254740992.0",
      "9223372036854775808.0",
      "18446744073709551616.0", "double('NaN')", "double('Infinity')", "-1e21",
    ],
    .string: [
      "''", "'a'", "'b'", "'ab'", "'abc'", "\"s\"", "'n'", "'l'", "'é'", "'e\\u0301'",
      "'\\U0001F600'", "'A'",
      "r'a\\n'", "'''x\ny'''", "'1'", "'-5'", "'+7'", "'1.5'", "'true'", "'2024-01-01T00:00:00Z'",
      "'90m'", "'é😀a'",
    ],
    .bytes: ["b''", "b'a'", "b'\\xff'", "b'ab'", "b'é'", "b'\\000'"],
    .timestamp: [
      "timestamp('2024-02-29T12:34:56.789Z')", "timestamp(0)", "timestamp('0001-01-01T00:00:00Z')",
      "timestamp('9999-12-31T23:59:59.999999999Z')", "timestamp('1969-12-31T23:59:59.5+02:00')",
    ],
    .duration: [
      "duration('1h')", "duration('-1.5s')", "duration('0')", "duration('24h')",
      "duration('9223372036854775807ns')", "duration('-9223372036854775808ns')", "duration('1ns')",
    ],
  ]

  mutating func literal(_ type: GeneratedType) -> String {
    switch type {
    case .list(let element):
      return "[" + (0..<number(fewest, 3)).map { _ in literal(element) }.joined(separator: ", ")
        + "]"
    case .map(let key, let value):
      return fewest == 1 || chance(60) ? "{\(literal(key)): \(literal(value))}" : "{}"
    case .type:
      return pick(["int", "string", "type(1.5)", "list", "bool", "google.protobuf.Timestamp"])
    case .dyn: return "dyn(\(literal(pick(GeneratedType.scalars))))"
    case .int where chance(30): return "\(number(-20, 20))"
    default: return pick(Self.literals[type] ?? ["null"])
    }
  }
}
