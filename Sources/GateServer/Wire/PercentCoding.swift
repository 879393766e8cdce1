/// Escapes of URLs (RFC 3986, section 2.1).
enum PercentCoding {
  /// The text without escapes.
  ///
  /// - Parameter plusIsBlank: `+` is a blank, as in forms and queries.
  /// - Throws: `WireFault` with status 400 for an escape that is cut off, is not hexadecimal, gives
  ///   no UTF-8, or gives a NUL.
  static func decode(_ text: Substring, plusIsBlank: Bool) throws(WireFault) -> String {
    guard text.utf8.contains(where: { $0 == percent || $0 == plus }) else { return String(text) }
    let source = Array(text.utf8)
    var bytes: [UInt8] = []
    var index = 0
    while index < source.count {
      switch source[index] {
      case percent:
        guard index + 2 < source.count, let high = digit(source[index + 1]),
          let low = digit(source[index + 2])
        else { throw fault(text) }
        bytes.append(high << 4 | low)
        index += 3
      case plus where plusIsBlank:
        bytes.append(UInt8(ascii: " "))
        index += 1
      default:
        bytes.append(source[index])
        index += 1
      }
    }
    guard !bytes.contains(0), let decoded = String(validating: bytes, as: UTF8.self) else {
      throw fault(text)
    }
    return decoded
  }

  private static let percent = UInt8(ascii: "%")
  private static let plus = UInt8(ascii: "+")

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func fault(_ text: Substring) -> WireFault {
    WireFault(
      400, "`\(text.prefix(100))` has an escape that is not `%` and two hexadecimal digits of UTF-8"
    )
  }
}
