/// An IPv4 or IPv6 address: 4 or 16 octets.
///
/// Texts are read strictly, since two programs that read one address differently are a way around a
/// rule: no leading zeros in IPv4, no zones, no IPv4-mapped address in its dotted form
/// (`::ffff:1.2.3.4`). In its hexadecimal form that is the IPv4 address itself, as the conformance
/// suite has it.
struct IPAddress: Equatable {
  let octets: [UInt8]

  var isV4: Bool { octets.count == 4 }

  /// An address from its octets; nil if there are not 4 or 16.
  init?(octets: ArraySlice<UInt8>) {
    guard octets.count == 4 || octets.count == 16 else { return nil }
    self.octets = Array(octets)
  }

  /// Reads an address.
  init?(_ text: ArraySlice<UInt8>) {
    // The longest text of an address has 45 characters.
    guard text.count <= 45 else { return nil }
    if text.contains(UInt8(ascii: ":")) {
      guard let parsed = Self.parseV6(text) else { return nil }
      let isMapped =
        parsed.octets.prefix(10).allSatisfy { $0 == 0 } && parsed.octets[10] == 0xff
        && parsed.octets[11] == 0xff
      if isMapped, parsed.isDotted { return nil }
      octets = isMapped ? Array(parsed.octets.suffix(4)) : parsed.octets
    } else {
      guard let parsed = Self.parseV4(text) else { return nil }
      octets = parsed
    }
  }

  private static func parseV4(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    var octets: [UInt8] = []
    for part in text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard part.count >= 1, part.count <= 3, octets.count < 4, part.allSatisfy(Lexer.isDigit),
        part.count == 1 || part.first != UInt8(ascii: "0")
      else { return nil }
      let value = part.reduce(0) { $0 * 10 + Int($1 - 0x30) }
      guard value <= 255 else { return nil }
      octets.append(UInt8(value))
    }
    return octets.count == 4 ? octets : nil
  }

  private static func parseV6(_ text: ArraySlice<UInt8>) -> (octets: [UInt8], isDotted: Bool)? {
    var octets: [UInt8] = []
    var gap: Int?
    var isDotted = false
    var place = text.startIndex
    let colon = UInt8(ascii: ":")
    if text.starts(with: [colon, colon]) {
      gap = 0
      place += 2
    }
    while place < text.endIndex {
      guard octets.count < 16 else { return nil }
      let end = text[place...].firstIndex(of: colon) ?? text.endIndex
      if end == text.endIndex, text[place...].contains(UInt8(ascii: ".")) {
        guard octets.count <= 12, let last = parseV4(text[place...]) else { return nil }
        octets += last
        isDotted = true
        break
      }
      guard end > place, end - place <= 4 else { return nil }
      var group: UInt32 = 0
      for octet in text[place..<end] {
        guard let digit = Escapes.hexValue(octet) else { return nil }
        group = group << 4 | digit
      }
      octets += [UInt8(truncatingIfNeeded: group >> 8), UInt8(truncatingIfNeeded: group)]
      place = end
      guard place < text.endIndex else { break }
      place += 1
      // One colon needs a group behind it; two are the gap, once.
      guard place < text.endIndex else { return nil }
      if text[place] == colon {
        guard gap == nil else { return nil }
        gap = octets.count
        place += 1
      }
    }
    guard let gap else { return octets.count == 16 ? (octets, isDotted) : nil }
    guard octets.count < 16 else { return nil }
    octets.insert(contentsOf: [UInt8](repeating: 0, count: 16 - octets.count), at: gap)
    return (octets, isDotted)
  }

  // MARK: Text

  /// The canonical text, for IPv6 that of RFC 5952.
  var text: String {
    if isV4 { return octets.map { String($0) }.joined(separator: ".") }
    let groups = (0..<8).map { UInt16(octets[2 * $0]) << 8 | UInt16(octets[2 * $0 + 1]) }
    // The first of the longest runs of zeros is left out, if it has two groups at least.
    var (best, length) = (0, 1)
    var start = 0
    for index in 0..<8 {
      if groups[index] != 0 {
        start = index + 1
      } else if index + 1 - start > length {
        (best, length) = (start, index + 1 - start)
      }
    }
    func hex(_ groups: ArraySlice<UInt16>) -> String {
      groups.map { String($0, radix: 16) }.joined(separator: ":")
    }
    return length < 2
      ? hex(groups[...]) : hex(groups[..<best]) + "::" + hex(groups[(best + length)...])
  }

  // MARK: Kinds

  var isUnspecified: Bool { octets.allSatisfy { $0 == 0 } }
  var isLoopback: Bool {
    isV4 ? octets[0] == 127 : octets[15] == 1 && octets.dropLast().allSatisfy { $0 == 0 }
  }
  var isMulticast: Bool { isV4 ? octets[0] & 0xf0 == 0xe0 : octets[0] == 0xff }
  var isLinkLocalUnicast: Bool {
    isV4 ? octets[0] == 169 && octets[1] == 254 : octets[0] == 0xfe && octets[1] & 0xc0 == 0x80
  }
  var isLinkLocalMulticast: Bool {
    isV4
      ? octets[0] == 224 && octets[1] == 0 && octets[2] == 0
      : octets[0] == 0xff && octets[1] & 0x0f == 2
  }
  /// Neither special nor multicast nor broadcast; private addresses count as global.
  var isGlobalUnicast: Bool {
    !isUnspecified && !isLoopback && !isMulticast && !isLinkLocalUnicast
      && octets != [255, 255, 255, 255]
  }
}

/// A range of addresses: those whose first `length` bits are those of `address`.
struct IPRange: Equatable {
  let address: IPAddress
  let length: Int

  init(address: IPAddress, length: Int) {
    self.address = address
    self.length = length
  }

  /// Reads `address/length`; bits behind the prefix may be set. An IPv4 range has no IPv6 form.
  init?(_ text: ArraySlice<UInt8>) {
    guard let slash = text.lastIndex(of: UInt8(ascii: "/")) else { return nil }
    let digits = text[(slash + 1)...]
    guard let address = IPAddress(text[..<slash]), digits.count >= 1, digits.count <= 3,
      digits.allSatisfy(Lexer.isDigit), digits.count == 1 || digits.first != UInt8(ascii: "0"),
      !address.isV4 || !text.contains(UInt8(ascii: ":"))
    else { return nil }
    let length = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    guard length <= address.octets.count * 8 else { return nil }
    self.init(address: address, length: length)
  }

  var text: String { "\(address.text)/\(length)" }

  /// The range with all bits behind the prefix cleared.
  var masked: IPRange {
    var octets = address.octets
    for index in octets.indices {
      let kept = max(0, min(8, length - 8 * index))
      octets[index] &= UInt8(truncatingIfNeeded: 0xff00 >> kept)
    }
    return IPRange(address: IPAddress(octets: octets[...]) ?? address, length: length)
  }

  func contains(_ other: IPAddress) -> Bool {
    guard other.isV4 == address.isV4 else { return false }
    return IPRange(address: other, length: length).masked.address == masked.address
  }

  func contains(_ other: IPRange) -> Bool { other.length >= length && contains(other.address) }
}
