import CEL
import PolicyEngine

extension LogEntry {
  /// The entry as one line: its number, its digest and the record as it was logged, byte for byte.
  public var json: [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("sequence", sequence)
    writer.member("hash", Hex.text(of: hash))
    writer.name("record")
    writer.value(verbatim: bytes[...])
    writer.endObject()
    return writer.bytes
  }

  /// Reads what `json` writes.
  ///
  /// - Throws: `LogFault.malformed`.
  public init(json: [UInt8], line: Int) throws(LogFault) {
    let entry = try EntryReader(json, line: line)
    self.init(
      sequence: try entry.number("sequence"), bytes: try entry.source("record"),
      hash: try entry.digest("hash", count: 32))
  }
}

/// Reads the members of one line.
struct EntryReader {
  private let tape: JSONTape
  private let line: Int

  init(_ json: [UInt8], line: Int) throws(LogFault) {
    var tape = JSONTape()
    self.line = line
    do throws(JSONError) {
      try tape.read(json)
    } catch {
      throw .malformed(line: line, reason: error.message)
    }
    guard tape.kind(of: tape.root) == .object else {
      throw .malformed(line: line, reason: "it is not an object")
    }
    self.tape = tape
  }

  private func member(_ name: String, _ kind: JSONTape.Kind) throws(LogFault) -> Int {
    guard let node = tape.member(name, of: tape.root), tape.kind(of: node) == kind else {
      throw .malformed(line: line, reason: "`\(name)` is missing or of another type")
    }
    return node
  }

  func number(_ name: String) throws(LogFault) -> Int64 {
    tape.nodes[try member(name, .int)].int
  }

  func text(_ name: String) throws(LogFault) -> String {
    tape.string(of: try member(name, .string))
  }

  func source(_ name: String) throws(LogFault) -> [UInt8] {
    Array(tape.source[tape.sourceRange(of: try member(name, .object))])
  }

  func digest(_ name: String, count: Int?) throws(LogFault) -> [UInt8] {
    guard let bytes = Hex.bytes(of: try text(name)), count == nil || bytes.count == count else {
      throw .malformed(line: line, reason: "`\(name)` is not a digest in lower-case hexadecimal")
    }
    return bytes
  }
}
