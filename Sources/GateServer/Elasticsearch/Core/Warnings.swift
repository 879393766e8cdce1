/// Warnings as Elasticsearch puts them into headers: `299 Elasticsearch-8.19.3-unknown "text"`.
package enum Warnings {
  /// Adds each distinct text as a header of its own.
  static func add(_ texts: [String], to response: inout WireResponse, version: String) {
    var seen: Set<String> = []
    for text in texts where seen.insert(text).inserted {
      response.headers.add("Warning", value(text, version: version))
    }
  }

  /// The value of a header.
  package static func value(_ text: String, version: String) -> String {
    var value = "299 Elasticsearch-\(version)-unknown \""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\\"), UInt8(ascii: "\""):
        value += "\\"
        value.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: "%"): value += "%25"
      case 0x09, 0x20...0x7E: value.unicodeScalars.append(Unicode.Scalar(byte))
      default:
        let digits = String(byte, radix: 16, uppercase: true)
        value += byte < 16 ? "%0\(digits)" : "%\(digits)"
      }
    }
    return value + "\""
  }
}
