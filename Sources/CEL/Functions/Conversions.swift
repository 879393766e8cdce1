/// `int(…)`, `string(…)` and the like.
extension Memory {
  private func slice(_ text: Value) -> ArraySlice<UInt8> { octets[range(of: text.text)] }

  private func invalid(_ operand: Value) -> Value {
    .failure(.invalidConversion, detail: operand.tag == .string ? operand.text : .max)
  }

  func typeOf(_ operand: Value) -> Value {
    switch operand.tag {
    case .opaque: .type(opaqueTypeNames[Int(operand.aux)])
    case .error, .unset: .noOverload(operand)
    default: .type(TextID(operand.tag.rawValue))
    }
  }

  /// A conversion from a text, which is read to its end.
  private mutating func parsed(
    _ operand: Value, _ parse: (ArraySlice<UInt8>) -> Value?
  ) -> Value {
    guard pay(octets: count(of: operand.text)) else { return .failure(.budgetExceeded) }
    return parse(slice(operand)) ?? invalid(operand)
  }

  mutating func toInt(_ operand: Value) -> Value {
    switch operand.tag {
    case .int: operand
    case .uint: Int64(exactly: operand.bits).map { .int($0) } ?? .failure(.outOfRange)
    case .double:
      NumberComparison.truncatedInt64(operand.double).map { .int($0) } ?? .failure(.outOfRange)
    case .string: parsed(operand) { IntegerText.int($0).map { .int($0) } }
    case .timestamp: .int(operand.int)
    // As nanoseconds, like cel-go; the spec is silent.
    case .duration: .int(operand.int)
    default: .noOverload(operand)
    }
  }

  mutating func toUInt(_ operand: Value) -> Value {
    switch operand.tag {
    case .uint: operand
    case .int: UInt64(exactly: operand.int).map { .uint($0) } ?? .failure(.outOfRange)
    case .double:
      NumberComparison.truncatedUInt64(operand.double).map { .uint($0) } ?? .failure(.outOfRange)
    case .string: parsed(operand) { IntegerText.uint($0).map { .uint($0) } }
    default: .noOverload(operand)
    }
  }

  mutating func toDouble(_ operand: Value) -> Value {
    switch operand.tag {
    case .double: operand
    case .int: .double(Double(operand.int))
    case .uint: .double(Double(operand.bits))
    case .string: parsed(operand) { DoubleText.parse($0).map { .double($0) } }
    default: .noOverload(operand)
    }
  }

  mutating func toBool(_ operand: Value) -> Value {
    switch operand.tag {
    case .bool: operand
    case .string: parsed(operand) { BoolText.parse($0).map { .bool($0) } }
    default: .noOverload(operand)
    }
  }

  mutating func toTimestamp(_ operand: Value) -> Value {
    switch operand.tag {
    case .timestamp: operand
    case .int:
      Timestamp(seconds: operand.int, nanoseconds: 0).map { .timestamp($0) }
        ?? .failure(.outOfRange)
    case .string: parsed(operand) { Timestamp(rfc3339: $0).map { .timestamp($0) } }
    default: .noOverload(operand)
    }
  }

  mutating func toDuration(_ operand: Value) -> Value {
    switch operand.tag {
    case .duration: return operand
    case .string:
      return parsed(operand) { DurationText.parse($0).map { .duration($0) } }
    default: return .noOverload(operand)
    }
  }

  mutating func toString(_ operand: Value) -> Value {
    switch operand.tag {
    case .string: return operand
    case .bytes: return bytesToString(operand)
    case .null: return .noOverload(operand)
    default:
      guard pay(Self.scalarTextCost) else { return .failure(.budgetExceeded) }
      guard let text = scalarText(operand) else { return .noOverload(operand) }
      return .string(intern(text))
    }
  }

  /// Steps that the text of a number or a time costs: finding the shortest digits of a double takes
  /// longest.
  static var scalarTextCost: Int { 8 }

  /// The text of a scalar as `string()` gives it.
  func scalarText(_ operand: Value) -> String? {
    switch operand.tag {
    case .bool: operand.isTrue ? "true" : "false"
    case .int: String(operand.int)
    case .uint: String(operand.bits)
    case .double: DoubleText.format(operand.double)
    case .string: string(operand.text)
    case .timestamp: operand.asTimestamp.text
    case .duration: DurationText.format(operand.int)
    case .null: "null"
    case .opaque: opaqueText(operand)
    default: nil
    }
  }

  private mutating func bytesToString(_ operand: Value) -> Value {
    guard pay(octets: count(of: operand.text)) else { return .failure(.budgetExceeded) }
    let range = range(of: operand.text)
    guard String(validating: octets[range], as: UTF8.self) != nil else {
      return .failure(.invalidUTF8)
    }
    return .string(operand.text)
  }
}
