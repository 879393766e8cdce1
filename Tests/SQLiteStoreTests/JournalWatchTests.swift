#if SQLite
  import Foundation
  import GRDB
  import ModelRegistry
  @testable import SQLiteStore
  import StoreContract
  import Testing

  /// The commit that is known without reading the file is the one that the file stands at.
  @Suite struct JournalWatchTests {
    /// Two handles write, and the log is moved into the file and begun anew, at random.
    @Test(arguments: 0..<6)
    func knowsWhatTheFileSays(_ seed: UInt64) async throws {
      let scratch = try Scratch()
      var handles = [try scratch.store(), try scratch.store()]
      let connection = try DatabaseQueue(path: scratch.path())
      let watch = try #require(JournalWatch(connection))
      var random = SeededRandom(seed)
      var known = 0
      for number in 0..<120 {
        switch random.pick(Array(0..<8)) {
        case 0:
          let mode = random.pick([Database.CheckpointMode.passive, .full, .restart, .truncate])
          _ = try? await connection.writeWithoutTransaction { try $0.checkpoint(mode) }
        case 1:
          try await handles[1].close()
          handles[1] = try scratch.store()
        case 2...4:
          let value = Record.setting(name: "s", value: "\(number)")
          try await random.pick(handles).mustPut([value], key: "\(number)")
        default: break
        }
        let file = try await handles[0].read { $0.revision }
        if let revision = watch.revision {
          #expect(revision == file, "step \(number)")
          known += 1
        }
        if random.once(in: 2) {
          let noted = try watch.noting { try connection.unsafeRead { try StoreState.revision($0) } }
          #expect(noted == file)
          #expect(watch.revision == file)
        }
      }
      #expect(known > 20)
    }

    /// Somebody commits while the file is read: what was read is not taken for what holds now.
    @Test func isNotSureOfWhatChangedMeanwhile() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await store.mustPut([.setting(name: "s", value: "old")], key: "1")
      let connection = try DatabaseQueue(path: scratch.path())
      let watch = try #require(JournalWatch(connection))
      func read() throws -> StoreRevision {
        try connection.unsafeRead { try StoreState.revision($0) }
      }
      #expect(watch.revision == nil)
      let old = try read()
      let other = try DatabaseQueue(path: scratch.path())
      let noted = try watch.noting {
        try other.write { try $0.execute(sql: "UPDATE state SET revision = revision + 1") }
        return old
      }
      #expect(noted == old)
      #expect(watch.revision == nil)
      #expect(try watch.noting(read) == old + 1)
      #expect(watch.revision == old + 1)
    }

    /// A beginning that somebody has written half, of another version or not at all, says nothing.
    @Test(arguments: [0, 8, 12, 16, 40, 48, 60, 95])
    func trustsNothingElse(_ place: UInt64) async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await store.mustPut([.setting(name: "s", value: "old")], key: "1")
      let connection = try DatabaseQueue(path: scratch.path())
      let watch = try #require(JournalWatch(connection))
      let noted = try watch.noting { try connection.unsafeRead { try StoreState.revision($0) } }
      #expect(watch.revision == noted)

      let index = try FileHandle(forUpdating: URL(filePath: scratch.path() + "-shm"))
      try index.seek(toOffset: place)
      let octet = try #require(try index.read(upToCount: 1)?.first)
      func write(_ octet: UInt8) throws {
        try index.seek(toOffset: place)
        try index.write(contentsOf: Data([octet]))
      }
      try write(octet ^ 1)
      #expect(watch.revision == nil)
      try write(octet)
      #expect(watch.revision == noted)
    }

    @Test func hasNothingToSayOfOtherFiles() throws {
      let scratch = try Scratch()
      let plain = try DatabaseQueue(path: scratch.path("plain.db"))
      try plain.write { try $0.execute(sql: "CREATE TABLE state (revision INTEGER)") }
      #expect(JournalWatch(plain) == nil)
      #expect(JournalWatch(try DatabaseQueue()) == nil)
    }

    @Test func knowsNothingOnceItIsClosed() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await store.mustPut([.setting(name: "s", value: "old")], key: "1")
      let watch = try #require(JournalWatch(try DatabaseQueue(path: scratch.path())))
      _ = watch.noting { 1 }
      #expect(watch.revision == 1)
      try watch.close()?.close()
      #expect(watch.revision == nil)
      #expect(watch.noting { 2 } == 2)
      #expect(watch.revision == nil)
      #expect(watch.close() == nil)
    }
  }
#endif
