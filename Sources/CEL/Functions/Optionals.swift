/// The `optionals` library; `or`, `orValue` and the macros are mostly branches that the compiler
/// makes.
extension Memory {
  mutating func callOptionals(_ builtin: Builtin, _ arguments: Arguments) -> Value {
    let first = arguments.first
    switch builtin {
    case .optionalNone: return .none
    case .optionalOf: return optional(of: first)
    case .optionalOfNonZero: return isZero(first) ? .none : optional(of: first)
    case .unwrapAll: return unwrapAll(first)
    case .first, .last:
      guard first.tag == .list else { return .noOverload(first) }
      guard first.count > 0 else { return .none }
      return optional(of: element(builtin == .first ? 0 : first.count - 1, of: first))
    default: break
    }
    guard first.tag == .optional else { return .noOverload(first) }
    let wrapped = wrapped(first)
    switch builtin {
    case .hasValue: return .bool(wrapped != nil)
    case .optionalValue: return wrapped ?? .failure(.noneDereferenced)
    case .or: return wrapped == nil ? arguments.second : first
    case .orValue: return wrapped ?? arguments.second
    default: return .failure(.noSuchFunction)
    }
  }

  private mutating func optional(of value: Value) -> Value {
    afford(elements: 1) ? some(value) : exhausted
  }

  /// Whether the value is the one that its type starts from: zero, empty, false, null.
  private func isZero(_ value: Value) -> Bool {
    switch value.tag {
    case .null: true
    case .bool, .int, .uint, .duration: value.bits == 0
    case .double: value.double == 0
    case .string, .bytes: count(of: value.text) == 0
    case .list, .map, .optional: value.count == 0
    case .timestamp: value.asTimestamp == Timestamp.earliest
    default: false
    }
  }

  /// The values of those optionals of a list that have one.
  private mutating func unwrapAll(_ list: Value) -> Value {
    guard list.tag == .list else { return .noOverload(list) }
    guard afford(elements: list.count) else { return exhausted }
    let start = elementCount
    for index in 0..<list.count {
      let element = element(index, of: list)
      guard element.tag == .optional else { return abandon(start, .noOverload(element)) }
      if let wrapped = wrapped(element) { append(wrapped) }
    }
    return self.list(from: start)
  }
}

extension Timestamp {
  /// The first moment that CEL knows, which is also what a timestamp without a value counts as.
  static var earliest: Timestamp { Timestamp(trusted: -62_135_596_800, nanoseconds: 0) }
}
