import CEL

extension String {
  /// As text or a quoted attribute value of XML and HTML. What XML 1.0 can't hold at all becomes
  /// U+FFFD.
  var xml: String {
    var text = ""
    text.reserveCapacity(utf8.count)
    for scalar in unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      case "\n": text += "&#10;"
      case "\t": text += "&#9;"
      case "\u{0}"..<"\u{20}", "\u{7F}", "\u{FFFE}", "\u{FFFF}": text += "\u{FFFD}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }

  /// As a path in a URI: everything but unreserved characters and `/` in percents.
  var uriPath: String {
    var text = ""
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "~"):
        text.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        text += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
      }
    }
    return text
  }
}

extension Duration {
  /// Seconds with three digits behind the point, the most that the schema of JUnit takes.
  var seconds: String {
    let (whole, attoseconds) = components
    let digits = String(attoseconds / 1_000_000_000_000_000)
    return "\(whole).\(String(repeating: "0", count: 3 - digits.utf8.count))\(digits)"
  }
}

/// Numbers with one digit behind the point, without Foundation.
func decimal(_ value: Double) -> String {
  let tenths = Int((value * 10).rounded(.down))
  return "\(tenths / 10).\(tenths % 10)"
}
