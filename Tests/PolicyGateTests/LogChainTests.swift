import PolicyEngine
import Testing

@testable import PolicyGate

@Suite struct LogChainTests {
  static func chain(_ count: Int, from start: LogHead = .empty, _ mark: String = "r") -> [LogEntry]
  {
    var head = start
    return (0..<count).map { number in
      let entry = head.appending(Array(#"{"\#(mark)":\#(number)}"#.utf8))
      head = entry.head
      return entry
    }
  }

  static func fault(
    _ entries: [LogEntry], from start: LogHead = .empty, anchors: [LogHead] = []
  ) -> LogFault? {
    var verifier = LogVerifier(from: start, anchors: anchors)
    do throws(LogFault) {
      for entry in entries { try verifier.check(entry) }
      try verifier.finish()
      return nil
    } catch {
      return error
    }
  }

  @Test func aWholeChainIsWhole() {
    #expect(Self.fault([]) == nil)
    let entries = Self.chain(20)
    #expect(Self.fault(entries) == nil)
    #expect(Self.fault(entries, anchors: [entries[4].head, entries[19].head]) == nil)
    // The digest is the one that anybody can work out: SHA-256 of 32 zero bytes, 8 bytes, record.
    #expect(
      Hex.text(of: LogHead.empty.appending(Array("{}".utf8)).hash)
        == Self.reference(Array("{}".utf8)))
  }

  static func reference(_ bytes: [UInt8]) -> String {
    var digest = SHA256()
    digest.update([UInt8](repeating: 0, count: 32) + [0, 0, 0, 0, 0, 0, 0, 1] + bytes)
    return digest.hex()
  }

  @Test func everyFlippedBitIsFound() {
    let entries = Self.chain(6)
    var flips = 0
    for index in entries.indices {
      let entry = entries[index]
      for bit in 0..<(entry.bytes.count * 8) {
        var bytes = entry.bytes
        bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        var changed = entries
        changed[index] = LogEntry(sequence: entry.sequence, bytes: bytes, hash: entry.hash)
        #expect(Self.fault(changed) == .wrongHash(sequence: entry.sequence))
        flips += 1
      }
      for bit in 0..<256 {
        var hash = entry.hash
        hash[bit / 8] ^= 1 << UInt8(bit % 8)
        var changed = entries
        changed[index] = LogEntry(sequence: entry.sequence, bytes: entry.bytes, hash: hash)
        #expect(Self.fault(changed) != nil)
        flips += 1
      }
    }
    #expect(flips == 6 * (7 * 8 + 256))
  }

  @Test func removedAddedAndReorderedRecordsAreFound() {
    let entries = Self.chain(8)
    for index in entries.indices.dropLast() {
      var changed = entries
      changed.remove(at: index)
      #expect(
        Self.fault(changed)
          == .wrongSequence(expected: Int64(index + 1), found: Int64(index + 2)))
      changed = entries
      changed.swapAt(index, index + 1)
      #expect(Self.fault(changed) != nil)
      changed = entries
      changed.insert(entries[index], at: index)
      #expect(Self.fault(changed) != nil)
      // Renumbered, so that only the digest can tell.
      changed = entries
      changed[index] = LogEntry(
        sequence: entries[index].sequence, bytes: entries[index + 1].bytes,
        hash: entries[index + 1].hash)
      #expect(Self.fault(changed) == .wrongHash(sequence: Int64(index + 1)))
    }
  }

  @Test func aCutTailAndAChainMadeAnewAreFoundWithAnAnchorAndOnlyWithOne() {
    let entries = Self.chain(10)
    let anchor = entries[9].head
    let cut = Array(entries.prefix(7))
    #expect(Self.fault(cut) == nil)
    #expect(Self.fault(cut, anchors: [anchor]) == .cut(last: 7, anchor: 10))
    #expect(Self.fault([], anchors: [anchor]) == .cut(last: 0, anchor: 10))
    let anew = Self.chain(12, "x")
    #expect(Self.fault(anew) == nil)
    #expect(Self.fault(anew, anchors: [anchor]) == .otherHistory(sequence: 10))
    // An anchor in the middle finds it as well.
    #expect(Self.fault(anew, anchors: [entries[3].head]) == .otherHistory(sequence: 4))
  }

  @Test func aChainWithoutItsBeginningVerifiesFromItsHead() {
    let entries = Self.chain(10)
    let rest = Array(entries[6...])
    #expect(Self.fault(rest, from: entries[5].head, anchors: [entries[9].head]) == nil)
    #expect(Self.fault(rest, from: entries[5].head, anchors: [entries[2].head]) == nil)
    #expect(Self.fault(rest) != nil)
    #expect(Self.fault(rest, from: Self.chain(6, "x")[5].head) != nil)
  }

  @Test func entriesAndHeadsSurviveTheirText() throws {
    for entry in Self.chain(3) {
      #expect(try LogEntry(json: entry.json, line: 1) == entry)
    }
    let signed = try SignedHead(Self.chain(3)[2].head, time: 1_763_000_000_123, by: Key(secret: 7))
    #expect(try SignedHead(json: Array(signed.json.utf8)) == signed)
    #expect(signed.isValid(by: Key(secret: 7)))
    #expect(!signed.isValid(by: Key(secret: 8)))
    let moved = SignedHead(
      head: Self.chain(2)[1].head, time: signed.time, keyID: signed.keyID,
      signature: signed.signature)
    #expect(!moved.isValid(by: Key(secret: 7)))
  }

  @Test(arguments: [
    "", "[]", "{", #"{"sequence":1}"#, #"{"sequence":"1","hash":"00","record":{}}"#,
    #"{"sequence":1,"hash":"zz","record":{}}"#, #"{"sequence":1,"hash":"00","record":{}}"#,
    #"{"sequence":1.5,"hash":"00","record":{}}"#, #"{"sequence":1,"sequence":1}"#,
    #"{"sequence":99999999999999999999,"hash":"00","record":{}}"#,
  ])
  func linesThatAreNotEntriesAreNamed(_ text: String) throws {
    do {
      _ = try LogEntry(json: Array(text.utf8), line: 12)
      Issue.record("`\(text)` is an entry")
    } catch {
      #expect(error.description.hasPrefix("line 12 is not a log entry: "))
    }
  }
}

/// A keyed digest: enough to see what is signed. Real keys are Ed25519.
struct Key: HeadSigner, HeadVerifier {
  var secret: UInt8
  var keyID: String { "key-\(secret)" }
  func signature(over bytes: [UInt8]) -> [UInt8] {
    var digest = SHA256()
    digest.update([secret] + bytes)
    return digest.digest()
  }
  func isValid(_ signature: [UInt8], over bytes: [UInt8], keyID: String) -> Bool {
    self.signature(over: bytes) == signature && keyID == self.keyID
  }
}
