/// What error values mean, in words.
extension Program {
  /// The error that an error value stands for.
  package func describe(_ value: Value, _ memory: Memory) -> EvaluationError {
    let span = value.aux == .max ? SourceSpan(0, 0) : origin(of: Int(value.aux)).span
    let detail = value.failureDetail
    return EvaluationError(
      code: value.failure.code, message: Self.message(value.failure, detail, memory), span: span)
  }

  private static func message(_ failure: Failure, _ detail: UInt32, _ memory: Memory) -> String {
    let text = { detail == .max ? nil : "`\(memory.string(detail))`" }
    switch failure {
    case .noSuchOverload: return noOverload(detail)
    case .noSuchKey: return text().map { "there is no key \($0)" } ?? "there is no such key"
    case .noSuchAttribute: return "there is no value for \(text() ?? "this")"
    case .noSuchFunction:
      return "there is no function \(text() ?? "of this name") for these operands"
    case .overflow: return "the result is out of range"
    case .divisionByZero: return "division by zero"
    case .modulusByZero: return "remainder of a division by zero"
    case .indexOutOfRange: return "the index is out of range"
    case .invalidIndex:
      return "a list can't be indexed by \(name(UInt8(truncatingIfNeeded: detail)))"
    case .duplicateKey: return "a map has the same key twice"
    case .unsupportedKey:
      return "\(name(UInt8(truncatingIfNeeded: detail))) can't be the key of a map"
    case .invalidConversion:
      return text().map { "\($0) can't be converted" } ?? "this can't be converted"
    case .outOfRange: return "the value is out of range for this type"
    case .invalidUTF8: return "these bytes are not UTF-8"
    case .invalidRegex: return "\(text() ?? "this") is not a regular expression"
    case .unknownTimeZone: return "there is no time zone \(text() ?? "")"
    case .invalidArgument: return detail == .max ? "invalid argument" : memory.string(detail)
    case .noneDereferenced: return "the optional has no value"
    case .budgetExceeded: return "the evaluation took more steps than its budget allows"
    case .memoryExceeded: return "the evaluation made more data than it may"
    case .hostFunction: return "a function failed: \(memory.string(detail))"
    case .unsupportedType:
      return "\(name(UInt8(truncatingIfNeeded: detail))) has no fields"
    }
  }

  private static func noOverload(_ detail: UInt32) -> String {
    let left = UInt8(truncatingIfNeeded: detail >> 8)
    let right = UInt8(truncatingIfNeeded: detail)
    let first = name(left)
    return right == 0
      ? "no operation of this kind takes \(first)"
      : "no operation of this kind takes \(first) and \(name(right))"
  }

  private static func name(_ tag: UInt8) -> String {
    Value.Tag(rawValue: tag).map { $0 == .unset ? "this" : "\($0)" } ?? "this"
  }
}

extension Failure {
  /// A stable name for machines.
  var code: String {
    switch self {
    case .noSuchOverload: "no_such_overload"
    case .noSuchKey: "no_such_key"
    case .noSuchAttribute: "no_such_attribute"
    case .noSuchFunction: "no_such_function"
    case .overflow: "overflow"
    case .divisionByZero: "division_by_zero"
    case .modulusByZero: "modulus_by_zero"
    case .indexOutOfRange: "index_out_of_range"
    case .invalidIndex: "invalid_index"
    case .duplicateKey: "duplicate_key"
    case .unsupportedKey: "unsupported_key"
    case .invalidConversion: "invalid_conversion"
    case .outOfRange: "out_of_range"
    case .invalidUTF8: "invalid_utf8"
    case .invalidRegex: "invalid_regex"
    case .unknownTimeZone: "unknown_time_zone"
    case .invalidArgument: "invalid_argument"
    case .noneDereferenced: "optional_none"
    case .budgetExceeded: "budget_exceeded"
    case .memoryExceeded: "memory_exceeded"
    case .hostFunction: "function_failed"
    case .unsupportedType: "no_such_field"
    }
  }
}
