/// Why an evaluation gave no value: a code, and enough to write the message later.
///
/// Inside the machine an error is an ordinary value (so `false && error` costs nothing); only what
/// leaves the machine is turned into an `EvaluationError` with text.
package enum Failure: UInt8, BitwiseCopyable, Sendable {
  case noSuchOverload, noSuchKey, noSuchAttribute, noSuchFunction
  case overflow, divisionByZero, modulusByZero
  case indexOutOfRange, invalidIndex, duplicateKey, unsupportedKey
  case invalidConversion, outOfRange, invalidUTF8
  case invalidRegex, unknownTimeZone, invalidArgument
  case noneDereferenced
  case budgetExceeded, memoryExceeded
  case hostFunction, unsupportedType
}

extension Value {
  /// An error value: what went wrong, a detail (a text or two tags, by code) and the instruction
  /// that found it.
  @inline(never) static func failure(_ failure: Failure, detail: UInt32 = 0) -> Value {
    Value(.error, aux: .max, bits: UInt64(failure.rawValue) << 32 | UInt64(detail))
  }

  /// The operand types of an operator or function that does not take them.
  @inline(never) static func noOverload(_ left: Value, _ right: Value) -> Value {
    if left.isError { return left }
    if right.isError { return right }
    return failure(
      .noSuchOverload, detail: UInt32(left.tag.rawValue) << 8 | UInt32(right.tag.rawValue))
  }
  @inline(never) static func noOverload(_ operand: Value) -> Value {
    operand.isError ? operand : failure(.noSuchOverload, detail: UInt32(operand.tag.rawValue) << 8)
  }

  var failure: Failure {
    Failure(rawValue: UInt8(truncatingIfNeeded: bits >> 32)) ?? .noSuchOverload
  }
  var failureDetail: UInt32 { UInt32(truncatingIfNeeded: bits) }

  /// The same error, with the instruction that found it if it has none yet.
  @inline(__always) func located(at pc: Int) -> Value {
    tag == .error ? locatedError(at: pc) : self
  }

  @inline(never) private func locatedError(at pc: Int) -> Value {
    guard aux == .max else { return self }
    var error = self
    error.aux = UInt32(truncatingIfNeeded: pc)
    return error
  }
}

/// An evaluation that ended in an error, with the place in the source that caused it.
public struct EvaluationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A stable, machine-readable name: `no_such_key`, `overflow`, `budget_exceeded`, …
  public let code: String
  /// What went wrong, for a person: lower case, no full stop.
  public let message: String
  /// Where in the expression's source, as offsets in UTF-8 bytes.
  public let span: SourceSpan

  /// An error with its code, message and place.
  public init(code: String, message: String, span: SourceSpan) {
    self.code = code
    self.message = message
    self.span = span
  }

  /// The message.
  public var description: String { message }
}
