import CEL

/// What a value is, by pattern: comparing tags with `==` goes through a witness table of another
/// module, which costs more than all the rest of a look-up.
extension Value {
  @inline(__always) var isText: Bool { if case .string = tag { true } else { false } }
  @inline(__always) var isList: Bool { if case .list = tag { true } else { false } }
  @inline(__always) var isMap: Bool { if case .map = tag { true } else { false } }
  @inline(__always) var isUnset: Bool { if case .unset = tag { true } else { false } }
  /// There is no value, or an error.
  @inline(__always) var isMissing: Bool {
    switch tag {
    case .unset, .error: true
    default: false
    }
  }
}
