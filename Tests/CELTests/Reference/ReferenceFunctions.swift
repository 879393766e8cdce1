import CEL

/// The functions of the core language.
extension ReferenceEvaluator {
  /// A call by name, style and number of operands; what is not in the table does not exist.
  func call(_ id: ID, _ scope: Scope) throws(ReferenceFailure) -> CELValue {
    let isMember = expression[id].kind == .memberCall
    let name = expression.name(of: id)
    let operands = expression.children(of: id)
    guard Self.exists(name, isMember: isMember, operands.count) else {
      throw ReferenceFailure("no_such_function")
    }
    let arguments = try children(of: id, scope)
    let first = arguments[0]
    switch name {
    case "size": return try size(first)
    case "contains", "startsWith", "endsWith": return try search(name, first, arguments[1])
    case "matches": return try ReferencePattern.matches(first, arguments[1])
    case "type": return .type(Self.typeName(first))
    case "dyn": return first
    case "int": return try int(first)
    case "uint": return try uint(first)
    case "double": return try double(first)
    case "bool": return try bool(first)
    case "bytes":
      if case .string(let text) = first { return .bytes(Array(text.utf8)) }
      guard case .bytes = first else { throw .noOverload }
      return first
    case "string": return try string(first)
    case "timestamp": return try timestamp(first)
    case "duration": return try duration(first)
    default:
      return try ReferenceCalendar.field(name, first, arguments.dropFirst().first)
    }
  }

  private static func exists(_ name: String, isMember: Bool, _ count: Int) -> Bool {
    switch name {
    case "size": count == 1
    case "contains", "startsWith", "endsWith": isMember && count == 2
    case "matches": count == 2
    case "type", "dyn", "int", "uint", "double", "bool", "bytes", "string", "timestamp", "duration":
      !isMember && count == 1
    default: isMember && ReferenceCalendar.names.contains(name) && count <= 2
    }
  }

  private static func typeName(_ value: CELValue) -> String {
    switch value {
    case .null: "null_type"
    case .bool: "bool"
    case .int: "int"
    case .uint: "uint"
    case .double: "double"
    case .string: "string"
    case .bytes: "bytes"
    case .list: "list"
    case .map: "map"
    case .timestamp: "google.protobuf.Timestamp"
    case .duration: "google.protobuf.Duration"
    case .type: "type"
    case .optional: "optional_type"
    case .opaque(let type, _): type
    }
  }

  private func size(_ operand: CELValue) throws(ReferenceFailure) -> CELValue {
    switch operand {
    case .string(let text): return .int(Int64(text.unicodeScalars.count))
    case .bytes(let octets): return .int(Int64(octets.count))
    case .list(let elements): return .int(Int64(elements.count))
    case .map(let entries): return .int(Int64(entries.count))
    default: throw .noOverload
    }
  }

  private func search(
    _ name: String, _ text: CELValue, _ part: CELValue
  ) throws(ReferenceFailure) -> CELValue {
    guard case .string(let text) = text, case .string(let part) = part else { throw .noOverload }
    let (whole, sought) = (Array(text.unicodeScalars), Array(part.unicodeScalars))
    guard whole.count >= sought.count else { return false }
    let places = (0...whole.count - sought.count).filter {
      Array(whole[$0..<$0 + sought.count]) == sought
    }
    switch name {
    case "startsWith": return .bool(places.first == 0)
    case "endsWith": return .bool(places.last == whole.count - sought.count)
    default: return .bool(!places.isEmpty)
    }
  }

  // MARK: Conversions

  private static let outOfRange = ReferenceFailure("out_of_range")
  private static let invalid = ReferenceFailure("invalid_conversion")

  private func int(_ operand: CELValue) throws(ReferenceFailure) -> CELValue {
    switch operand {
    case .int: return operand
    case .uint(let value):
      guard let value = Int64(exactly: value) else { throw Self.outOfRange }
      return .int(value)
    case .double(let value):
      guard value > -0x1p63, value < 0x1p63 else { throw Self.outOfRange }
      return .int(Int64(value))
    case .string(let text):
      guard let value = Int64(text) else { throw Self.invalid }
      return .int(value)
    case .timestamp(let seconds, _): return .int(seconds)
    case .duration(let nanoseconds): return .int(nanoseconds)
    default: throw .noOverload
    }
  }

  private func uint(_ operand: CELValue) throws(ReferenceFailure) -> CELValue {
    switch operand {
    case .uint: return operand
    case .int(let value):
      guard let value = UInt64(exactly: value) else { throw Self.outOfRange }
      return .uint(value)
    case .double(let value):
      guard value >= 0, value < 0x1p64 else { throw Self.outOfRange }
      return .uint(UInt64(value))
    case .string(let text):
      guard !text.hasPrefix("+"), !text.hasPrefix("-"), let value = UInt64(text) else {
        throw Self.invalid
      }
      return .uint(value)
    default: throw .noOverload
    }
  }

  private func double(_ operand: CELValue) throws(ReferenceFailure) -> CELValue {
    switch operand {
    case .double: return operand
    case .int(let value): return .double(Double(value))
    case .uint(let value): return .double(Double(value))
    case .string(let text):
      // Swift's own reading stops at a zero octet, as C's does, and gives infinity for what is too
      // large.
      guard !text.utf8.contains(0), let value = Double(text),
        value.isFinite || !text.utf8.contains(where: { (0x30...0x39).contains($0) })
      else { throw Self.invalid }
      return .double(value)
    default: throw .noOverload
    }
  }

  private func bool(_ operand: CELValue) throws(ReferenceFailure) -> CELValue {
    switch operand {
    case .bool: return operand
    case .string("true"), .string("1"), .string("t"), .string("T"), .string("TRUE"),
      .string("True"):
      return true
    case .string("false"), .string("0"), .string("f"), .string("F"), .string("FALSE"),
      .string("False"):
      return false
    case .string: throw Self.invalid
    default: throw .noOverload
    }
  }

  private func string(_ operand: CELValue) throws(ReferenceFailure) -> CELValue {
    switch operand {
    case .string: return operand
    case .bool(let value): return .string(value ? "true" : "false")
    case .int(let value): return .string("\(value)")
    case .uint(let value): return .string("\(value)")
    case .double(let value): return .string(DoubleText.format(value))
    case .bytes(let octets):
      guard let text = String(validating: octets, as: UTF8.self) else {
        throw ReferenceFailure("invalid_utf8")
      }
      return .string(text)
    case .timestamp(let seconds, let nanoseconds):
      return .string(Timestamp(seconds: seconds, nanoseconds: Int64(nanoseconds))?.text ?? "")
    case .duration(let nanoseconds): return .string(DurationText.format(nanoseconds))
    default: throw .noOverload
    }
  }

  private func timestamp(_ operand: CELValue) throws(ReferenceFailure) -> CELValue {
    switch operand {
    case .timestamp: return operand
    case .int(let seconds):
      guard seconds >= -62_135_596_800, seconds <= 253_402_300_799 else { throw Self.outOfRange }
      return .timestamp(seconds: seconds, nanoseconds: 0)
    case .string(let text):
      guard let value = Timestamp(rfc3339: Array(text.utf8)) else { throw Self.invalid }
      return .timestamp(seconds: value.seconds, nanoseconds: value.nanoseconds)
    default: throw .noOverload
    }
  }

  private func duration(_ operand: CELValue) throws(ReferenceFailure) -> CELValue {
    switch operand {
    case .duration: return operand
    case .string(let text):
      guard let value = DurationText.parse(Array(text.utf8)) else { throw Self.invalid }
      return .duration(value)
    default: throw .noOverload
    }
  }
}

/// Patterns of literals, `.`, `*`, `^` and `$`: the matcher of Kernighan and Pike's "The Practice
/// of Programming".
enum ReferencePattern {
  static func matches(_ text: CELValue, _ pattern: CELValue) throws(ReferenceFailure) -> CELValue {
    guard case .string(let text) = text, case .string(let pattern) = pattern else {
      throw .noOverload
    }
    // The generator writes no others, and these only where they are wrong.
    guard !pattern.unicodeScalars.contains(where: { "[](){}|\\+?".unicodeScalars.contains($0) }),
      !pattern.hasPrefix("*")
    else { throw ReferenceFailure("invalid_regex") }
    let (letters, expected) = (Array(text.unicodeScalars), Array(pattern.unicodeScalars))
    if expected.first == "^" { return .bool(here(expected.dropFirst(), letters[...])) }
    return .bool((0...letters.count).contains { here(expected[...], letters[$0...]) })
  }

  private typealias Scalars = ArraySlice<Unicode.Scalar>

  private static func here(_ pattern: Scalars, _ text: Scalars) -> Bool {
    guard let first = pattern.first else { return true }
    let rest = pattern.dropFirst()
    if rest.first == "*" { return star(first, rest.dropFirst(), text) }
    if first == "$", rest.isEmpty { return text.isEmpty }
    guard let letter = text.first, first == letter || first == "." && letter != "\n" else {
      return false
    }
    return here(rest, text.dropFirst())
  }

  private static func star(_ one: Unicode.Scalar, _ pattern: Scalars, _ text: Scalars) -> Bool {
    var text = text
    while true {
      if here(pattern, text) { return true }
      guard let letter = text.first, one == letter || one == "." && letter != "\n" else {
        return false
      }
      text = text.dropFirst()
    }
  }
}
