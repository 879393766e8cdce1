import CEL
import Testing

/// Texts that nobody would write: the reader must agree with the oracle on every one of them.
@Suite struct JSONFuzzTests {
  static let tokens = [
    "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\"", "\"\\u0061\"", "\\", "1", "0", "-", "-1",
    "1.5", "e", "E+3", ".", "9223372036854775807", "18446744073709551616", "true", "false", "null",
    "nul", " ", "\n", "\t", "\\n", "\\ud83d\\ude00", "\\ud800", "é", "😀", "\u{FEFF}", "\0", "//",
    "\"a\":1", "{\"a\":", "[1,", "[]", "{}", "1e308", "1e-400", "0.000000001", "x",
  ]

  @Test(.timeLimit(.minutes(20))) func tokens() {
    var random = JSONRandom(state: 11)
    for _ in 0..<20_000 {
      let count = Int.random(in: 1...8, using: &random)
      let text = (0..<count).map { _ in random.pick(Self.tokens) }.joined()
      compare(Array(text.utf8))
    }
  }

  @Test(.timeLimit(.minutes(20))) func mutations() {
    var random = JSONRandom(state: 12)
    for _ in 0..<4_000 {
      var writer = JSONWriter(Bool.random(using: &random) ? .compact : .pretty)
      writer.write(JSONValue.random(depth: 3, &random))
      var bytes = writer.bytes
      for _ in 0..<Int.random(in: 1...3, using: &random) { mutate(&bytes, &random) }
      compare(bytes)
    }
  }

  /// Every beginning of a text, and every text with one byte changed to any other.
  @Test(.timeLimit(.minutes(20))) func everyCutAndEveryByte() {
    let text = Array(#"{"a\n":[1,-2.5e3,"é\ud83d\ude00",null], "b":{"c":true}}"#.utf8)
    for end in text.indices { compare(Array(text[..<end])) }
    for place in text.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = text
        changed[place] = byte
        compare(changed)
      }
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ random: inout JSONRandom) {
    let place = Int.random(in: 0...bytes.count, using: &random)
    let end = min(bytes.count, place + Int.random(in: 0...6, using: &random))
    switch Int.random(in: 0..<5, using: &random) {
    case 0: bytes.removeSubrange(place..<end)
    case 1: bytes.insert(contentsOf: bytes[place..<end], at: 0)
    case 2: bytes.insert(contentsOf: random.pick(Self.tokens).utf8, at: place)
    case 3: bytes.replaceSubrange(place..<end, with: random.pick(Self.tokens).utf8)
    default: if place < bytes.count { bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random) }
    }
  }

  private func compare(_ bytes: [UInt8]) {
    let result = readJSON(bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    if result.value != JSONReference.read(bytes) {
      Issue.record("\(text): \(String(describing: result.error))")
    }
    guard let error = result.error else { return }
    if !(0...bytes.count).contains(error.offset) || !isWellWorded(error.message)
      || error.help.map(isWellWorded) == false
    {
      Issue.record("\(text): \(error)")
    }
  }

  private func isWellWorded(_ text: String) -> Bool {
    guard let first = text.first, let last = text.last else { return false }
    let isLower = !first.isUppercase || text.hasPrefix("JSON ")
    return isLower && last != "." && !text.contains("\n")
  }
}

extension JSONValue {
  static func random(depth: Int, _ random: inout JSONRandom) -> Self {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 7), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .int(Int64.random(in: -1000...1000, using: &random))
    case 3: return .int(random.pick([Int64.min, .max, 0, 1 << 53, -(1 << 31)]))
    case 4: return .uint(UInt64.random(in: (1 << 63)...UInt64.max, using: &random))
    case 5:
      let value = Double(bitPattern: random.next())
      return .double(value.isFinite ? value : 0.5)
    case 6: return .string(text(&random))
    case 7, 8:
      let count = Int.random(in: 0...5, using: &random)
      return .array((0..<count).map { _ in .random(depth: depth - 1, &random) })
    default:
      var names: Set<[UInt8]> = []
      var members: [Member] = []
      for _ in 0..<Int.random(in: 0...(depth == 2 ? 40 : 5), using: &random) {
        let name = text(&random)
        guard names.insert(name).inserted else { continue }
        members.append(Member(name: name, value: .random(depth: depth - 1, &random)))
      }
      return .object(members)
    }
  }

  private static func text(_ random: inout JSONRandom) -> [UInt8] {
    let scalars: [Unicode.Scalar] = [
      "a", "b", "Z", "0", " ", "\"", "\\", "/", "\n", "\t", "\u{0}", "\u{1F}", "\u{7F}", "\u{80}",
      "é", "\u{7FF}", "\u{800}", "\u{2028}", "\u{FFFF}", "\u{10000}", "😀", "\u{10FFFF}",
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0...14, using: &random) {
      text.unicodeScalars.append(random.pick(scalars))
    }
    return Array(text.utf8)
  }
}

extension JSONWriter {
  mutating func write(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let bool): self.value(bool)
    case .int(let int): self.value(int)
    case .uint(let uint): self.value(uint)
    case .bits(let bits): self.value(Double(bitPattern: bits))
    case .string(let text): self.value(utf8: text.span)
    case .array(let elements):
      beginArray()
      for element in elements { write(element) }
      endArray()
    case .object(let members):
      beginObject()
      for member in members {
        name(String(decoding: member.name, as: UTF8.self))
        write(member.value)
      }
      endObject()
    }
  }
}
