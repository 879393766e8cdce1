/// The grammar of RFC 8259 once more, written for likeness and not for speed: the oracle of the
/// fuzz tests.
///
/// It reads Unicode scalars that the standard library has decoded, by recursion, and shares no code
/// with the reader.
struct JSONReference {
  private struct Fault: Error {}

  private var rest: ArraySlice<Unicode.Scalar>
  private var depth = 0

  static func read(_ bytes: [UInt8]) -> JSONValue? {
    guard let text = String(validating: bytes, as: UTF8.self) else { return nil }
    var reader = JSONReference(rest: Array(text.unicodeScalars)[...])
    do {
      let value = try reader.value()
      return reader.rest.isEmpty ? value : nil
    } catch {
      return nil
    }
  }

  private mutating func value() throws -> JSONValue {
    space()
    defer { space() }
    if take("\"") { return .string(try string()) }
    if take("[") {
      return .array(try sequence(until: "]") { reader in try reader.value() })
    }
    if take("{") {
      var names: Set<[UInt8]> = []
      return .object(
        try sequence(until: "}") { reader in
          reader.space()
          guard reader.take("\"") else { throw Fault() }
          let name = try reader.string()
          guard names.insert(name).inserted else { throw Fault() }
          reader.space()
          guard reader.take(":") else { throw Fault() }
          return .init(name: name, value: try reader.value())
        })
    }
    if take("null") { return .null }
    if take("true") { return .bool(true) }
    if take("false") { return .bool(false) }
    return try number()
  }

  private mutating func sequence<Element>(
    until end: String, _ element: (inout Self) throws -> Element
  ) throws -> [Element] {
    depth += 1
    guard depth <= 100 else { throw Fault() }
    defer { depth -= 1 }
    space()
    if take(end) { return [] }
    var elements: [Element] = []
    repeat { elements.append(try element(&self)) } while take(",")
    guard take(end) else { throw Fault() }
    return elements
  }

  private mutating func string() throws -> [UInt8] {
    var text = ""
    while let scalar = rest.popFirst() {
      if scalar == "\"" { return Array(text.utf8) }
      guard scalar.value >= 0x20 else { throw Fault() }
      text.unicodeScalars.append(scalar == "\\" ? try escape() : scalar)
    }
    throw Fault()
  }

  private mutating func escape() throws -> Unicode.Scalar {
    let plain: [Unicode.Scalar: Unicode.Scalar] = [
      "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r",
      "t": "\t",
    ]
    guard let letter = rest.popFirst() else { throw Fault() }
    if let meaning = plain[letter] { return meaning }
    guard letter == "u" else { throw Fault() }
    var units = [try unit()]
    if UTF16.isLeadSurrogate(units[0]) {
      guard take("\\u") else { throw Fault() }
      units.append(try unit())
    }
    guard let text = String(validating: units, as: UTF16.self) else { throw Fault() }
    return text.unicodeScalars[text.unicodeScalars.startIndex]
  }

  private mutating func unit() throws -> UInt16 {
    let digits = rest.prefix(4)
    guard digits.count == 4, digits.allSatisfy({ $0.properties.isASCIIHexDigit }) else {
      throw Fault()
    }
    rest = rest.dropFirst(4)
    guard let unit = UInt16(text(digits), radix: 16) else { throw Fault() }
    return unit
  }

  private mutating func number() throws -> JSONValue {
    let whole = rest
    _ = take("-")
    if !take("0") { try digits() }
    let integer = whole[whole.startIndex..<rest.startIndex]
    var isWhole = true
    if take(".") {
      isWhole = false
      try digits()
    }
    if take("e") || take("E") {
      isWhole = false
      if !take("+") { _ = take("-") }
      try digits()
    }
    if isWhole, let int = Int64(text(integer)) { return .int(int) }
    if isWhole, let uint = UInt64(text(integer)) { return .uint(uint) }
    let literal = text(whole[whole.startIndex..<rest.startIndex])
    guard let double = Double(literal), double.isFinite else { throw Fault() }
    return .double(double)
  }

  private mutating func digits() throws {
    let run = rest.prefix { ("0"..."9").contains($0) }
    guard !run.isEmpty else { throw Fault() }
    rest = rest.dropFirst(run.count)
  }

  private mutating func space() {
    rest = rest.drop { [" ", "\t", "\n", "\r"].contains($0) }
  }

  private mutating func take(_ token: String) -> Bool {
    guard rest.starts(with: token.unicodeScalars) else { return false }
    rest = rest.dropFirst(token.unicodeScalars.count)
    return true
  }

  private func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }
}
