/// Equality by code point: Swift's own calls texts equal that only look alike (`é` and `e` with an
/// accent), CEL does not.
extension CELValue {
  /// The same type and contents; texts compare by code point.
  public static func == (left: CELValue, right: CELValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.int(let a), .int(let b)): a == b
    case (.uint(let a), .uint(let b)): a == b
    case (.double(let a), .double(let b)): a == b
    case (.string(let a), .string(let b)): isSame(a, b)
    case (.bytes(let a), .bytes(let b)): a == b
    case (.list(let a), .list(let b)): a == b
    case (.map(let a), .map(let b)): a == b
    case (.timestamp(let a, let m), .timestamp(let b, let n)): a == b && m == n
    case (.duration(let a), .duration(let b)): a == b
    case (.type(let a), .type(let b)): isSame(a, b)
    case (.optional(let a), .optional(let b)): a == b
    case (.opaque(let a, let m), .opaque(let b, let n)): isSame(a, b) && isSame(m, n)
    default: false
    }
  }

  private static func isSame(_ left: String, _ right: String) -> Bool {
    left.utf8.elementsEqual(right.utf8)
  }

  /// Agrees with `==`.
  public func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let value): hasher.combine(value)
    case .int(let value): hasher.combine(value)
    case .uint(let value): hasher.combine(value)
    case .double(let value): hasher.combine(value)
    case .string(let text), .type(let text), .opaque(_, let text): hasher.combine(text)
    case .bytes(let octets): hasher.combine(octets)
    case .list(let elements): hasher.combine(elements)
    case .map(let entries): hasher.combine(entries)
    case .timestamp(let seconds, _): hasher.combine(seconds)
    case .duration(let value): hasher.combine(value)
    case .optional(let wrapped): hasher.combine(wrapped)
    }
  }
}
