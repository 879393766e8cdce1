/// Functions of the extension libraries: which file a call goes to.
extension Memory {
  mutating func callExtension(_ builtin: Builtin, _ arguments: Arguments) -> Value {
    switch builtin.group {
    case .core: .failure(.noSuchFunction)
    case .strings: callStrings(builtin, arguments)
    case .math: callMath(builtin, arguments)
    case .encoders: callEncoders(builtin, arguments)
    case .optionals: callOptionals(builtin, arguments)
    case .network: callNetwork(builtin, arguments)
    case .lists: callLists(builtin, arguments)
    case .sets: callSets(builtin, arguments)
    case .regex: callRegex(builtin, arguments)
    case .messages: wellKnownMessage(arguments.first, arguments.second)
    }
  }

  // MARK: What they share

  /// An error of an argument, with a message for people.
  @inline(never) mutating func invalid(_ message: String) -> Value {
    .failure(.invalidArgument, detail: intern(message))
  }

  /// The error of something that ran out of budget or room, whichever it was.
  var exhausted: Value { fuel < 0 ? .failure(.budgetExceeded) : .failure(.memoryExceeded) }

  /// Pays for octets that are about to be written, and sees to it that there is room.
  mutating func afford(octets count: Int) -> Bool { pay(octets: count) && hasRoom(octets: count) }

  /// Pays for elements that are about to be made, and sees to it that there is room.
  mutating func afford(elements count: Int) -> Bool {
    pay(count) && hasRoom(octets: 0, elements: count)
  }

  /// A new text with the octets of a stretch of the arena.
  mutating func text(copyOf range: Range<Int>) -> Value {
    guard afford(octets: range.count) else { return exhausted }
    let start = octetCount
    append(copyOf: range)
    return .string(internTail(from: start))
  }

  /// A new text, unless it would not fit.
  mutating func text(_ octets: [UInt8]) -> Value {
    hasRoom(octets: octets.count) ? .string(intern(octets)) : .failure(.memoryExceeded)
  }
}
