#if SQLite
  import Foundation
  import GRDB
  import ModelRegistry
  import SQLiteStore
  import StoreContract
  import Testing

  /// Looking at a store's file without opening the store.
  @Suite struct InspectTests {
    private static func count(_ path: String) throws -> Int {
      try SQLiteStore.inspect(path: path) { try $0.count(of: .group) }
    }

    @Test func changesNothing() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await store.mustPut((0..<20).map(Samples.group), key: "1")
      try await store.close()
      let before = try Data(contentsOf: URL(fileURLWithPath: scratch.path()))
      #expect(try Self.count(scratch.path()) == 20)
      #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path())) == before)
      // The store opens again as if nothing had been.
      let again = try scratch.store()
      #expect(try await again.check().isSound)
      try await again.close()
    }

    /// Who writes does not wait, and what is written meanwhile is not seen.
    @Test func seesOneStateWhileOthersWrite() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await store.mustPut([Samples.group(0)], key: "0")
      let path = scratch.path()
      let (before, after) = try SQLiteStore.inspect(path: path) { snapshot in
        let before = try snapshot.count(of: .group)
        // From another connection, in the middle of this state.
        let writer = try DatabaseQueue(path: path)
        try writer.write { db in
          try db.execute(
            sql: "INSERT INTO records (key, revision, bytes) VALUES (?, 9, ?)",
            arguments: [Data("gx".utf8), Data(Samples.group(1).bytes)])
        }
        try writer.close()
        return (before, try snapshot.count(of: .group))
      }
      #expect(before == 1 && after == 1)
      #expect(try Self.count(path) == 2)
      try await store.close()
    }

    @Test func countsLikeItsPages() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await store.mustPut(
        (0..<7).map(Samples.group) + [.alias(ModelAlias(name: "", modelID: "m"))], key: "1")
      for kind in Samples.kinds {
        let (count, pages) = try await store.read {
          (try $0.count(of: kind), try $0.page(kind, after: nil, limit: 100).count)
        }
        #expect(count == pages, "\(kind)")
      }
      try await store.close()
    }

    @Test func refusesWhatIsNoStore() async throws {
      let scratch = try Scratch()
      func refusal(_ path: String) -> StoreError? {
        do {
          _ = try Self.count(path)
          return nil
        } catch { return error as? StoreError }
      }
      #expect(refusal(scratch.path()) == .unavailable("there is no file `\(scratch.path())`"))
      #expect(!FileManager.default.fileExists(atPath: scratch.path()))
      #expect(refusal(scratch.folder)?.description.contains("is a folder") ?? false)
      try Data(repeating: 0x61, count: 5_000).write(to: URL(fileURLWithPath: scratch.path("text")))
      #expect(refusal(scratch.path("text"))?.description.contains("not a SQLite file") ?? false)
      let other = try DatabaseQueue(path: scratch.path("other.db"))
      try await other.write { try $0.execute(sql: "CREATE TABLE t (a)") }
      try other.close()
      #expect(refusal(scratch.path("other.db"))?.description.contains("another program") ?? false)
      let store = try scratch.store()
      try await store.close()
      let newer = try DatabaseQueue(path: scratch.path())
      for (version, words) in [(99, "newer version"), (0, "older version")] {
        try await newer.writeWithoutTransaction {
          try $0.execute(sql: "PRAGMA user_version = \(version)")
        }
        #expect(refusal(scratch.path())?.description.contains(words) ?? false, "\(version)")
      }
      try newer.close()
    }

    /// An error of whoever reads comes through as it is.
    @Test func passesErrorsOn() async throws {
      struct Mine: Error {}
      let scratch = try Scratch()
      try await scratch.store().close()
      #expect(throws: Mine.self) {
        try SQLiteStore.inspect(path: scratch.path()) { _ in throw Mine() }
      }
    }
  }
#endif
