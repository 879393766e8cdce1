/// A value as host code sees it: an ordinary Swift value that owns what it holds.
///
/// The engine itself computes with another representation; values are copied in and out at its
/// edges. Equality is CEL's only for values of one type: `.int(1) != .uint(1)` here, and entries of
/// maps have an order. Texts are equal by code point.
public indirect enum CELValue: Hashable, Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  case uint(UInt64)
  case double(Double)
  case string(String)
  case bytes([UInt8])
  case list([CELValue])
  /// Entries in the order in which they were made.
  case map([Entry])
  /// Seconds since the Unix epoch, and nanoseconds.
  case timestamp(seconds: Int64, nanoseconds: UInt32)
  /// Nanoseconds.
  case duration(Int64)
  /// A type, by name.
  case type(String)
  /// `nil` for `optional.none()`.
  case optional(CELValue?)
  /// A value of an extension library's type, as its text.
  case opaque(type: String, text: String)

  /// A key and its value.
  public struct Entry: Hashable, Sendable {
    /// int, uint, bool or string.
    public var key: CELValue
    /// Any value.
    public var value: CELValue
    /// An entry from its parts.
    public init(_ key: CELValue, _ value: CELValue) {
      self.key = key
      self.value = value
    }
  }

  /// The value of a map's entry with this string key.
  public subscript(key: String) -> CELValue? {
    guard case .map(let entries) = self else { return nil }
    let wanted = Array(key.utf8)
    return entries.first { entry in
      if case .string(let name) = entry.key { return Array(name.utf8) == wanted }
      return false
    }?.value
  }
}

extension CELValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
  ExpressibleByDictionaryLiteral
{
  /// A literal: `nil` is null.
  public init(nilLiteral: ()) { self = .null }
  /// A literal: `true` and `false`.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A literal: a whole number is an int.
  public init(integerLiteral value: Int64) { self = .int(value) }
  /// A literal: a number with a point is a double.
  public init(floatLiteral value: Double) { self = .double(value) }
  /// A literal: a text is a string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// A literal: an array is a list.
  public init(arrayLiteral elements: CELValue...) { self = .list(elements) }
  /// A literal: a dictionary with string keys is a map.
  public init(dictionaryLiteral elements: (String, CELValue)...) {
    self = .map(elements.map { Entry(.string($0.0), $0.1) })
  }
}

/// How much of a value may still be copied out.
private struct ExportRoom {
  var values = Limits.resultValues
  var bytes = Limits.resultBytes
}

extension Memory {
  /// Copies a host's value in. Values nested deeper than `Limits.valueDepth`, and maps with keys
  /// that can't be keys or that come twice, are error values.
  package mutating func add(_ value: CELValue, depth: Int = 0) -> Value {
    guard depth <= Limits.valueDepth else { return .failure(.memoryExceeded) }
    switch value {
    case .null: return .null
    case .bool(let value): return .bool(value)
    case .int(let value): return .int(value)
    case .uint(let value): return .uint(value)
    case .double(let value): return .double(value)
    case .string(let value): return .string(intern(value))
    case .bytes(let value): return .bytes(intern(value))
    case .duration(let value): return .duration(value)
    case .type(let name): return .type(intern(name))
    case .timestamp(let seconds, let nanoseconds):
      return Timestamp(seconds: seconds, nanoseconds: Int64(nanoseconds)).map { .timestamp($0) }
        ?? .failure(.outOfRange)
    case .optional(let wrapped):
      guard let wrapped else { return .none }
      let inner = add(wrapped, depth: depth + 1)
      return inner.isError ? inner : some(inner)
    case .list(let elements): return addList(elements, depth)
    case .map(let entries): return addMap(entries, depth)
    case .opaque(let type, let text): return opaque(type: type, text: text)
    }
  }

  private mutating func addList(_ elements: [CELValue], _ depth: Int) -> Value {
    var values: [Value] = []
    values.reserveCapacity(elements.count)
    for element in elements {
      let value = add(element, depth: depth + 1)
      if value.isError { return value }
      values.append(value)
    }
    return makeList(values)
  }

  private mutating func addMap(_ entries: [CELValue.Entry], _ depth: Int) -> Value {
    var values: [Value] = []
    values.reserveCapacity(2 * entries.count)
    for entry in entries {
      let (key, value) = (add(entry.key, depth: depth + 1), add(entry.value, depth: depth + 1))
      if key.isError || value.isError { return key.isError ? key : value }
      values.append(key)
      values.append(value)
    }
    return makeMap(values)
  }

  /// Copies a value out; nil if it holds more than `Limits.resultValues` values or
  /// `Limits.resultBytes` of text (shared parts count each time) or is an error.
  package func export(_ value: Value) -> CELValue? {
    var room = ExportRoom()
    return export(value, &room, 0)
  }

  private func export(_ value: Value, _ left: inout ExportRoom, _ depth: Int) -> CELValue? {
    left.values -= 1
    if value.tag == .string || value.tag == .bytes { left.bytes -= range(of: value.text).count }
    guard left.values >= 0, left.bytes >= 0, depth < 1_000 else { return nil }
    switch value.tag {
    case .null: return .null
    case .bool: return .bool(value.isTrue)
    case .int: return .int(value.int)
    case .uint: return .uint(value.bits)
    case .double: return .double(value.double)
    case .string: return .string(string(value.text))
    case .bytes: return .bytes(Array(octets[range(of: value.text)]))
    case .timestamp: return .timestamp(seconds: value.int, nanoseconds: value.aux)
    case .duration: return .duration(value.int)
    case .type: return .type(string(value.text))
    case .optional:
      guard let wrapped = wrapped(value) else { return .optional(nil) }
      return export(wrapped, &left, depth + 1).map { .optional($0) }
    case .opaque:
      return .opaque(type: string(opaqueTypeNames[Int(value.aux)]), text: opaqueText(value) ?? "")
    case .list:
      var elements: [CELValue] = []
      elements.reserveCapacity(min(value.count, left.values))
      for index in 0..<value.count {
        guard let element = export(element(index, of: value), &left, depth + 1) else { return nil }
        elements.append(element)
      }
      return .list(elements)
    case .map:
      var entries: [CELValue.Entry] = []
      entries.reserveCapacity(min(value.count, left.values))
      for index in 0..<value.count {
        guard let key = export(key(index, of: value), &left, depth + 1),
          let inner = export(self.value(index, of: value), &left, depth + 1)
        else { return nil }
        entries.append(CELValue.Entry(key, inner))
      }
      return .map(entries)
    case .unset, .error: return nil
    }
  }
}

extension CELValue: CustomStringConvertible {
  /// The value as a CEL literal, as far as it has one.
  public var description: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .uint(let value): "\(value)u"
    case .double(let value):
      NumberComparison.exactInt64(value).map { $0.magnitude < 1_000_000_000_000_000 } ?? false
        ? "\(value)" : DoubleText.format(value)
    case .string(let value): Self.quoted(value)
    case .bytes(let value): "b\"" + value.map(Self.escaped).joined() + "\""
    case .list(let elements): "[" + elements.map(\.description).joined(separator: ", ") + "]"
    case .map(let entries):
      "{" + entries.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + "}"
    case .timestamp(let seconds, let nanoseconds):
      "timestamp(\"\(Timestamp(seconds: seconds, nanoseconds: Int64(nanoseconds))?.text ?? "")\")"
    case .duration(let value): "duration(\"\(DurationText.format(value))\")"
    case .type(let name): name
    case .optional(let wrapped): wrapped.map { "optional.of(\($0))" } ?? "optional.none()"
    case .opaque(let type, let text): "\(type)(\"\(text)\")"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      if scalar.isASCII {
        result += escaped(UInt8(truncatingIfNeeded: scalar.value))
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// A byte inside of quotes: what can't be seen is written as an escape.
  private static func escaped(_ byte: UInt8) -> String {
    switch byte {
    case UInt8(ascii: "\""): "\\\""
    case UInt8(ascii: "\\"): "\\\\"
    case 0x0A: "\\n"
    case 0x0D: "\\r"
    case 0x09: "\\t"
    case 0x20..<0x7F: String(UnicodeScalar(byte))
    default: (byte < 16 ? "\\x0" : "\\x") + String(byte, radix: 16)
    }
  }
}
