/// Functions of the extension libraries.
extension Memory {
  mutating func callExtension(_ builtin: Builtin, _ arguments: Arguments) -> Value {
    switch builtin {
    case .join: join(arguments)
    case .lowerAscii, .upperAscii: changeCase(arguments.first, upper: builtin == .upperAscii)
    default: .failure(.noSuchFunction)
    }
  }

  private mutating func join(_ arguments: Arguments) -> Value {
    let list = arguments.first
    guard list.tag == .list, arguments.count == 1 || arguments.second.tag == .string else {
      return .noOverload(list, arguments.second)
    }
    let start = octetCount
    let separator = arguments.count == 2 ? range(of: arguments.second.text) : 0..<0
    for index in 0..<list.count {
      let element = element(index, of: list)
      guard element.tag == .string else {
        dropTail(from: start)
        return .noOverload(element)
      }
      let length = separator.count + count(of: element.text)
      guard pay(octets: length), hasRoom(octets: length) else {
        dropTail(from: start)
        return .failure(.memoryExceeded)
      }
      if index > 0 { append(copyOf: separator) }
      append(copyOf: range(of: element.text))
    }
    return .string(internTail(from: start))
  }

  private mutating func changeCase(_ text: Value, upper: Bool) -> Value {
    guard text.tag == .string else { return .noOverload(text) }
    guard pay(octets: count(of: text.text)) else { return .failure(.budgetExceeded) }
    let start = octetCount
    for index in range(of: text.text) {
      let octet = octets[index]
      let isLetter = upper ? octet >= 0x61 && octet <= 0x7a : octet >= 0x41 && octet <= 0x5a
      append(octet: isLetter ? octet ^ 0x20 : octet)
    }
    return .string(internTail(from: start))
  }

  // MARK: Opaque types

  /// Names of the types that extension libraries bring, by number.
  var opaqueTypeNames: [TextID] { [] }
  func opaqueText(_ value: Value) -> String? { nil }

  /// A list sorted by a list of keys of one comparable type.
  mutating func sort(_ list: Value, by keys: Value) -> Value { .failure(.noSuchFunction) }
}
