/// Writes JSON, member by member, in the order it is told.
///
/// It puts the commas, colons, quotes and line breaks; the caller sees to it that every `begin` has
/// its `end` and that a name stands before every value in an object. It does not check names for
/// being written twice.
///
///     var writer = JSONWriter()
///     writer.beginObject()
///     writer.member("decision", true)
///     writer.endObject()
///     send(writer.bytes)
package struct JSONWriter: Sendable {
  package enum Style: Sendable {
    case compact

    /// One member or element on a line, two spaces for each level.
    case pretty
  }

  /// What has been written.
  package private(set) var bytes: [UInt8]

  private let style: Style
  private var depth = 0

  /// Whether a value stands before the next one on this level.
  private var needsComma = false

  /// Whether a name has just been written, so that its value follows on the same line.
  private var followsName = false

  /// Starts after what is in `buffer`, so that one array can be used again and again.
  package init(_ style: Style = .compact, appendingTo buffer: consuming [UInt8] = []) {
    self.style = style
    bytes = buffer
  }

  /// Starts with room for so many bytes, so that texts which are no longer are not moved while they
  /// grow.
  package init(room: Int) {
    var buffer: [UInt8] = []
    buffer.reserveCapacity(room)
    self.init(appendingTo: buffer)
  }

  /// Starts anew in the same room.
  package mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    (depth, needsComma, followsName) = (0, false, false)
  }

  /// Ends a text, so that another one can follow on a line of its own.
  package mutating func endLine() {
    bytes.append(0x0A)
    (depth, needsComma, followsName) = (0, false, false)
  }

  // MARK: Containers

  package mutating func beginObject() { begin(UInt8(ascii: "{")) }
  package mutating func endObject() { end(UInt8(ascii: "}")) }
  package mutating func beginArray() { begin(UInt8(ascii: "[")) }
  package mutating func endArray() { end(UInt8(ascii: "]")) }

  /// Writes the name of the next member.
  package mutating func name(_ name: String) {
    separate()
    writeString(name)
    bytes.append(UInt8(ascii: ":"))
    if style == .pretty { bytes.append(UInt8(ascii: " ")) }
    followsName = true
  }

  // MARK: Values

  package mutating func value(_ value: String) {
    separate()
    writeString(value)
  }

  package mutating func value(_ value: Int64) {
    separate()
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    writeDigits(value.magnitude)
  }

  package mutating func value(_ value: UInt64) {
    separate()
    writeDigits(value)
  }

  package mutating func value(_ value: Int) { self.value(Int64(value)) }

  /// Writes the shortest text that reads back as the same double; JSON has no infinity, so that
  /// becomes `null`.
  package mutating func value(_ value: Double) {
    separate()
    bytes.append(contentsOf: (value.isFinite ? value.description : "null").utf8)
  }

  package mutating func value(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  package mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// Writes an instant as a string.
  package mutating func value(_ time: Timestamp) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    time.write(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Writes a string whose bytes are known to be UTF-8, such as a text on a tape.
  package mutating func value(utf8 text: Span<UInt8>) {
    separate()
    writeString(text)
  }

  /// Writes what another compact writer has written, which is the beginning of a value: what it has
  /// open is open here from now on.
  package mutating func value(begunBy other: borrowing JSONWriter) {
    separate()
    bytes.append(contentsOf: other.bytes)
    depth += other.depth
    (needsComma, followsName) = (other.needsComma, other.followsName)
  }

  /// Writes the end of so many open containers, as another compact writer has written it.
  package mutating func end(_ containers: Int, verbatim json: [UInt8]) {
    bytes.append(contentsOf: json)
    depth -= containers
    (needsComma, followsName) = (true, false)
  }

  /// Writes bytes that are one JSON value already, as they are.
  package mutating func value(verbatim json: [UInt8]) {
    separate()
    bytes.append(contentsOf: json)
  }

  /// As above, for a part of a text.
  package mutating func value(verbatim json: ArraySlice<UInt8>) {
    separate()
    bytes.append(contentsOf: json)
  }
}

extension JSONWriter {
  package mutating func member(_ name: String, _ value: String) {
    self.name(name)
    self.value(value)
  }

  package mutating func member(_ name: String, _ value: Int64) {
    self.name(name)
    self.value(value)
  }

  package mutating func member(_ name: String, _ value: Int) { member(name, Int64(value)) }

  package mutating func member(_ name: String, _ value: UInt64) {
    self.name(name)
    self.value(value)
  }

  package mutating func member(_ name: String, _ value: Double) {
    self.name(name)
    self.value(value)
  }

  package mutating func member(_ name: String, _ value: Bool) {
    self.name(name)
    self.value(value)
  }
}

extension JSONWriter {
  private mutating func begin(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    depth += 1
    needsComma = false
  }

  private mutating func end(_ bracket: UInt8) {
    depth = max(0, depth - 1)
    // An empty container stays on one line.
    if needsComma { breakLine() }
    bytes.append(bracket)
    needsComma = true
  }

  /// Goes to where the next value or name belongs.
  private mutating func separate() {
    if followsName {
      followsName = false
    } else {
      if needsComma { bytes.append(UInt8(ascii: ",")) }
      if depth > 0 { breakLine() }
    }
    needsComma = true
  }

  private mutating func breakLine() {
    guard style == .pretty else { return }
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: depth * 2))
  }

  private mutating func writeDigits(_ value: UInt64) {
    let start = bytes.count
    var rest = value
    repeat {
      let (tens, digit) = rest.quotientAndRemainder(dividingBy: 10)
      bytes.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit))
      rest = tens
    } while rest != 0
    // The digits came last first; a slice that reverses itself would copy all that is written.
    var low = start
    var high = bytes.count - 1
    while low < high {
      bytes.swapAt(low, high)
      low += 1
      high -= 1
    }
  }

  private mutating func writeString(_ text: String) {
    writeString(text.utf8Span.span)
  }

  private mutating func writeString(_ text: Span<UInt8>) {
    bytes.append(UInt8(ascii: "\""))
    var start = 0
    while start < text.count {
      // Most texts have nothing special in them, which is seen eight octets at a time; beyond ASCII
      // nothing needs an escape either.
      var end = JSONParser.skipPlain(text, start)
      while end < text.count, !Self.needsEscape(text[end]) { end += 1 }
      let run = text.extracting(start..<end)
      bytes.append(addingCapacity: run.count) { room in
        for index in run.indices { room.append(run[index]) }
      }
      if end < text.count { writeEscape(text[end]) }
      start = end + 1
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private mutating func writeEscape(_ byte: UInt8) {
    bytes.append(UInt8(ascii: "\\"))
    switch byte {
    case 0x0A: bytes.append(UInt8(ascii: "n"))
    case 0x0D: bytes.append(UInt8(ascii: "r"))
    case 0x09: bytes.append(UInt8(ascii: "t"))
    case 0x08: bytes.append(UInt8(ascii: "b"))
    case 0x0C: bytes.append(UInt8(ascii: "f"))
    case 0x20...: bytes.append(byte)
    default:
      bytes.append(contentsOf: "u00".utf8)
      bytes.append(contentsOf: JSONFound.hex(byte).utf8)
    }
  }
}
