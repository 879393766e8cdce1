/// The `network` library. Addresses and ranges are values of two opaque types; their octets are
/// interned like any text, so that equal ones have equal bits: an address is 4 or 16 octets, a
/// range has one more for the length of its prefix.
enum NetworkType: UInt32 {
  case address, range
}

extension Memory {
  mutating func callNetwork(_ builtin: Builtin, _ arguments: Arguments) -> Value {
    let first = arguments.first
    switch builtin {
    case .ip where first.tag == .opaque: break
    case .ip, .cidr, .isIP, .isCIDR, .isCanonical: return parseNetwork(builtin, first)
    default: break
    }
    guard first.tag == .opaque, let type = NetworkType(rawValue: first.aux) else {
      return .noOverload(first, arguments.second)
    }
    switch type {
    case .address:
      guard let address = address(first) else { return .noOverload(first) }
      return Self.property(builtin, of: address) ?? .noOverload(first)
    case .range:
      guard let range = networkRange(first) else { return .noOverload(first) }
      return property(builtin, of: range, arguments) ?? .noOverload(first, arguments.second)
    }
  }

  // MARK: Values in memory

  private func address(_ value: Value) -> IPAddress? {
    guard value.tag == .opaque, value.aux == NetworkType.address.rawValue else { return nil }
    return IPAddress(octets: octets[range(of: value.text)])
  }

  private func networkRange(_ value: Value) -> IPRange? {
    guard value.tag == .opaque, value.aux == NetworkType.range.rawValue else { return nil }
    let octets = octets[range(of: value.text)]
    return IPAddress(octets: octets.dropLast()).map {
      IPRange(address: $0, length: Int(octets[octets.endIndex - 1]))
    }
  }

  private mutating func add(_ address: IPAddress) -> Value {
    Value(.opaque, aux: NetworkType.address.rawValue, bits: UInt64(intern(address.octets)))
  }

  private mutating func add(_ range: IPRange) -> Value {
    let octets = range.address.octets + [UInt8(truncatingIfNeeded: range.length)]
    return Value(.opaque, aux: NetworkType.range.rawValue, bits: UInt64(intern(octets)))
  }

  /// The text of a value of an opaque type.
  func opaqueText(_ value: Value) -> String? { address(value)?.text ?? networkRange(value)?.text }

  /// A value of an opaque type from its text; an error if there is none.
  mutating func opaque(type: String, text: String) -> Value {
    switch type {
    case "net.IP":
      IPAddress(Array(text.utf8)[...]).map { add($0) } ?? .failure(.invalidArgument, detail: .max)
    case "net.CIDR":
      IPRange(Array(text.utf8)[...]).map { add($0) } ?? .failure(.invalidArgument, detail: .max)
    default: .failure(.invalidArgument, detail: .max)
    }
  }

  // MARK: Functions

  private mutating func parseNetwork(_ builtin: Builtin, _ text: Value) -> Value {
    guard text.tag == .string else { return .noOverload(text) }
    // No slice of the arena may live while it grows, or all of it is copied.
    let span = range(of: text.text)
    guard afford(octets: span.count + 32) else { return exhausted }
    switch builtin {
    case .isIP: return .bool(IPAddress(octets[span]) != nil)
    case .isCIDR: return .bool(IPRange(octets[span]) != nil)
    case .cidr:
      return IPRange(octets[span]).map { add($0) }
        ?? .failure(.invalidConversion, detail: text.text)
    default:
      guard let address = IPAddress(octets[span]) else {
        return .failure(.invalidConversion, detail: text.text)
      }
      return builtin == .ip ? add(address) : .bool(address.text.utf8.elementsEqual(octets[span]))
    }
  }

  private static func property(_ builtin: Builtin, of address: IPAddress) -> Value? {
    switch builtin {
    case .family: .int(address.isV4 ? 4 : 6)
    case .isUnspecified: .bool(address.isUnspecified)
    case .isLoopback: .bool(address.isLoopback)
    case .isGlobalUnicast: .bool(address.isGlobalUnicast)
    case .isLinkLocalUnicast: .bool(address.isLinkLocalUnicast)
    case .isLinkLocalMulticast: .bool(address.isLinkLocalMulticast)
    default: nil
    }
  }

  private mutating func property(
    _ builtin: Builtin, of range: IPRange, _ arguments: Arguments
  ) -> Value? {
    let other = arguments.second
    switch builtin {
    case .ip: return add(range.address)
    case .masked: return add(range.masked)
    case .prefixLength: return .int(Int64(range.length))
    case .isMask: return .bool(range.masked == range)
    case .containsIP:
      let value = other.tag == .string ? parseNetwork(.ip, other) : other
      if value.isError { return value }
      return address(value).map { .bool(range.contains($0)) }
    case .containsCIDR:
      let value = other.tag == .string ? parseNetwork(.cidr, other) : other
      if value.isError { return value }
      return networkRange(value).map { .bool(range.contains($0)) }
    default: return nil
    }
  }
}
