#if SQLite
  import Foundation
  import GRDB
  import ModelRegistry
  import SQLiteStore
  import StoreContract
  import Testing

  /// What happens when a file is opened that is not as it should be.
  @Suite struct OpeningTests {
    static func refusal(_ path: String, _ absence: SQLiteStore.Absence = .create) -> StoreError? {
      do throws(StoreError) {
        _ = try SQLiteStore(path: path, ifAbsent: absence)
        return nil
      } catch {
        return error
      }
    }

    @Test func makesAFileForItsOwner() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await store.mustPut([.setting(name: "a", value: "b")], key: "1")
      for name in ["registry.db", "registry.db-wal"] {
        let attributes = try FileManager.default.attributesOfItem(atPath: scratch.path(name))
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
      }
      try await store.close()
      #expect(!FileManager.default.fileExists(atPath: scratch.path("registry.db-wal")))
    }

    @Test func saysWhatIsWrong() throws {
      let scratch = try Scratch()
      try Data(repeating: 0x61, count: 5_000).write(
        to: URL(fileURLWithPath: scratch.path("text")))
      #expect(
        Self.refusal(scratch.path("text"))
          == .damaged(
            "`\(scratch.path("text"))`: it is not a SQLite file, or its first page was overwritten")
      )
      #expect(
        Self.refusal(scratch.folder)
          == .unavailable("`\(scratch.folder)` is a folder: name a file in it"))
      #expect(
        Self.refusal(scratch.path("no/where"))
          == .unavailable(
            "there is no folder `\(scratch.path("no"))` for `\(scratch.path("no/where"))`:"
              + " make it first"))
      #expect(
        Self.refusal(scratch.path("nowhere"), .refuse)
          == .unavailable("there is no file `\(scratch.path("nowhere"))`"))
      #expect(!FileManager.default.fileExists(atPath: scratch.path("nowhere")))
      #expect(Self.refusal("") == .unavailable("`` is no path of a file"))
      #expect(Self.refusal("a\u{0}b") != nil)
      #expect(Self.refusal("/dev/null") == .unavailable("`/dev/null` is not a regular file"))
    }

    /// An empty file is a store that has nothing yet: what a crash leaves between making the file
    /// and its first transaction.
    @Test func takesAnEmptyFile() async throws {
      let scratch = try Scratch()
      try Data().write(to: URL(fileURLWithPath: scratch.path()))
      #expect(try await scratch.store().check().isSound)
    }

    /// The file of another program stays as it is, byte for byte.
    @Test func leavesOtherProgramsAlone() throws {
      let scratch = try Scratch()
      let path = scratch.path("other.db")
      let other = try DatabaseQueue(path: path)
      try other.write { try $0.execute(sql: "CREATE TABLE mine (a); PRAGMA user_version = 1") }
      try other.close()
      let before = FileManager.default.contents(atPath: path)
      #expect(
        Self.refusal(path)
          == .unavailable("`\(path)` is a SQLite file of another program; name another file"))
      #expect(FileManager.default.contents(atPath: path) == before)
    }

    @Test func refusesALaterLayout() async throws {
      let scratch = try Scratch()
      try await scratch.store().close()
      let later = try DatabaseQueue(path: scratch.path())
      try await later.write { try $0.execute(sql: "PRAGMA user_version = 7") }
      try later.close()
      #expect(
        Self.refusal(scratch.path())
          == .unavailable(
            "`\(scratch.path())`: a newer version of ModelGate wrote it (layout 7, this one knows"
              + " 1): use that version"))
    }

    /// Paths are paths, whatever SQLite would make of them.
    @Test(arguments: [":memory:", "file:x?mode=memory", "a b'c;--", "é%20?#"])
    func takesPathsForPaths(_ name: String) async throws {
      let scratch = try Scratch()
      let store = try scratch.store(name)
      try await store.mustPut([.setting(name: "a", value: "b")], key: "1")
      try await store.close()
      #expect(FileManager.default.fileExists(atPath: scratch.path(name)))
      #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.folder) == [name])
      #expect(try await scratch.store(name).revision(ofKey: "1") == 1)
    }

    /// Bytes overwritten anywhere: the store says so when it is opened, read or checked, and never
    /// crashes.
    @Test(arguments: 0..<30) func noticesDamage(_ seed: UInt64) async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      for round in UInt64(0)..<30 {
        try await store.mustPut(
          SampleRecords.all(HostileTexts.all, seed: round), key: "\(round)")
      }
      try await store.close()
      var bytes = try #require(FileManager.default.contents(atPath: scratch.path()))
      var random = SeededRandom(seed)
      let page = 4_096 * random.index(bytes.count / 4_096)
      for index in page..<page + 4_096 { bytes[index] = UInt8(truncatingIfNeeded: random.next()) }
      try bytes.write(to: URL(fileURLWithPath: scratch.path()))
      let isNoticed: Bool
      do {
        isNoticed = try await !scratch.store().check().isSound
      } catch is StoreError {
        isNoticed = true
      }
      #expect(isNoticed, "page \(page / 4_096)")
    }

    @Test func migrationsRunOnce() async throws {
      let scratch = try Scratch()
      var testing = SQLiteStore.Testing()
      testing.migrations += [
        Migration(version: 2, sql: "CREATE TABLE more (a)"),
        Migration(version: 3, sql: "INSERT INTO more VALUES (1)"),
      ]
      let old = try scratch.store()
      try await old.mustPut([.setting(name: "a", value: "b")], key: "1")
      try await old.close()
      for _ in 0..<2 {
        let store = try SQLiteStore(path: scratch.path(), ifAbsent: .refuse, testing: testing)
        #expect(try await store.revision(ofKey: "1") == 1)
        try await store.close()
      }
      let raw = try DatabaseQueue(path: scratch.path())
      #expect(try await raw.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM more") } == 1)
    }

    /// A step that fails leaves nothing of itself.
    @Test func aFailedMigrationIsNotHalfDone() async throws {
      let scratch = try Scratch()
      try await scratch.store().close()
      var testing = SQLiteStore.Testing()
      testing.migrations += [Migration(version: 2, sql: "CREATE TABLE half (a); NONSENSE")]
      #expect(throws: StoreError.self) {
        try SQLiteStore(path: scratch.path(), ifAbsent: .refuse, testing: testing)
      }
      #expect(try await scratch.store().check().isSound)
      let raw = try DatabaseQueue(path: scratch.path())
      #expect(try await raw.read { try $0.tableExists("half") } == false)
    }

    @Test func refusesWhenClosed() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await store.close()
      try await store.close()
      await #expect(throws: StoreError.self) { try await store.read { $0.revision } }
      await #expect(throws: StoreError.self) { try await store.append([.probe("x")]) }
      await #expect(throws: StoreError.self) { try await store.resolve("x") }
    }
  }
#endif
