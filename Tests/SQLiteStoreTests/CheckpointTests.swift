#if SQLite
  import Foundation
  import GRDB
  import ModelRegistry
  @testable import SQLiteStore
  import StoreContract
  import Testing

  /// What the write-ahead log holds comes into the file beside the writing, and nothing is lost or
  /// held up by that.
  @Suite struct CheckpointTests {
    /// Settings that take about three pages each.
    private static let value = String(repeating: "v", count: 10_000)

    /// Writes until so many pages were written several times over.
    private func write(
      _ store: SQLiteStore, _ numbers: Range<Int>, callers: Int = 4
    ) async throws {
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for caller in 0..<callers {
          tasks.addTask {
            for number in numbers where number % callers == caller {
              try await store.mustPut(
                [.setting(name: "\(number % 40)", value: Self.value + "\(number)")],
                key: "\(number)")
            }
          }
        }
        try await tasks.waitForAll()
      }
    }

    /// Enough to be due twice.
    private static let enough = 2 * SQLiteStoreLimits.checkpointPages / 3

    private func size(_ path: String) throws -> Int {
      let found = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
      return try #require(found).intValue
    }

    /// A checkpoint that has become due is done before long.
    private func waitForCheckpoint(_ store: SQLiteStore, after count: Int = 0) async throws {
      for _ in 0..<1_000 {
        if store.checkpoints > count { return }
        try await Task.sleep(for: .milliseconds(10))
      }
      Issue.record("no checkpoint was done")
    }

    @Test func comesIntoTheFileWhileOthersWrite() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await store.mustPut([.setting(name: "first", value: "")], key: "first")
      #expect(store.checkpoints == 0)
      let before = try size(scratch.path())
      try await write(store, 0..<Self.enough)
      try await waitForCheckpoint(store)
      #expect(try size(scratch.path()) > before)
      #expect(try await store.check().isSound)
    }

    /// However much is written, the log is begun anew and stays short.
    @Test func theLogStaysShort() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await write(store, 0..<4 * Self.enough)
      let pages = try size(scratch.path() + "-wal") / 4_096
      #expect(pages < SQLiteStoreLimits.longJournalPages)
      #expect(pages >= SQLiteStoreLimits.checkpointPages / 2)
      #expect(store.checkpoints > 2)
      #expect(try await store.check().isSound)
    }

    /// Who reads an old state goes on reading it, keeps nobody from writing, and keeps the log only
    /// as long as it reads.
    @Test func longReadersKeepTheirState() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await store.mustPut([.setting(name: "0", value: "old")], key: "first")
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true
      let reader = try DatabaseQueue(path: scratch.path(), configuration: configuration)
      try await reader.writeWithoutTransaction { db in
        try db.execute(sql: "BEGIN")
        _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM records")
      }
      try await write(store, 0..<2 * Self.enough)
      try await waitForCheckpoint(store)
      try await reader.writeWithoutTransaction { db in
        #expect(try Int.fetchOne(db, sql: "SELECT revision FROM state") == 1)
        #expect(try Int.fetchOne(db, sql: "SELECT count(*) FROM records") == 1)
        try db.execute(sql: "COMMIT")
      }
      let long = try size(scratch.path() + "-wal")
      try await write(store, 2 * Self.enough..<6 * Self.enough)
      // What was written since has found room in it.
      #expect(try size(scratch.path() + "-wal") < 2 * long)
      #expect(try await store.check().isSound)
      try reader.close()
    }

    /// A store that is closed in the middle of one has it all, in one file.
    @Test(arguments: 0..<4) func closesInTheMiddle(_ round: Int) async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      let count = SQLiteStoreLimits.checkpointPages / 4 + round * 40
      try await write(store, 0..<count)
      try await store.close()
      let rest = try? size(scratch.path() + "-wal")
      #expect(rest ?? 0 == 0)
      let again = try scratch.store()
      #expect(try await again.read { $0.revision } == StoreRevision(count))
      #expect(try await again.check().isSound)
    }

    /// Two processes that write one file, and both of them move its log.
    @Test func twoHandlesShareTheLog() async throws {
      let scratch = try Scratch()
      let (one, other) = (try scratch.store(), try scratch.store())
      let half = Self.enough
      async let first: Void = write(one, 0..<half)
      async let second: Void = write(other, half..<2 * half)
      _ = try await (first, second)
      #expect(one.checkpoints + other.checkpoints > 0)
      #expect(try await one.read { $0.revision } == StoreRevision(2 * half))
      for number in 0..<2 * half { #expect(try await one.revision(ofKey: "\(number)") != nil) }
      #expect(try await other.check().isSound)
      try await one.close()
      try await write(other, 2 * half..<3 * half)
      #expect(try await other.check().isSound)
    }
  }
#endif
