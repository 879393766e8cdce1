#if SQLite && Signing
  import Foundation
  import GRDB
  import LogAudit
  import ModelRegistry
  import PolicyGate
  import SQLiteStore
  import StoreContract
  import Testing

  /// The log in the store: exported, verified, shortened; and everything that can be done to it by
  /// somebody who may write the file.
  @Suite struct LogTests {
    /// A store with some records, a key, and heads signed after every fifth record.
    struct Place {
      let scratch: Scratch
      let store: SQLiteStore
      let signer: Ed25519Signer
      let verifier: Ed25519Verifier
      var heads: [SignedHead] = []

      init(_ records: Int = 12) async throws {
        scratch = try Scratch()
        store = try scratch.store()
        signer = try Ed25519Signer.create(
          keyFile: scratch.path("key"), publicFile: scratch.path("key.pub"))
        verifier = try Ed25519Verifier(publicFiles: [scratch.path("key.pub")])
        for number in 1...records {
          try await store.mustPut([.setting(name: "\(number)", value: "")], key: "\(number)")
          if number % 5 == 0 { heads.append(try await sign()) }
        }
      }

      func sign() async throws -> SignedHead {
        try SignedHead(
          await store.read { try $0.logHead().end }, time: 1_700_000_000_000, by: signer)
      }

      func lines() async throws -> [[UInt8]] {
        var lines: [[UInt8]] = []
        try await store.exportLog { lines.append($0) }
        return lines
      }

      /// What an auditor finds.
      func fault(_ lines: [[UInt8]], anchored: Bool = true) -> LogFault? {
        do throws(LogFault) {
          var audit = try LogAudit(anchors: anchored ? heads : [], by: verifier)
          for line in lines { try audit.check(line) }
          _ = try audit.finish()
          return nil
        } catch {
          return error
        }
      }

      /// Changes the file behind the store's back.
      func tamper(_ sql: String) async throws {
        let raw = try DatabaseQueue(path: scratch.path())
        try await raw.write { try $0.execute(sql: sql) }
        try raw.close()
      }
    }

    @Test func aGoodLogIsGood() async throws {
      let place = try await Place()
      let lines = try await place.lines()
      #expect(lines.count == 12)
      #expect(place.fault(lines) == nil)
      let summary = try await place.store.verifyLog(
        anchors: place.heads.map(\.head), by: place.verifier)
      #expect(summary.start == .empty)
      #expect(summary.end.sequence == 12)
      // A part of it, with the head that comes before.
      #expect(place.fault(Array(lines[5...])) == nil)
      #expect(place.fault(Array(lines[3...])) != nil)
      var part: [[UInt8]] = []
      try await place.store.exportLog(from: 6) { part.append($0) }
      #expect(part == Array(lines[5...]))
    }

    /// Every bit of every line, one at a time.
    @Test func everyFlippedBitIsFound() async throws {
      let place = try await Place(3)
      let lines = try await place.lines()
      var flips = 0
      for line in lines.indices {
        for index in lines[line].indices {
          for bit in 0..<8 {
            var changed = lines
            changed[line][index] ^= 1 << UInt8(bit)
            flips += 1
            #expect(
              place.fault(changed, anchored: false) != nil,
              "line \(line), byte \(index), bit \(bit)")
          }
        }
      }
      #expect(flips > 3_000)
    }

    /// Taken out, put in, doubled, exchanged: whatever the place, with and without anchors.
    @Test(arguments: [true, false]) func everyMoveIsFound(_ anchored: Bool) async throws {
      let place = try await Place()
      let lines = try await place.lines()
      for index in lines.indices {
        var removed = lines
        removed.remove(at: index)
        // Without anchors nobody knows of the last record.
        if anchored || index < lines.count - 1 {
          if index < 10 || index < lines.count - 1 {
            #expect(place.fault(removed, anchored: anchored) != nil, "\(index) removed")
          }
        }
        #expect(
          place.fault(Array(lines[...index]) + Array(lines[index...]), anchored: anchored) != nil,
          "\(index) doubled")
        for other in lines.indices where other != index {
          var moved = lines
          moved.swapAt(index, other)
          #expect(place.fault(moved, anchored: anchored) != nil, "\(index) and \(other) exchanged")
        }
      }
    }

    /// What the chain alone can't show, and heads from outside do.
    @Test func cutsAndForgeriesNeedAnAnchor() async throws {
      let place = try await Place()
      let lines = try await place.lines()
      for kept in 0..<10 {
        let cut = Array(lines[..<kept])
        #expect(place.fault(cut, anchored: false) == nil)
        #expect(place.fault(cut) == .cut(last: Int64(kept), anchor: 10))
      }
      for changed in 0..<10 {
        let forged = try Self.rechain(lines, changing: changed)
        #expect(place.fault(forged, anchored: false) == nil)
        #expect(place.fault(forged) == .otherHistory(sequence: changed < 5 ? 5 : 10))
      }
    }

    /// The same log with one record changed and all digests made anew.
    static func rechain(_ lines: [[UInt8]], changing changed: Int) throws -> [[UInt8]] {
      var head = LogHead.empty
      return try lines.enumerated().map { index, line in
        var bytes = try LogEntry(json: line, line: index + 1).bytes
        if index == changed { bytes = Array(#"{"kind":"performed"}"#.utf8) }
        let entry = head.appending(bytes)
        head = entry.head
        return entry.json
      }
    }

    @Test(arguments: [
      "UPDATE log SET bytes = CAST('{}' AS BLOB) WHERE sequence = 4",
      "DELETE FROM log WHERE sequence = 4",
      "DELETE FROM log WHERE sequence = 12",
      "DELETE FROM log WHERE sequence > 3",
      "DELETE FROM log WHERE sequence < 4",
      "UPDATE log SET hash = zeroblob(32) WHERE sequence = 12",
      "UPDATE log SET sequence = 13 WHERE sequence = 12",
      "DELETE FROM log",
    ]) func changesOfTheFileAreFound(_ sql: String) async throws {
      let place = try await Place()
      try await place.tamper(sql)
      #expect(try await !place.store.check().isSound)
      await #expect(throws: (any Error).self) {
        try await place.store.verifyLog(anchors: [place.sign().head] + place.heads.map(\.head))
      }
    }

    /// Somebody who cuts the tail and also sets the record of where the log ends: the store looks
    /// whole, and only an anchor tells.
    @Test func aCleanCutNeedsAnAnchor() async throws {
      let place = try await Place()
      try await place.tamper(
        """
        DELETE FROM log WHERE sequence > 8; DELETE FROM requests WHERE sequence > 8;
        UPDATE state SET log_sequence = 8, log_hash = (SELECT hash FROM log WHERE sequence = 8)
        """)
      #expect(try await place.store.check().isSound)
      #expect(try await place.store.verifyLog().end.sequence == 8)
      await #expect(throws: LogFault.cut(last: 8, anchor: 10)) {
        try await place.store.verifyLog(anchors: place.heads.map(\.head))
      }
    }

    /// An anchor that is the very start of what is left: a start that was made up does not pass.
    @Test func theStartIsAnchoredToo() throws {
      let honest = LogHead.empty.appending([1])
      let forged = LogHead(sequence: 1, hash: [UInt8](repeating: 9, count: 32))
      for start in [honest.head, forged] {
        var verifier = LogVerifier(from: start, anchors: [honest.head])
        var fault: LogFault?
        do throws(LogFault) {
          try verifier.check(start.appending([2]))
          try verifier.finish()
        } catch {
          fault = error
        }
        #expect(fault == (start == forged ? .otherHistory(sequence: 1) : nil))
      }
    }

    @Test func signaturesOfOthersDoNotCount() async throws {
      let place = try await Place()
      let stranger = try Ed25519Signer.create(
        keyFile: place.scratch.path("other"), publicFile: place.scratch.path("other.pub"))
      let forged = try SignedHead(place.heads[0].head, time: 1, by: stranger)
      #expect(throws: LogFault.badSignature(sequence: 5)) {
        try LogAudit(anchors: [forged], by: place.verifier)
      }
      for index in place.heads[0].signature.indices {
        var signature = place.heads[0].signature
        signature[index] ^= 1
        let changed = SignedHead(
          head: place.heads[0].head, time: place.heads[0].time, keyID: place.signer.keyID,
          signature: signature)
        #expect(!changed.isValid(by: place.verifier))
      }
      let later = SignedHead(
        head: place.heads[0].head, time: place.heads[0].time + 1, keyID: place.signer.keyID,
        signature: place.heads[0].signature)
      #expect(!later.isValid(by: place.verifier))
      let both = try Ed25519Verifier(publicFiles: [
        place.scratch.path("other.pub"), place.scratch.path("key.pub"),
      ])
      #expect(forged.isValid(by: both) && place.heads[0].isValid(by: both))
    }

    /// What retention leaves still verifies, in the store and exported, and what was removed does not
    /// come back.
    @Test func aShortenedLogVerifies() async throws {
      let place = try await Place()
      await #expect(throws: LogFault.badSignature(sequence: 5)) {
        let head = SignedHead(
          head: place.heads[0].head, time: 0, keyID: place.signer.keyID,
          signature: place.heads[0].signature)
        try await place.store.shortenLog(through: head, verifiedBy: place.verifier)
      }
      let other = try SignedHead(
        LogHead(sequence: 4, hash: place.heads[0].head.hash), time: 0, by: place.signer)
      await #expect(throws: LogFault.otherHistory(sequence: 4)) {
        try await place.store.shortenLog(through: other, verifiedBy: place.verifier)
      }
      let future = try SignedHead(
        LogHead(sequence: 99, hash: place.heads[0].head.hash), time: 0, by: place.signer)
      await #expect(throws: LogFault.cut(last: 12, anchor: 99)) {
        try await place.store.shortenLog(through: future, verifiedBy: place.verifier)
      }
      try await place.store.shortenLog(through: place.heads[0], verifiedBy: place.verifier)
      // Once more changes nothing.
      try await place.store.shortenLog(through: place.heads[0], verifiedBy: place.verifier)
      let summary = try await place.store.verifyLog(
        anchors: place.heads.map(\.head), by: place.verifier)
      #expect(summary.start == place.heads[0].head)
      #expect(try await place.store.check().isSound)
      let lines = try await place.lines()
      #expect(lines.count == 8)
      #expect(place.fault(lines) == nil)
      #expect(place.fault(Array(lines[1...]), anchored: false) != nil)
      // A beginning for which nobody vouches.
      let forged = lines.map { String(decoding: $0, as: UTF8.self) }
      let end = forged[0].replacing(place.signer.keyID, with: "0000000000000000")
      #expect(place.fault([Array(end.utf8)] + lines[1...]) == .badSignature(sequence: 5))
      try await place.store.mustPut([], key: "more")
      let all = try await place.store.verifyLog(by: place.verifier)
      #expect(all.end.sequence == 13)
      try await place.store.close()
      #expect(try await place.scratch.store().verifyLog(by: place.verifier).end.sequence == 13)
    }

    @Test func keysAreKeptSafe() async throws {
      let place = try await Place(1)
      let attributes = try FileManager.default.attributesOfItem(atPath: place.scratch.path("key"))
      #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
      #expect(throws: AuditFileError.self) {
        try Ed25519Signer.create(
          keyFile: place.scratch.path("key"), publicFile: place.scratch.path("else.pub"))
      }
      #expect(try Ed25519Signer(keyFile: place.scratch.path("key")).keyID == place.signer.keyID)
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o644], ofItemAtPath: place.scratch.path("key"))
      #expect(throws: AuditFileError.self) {
        try Ed25519Signer(keyFile: place.scratch.path("key"))
      }
      #expect(throws: AuditFileError.self) {
        try Ed25519Signer(keyFile: place.scratch.path("key.pub"))
      }
      #expect(throws: AuditFileError.self) {
        try Ed25519Verifier(publicFiles: [place.scratch.path("key")])
      }
    }
  }
#endif
