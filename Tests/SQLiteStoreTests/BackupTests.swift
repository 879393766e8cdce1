#if SQLite
  import Foundation
  import ModelRegistry
  import PolicyGate
  import SQLiteStore
  import StoreContract
  import Testing

  /// Copies while the store is used, and putting them back.
  @Suite struct BackupTests {
    @Test func copiesWhileWriting() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      let backups = try await withThrowingTaskGroup(of: Void.self) { tasks in
        for caller in 0..<3 {
          tasks.addTask {
            for number in 0..<60 {
              try await store.mustPut(
                [.setting(name: "\(caller) \(number)", value: "")], key: "\(caller) \(number)")
            }
          }
        }
        var names: [String] = []
        for number in 0..<5 {
          try await store.backup(to: scratch.path("backup\(number)"))
          names.append("backup\(number)")
        }
        try await tasks.waitForAll()
        return names
      }
      // Each is a beginning of the history: as many settings and log records as commits.
      var last: StoreRevision = 0
      for name in backups {
        try await SQLiteStore.restore(from: scratch.path(name), to: scratch.path(name + ".db"))
        let copy = try scratch.store(name + ".db")
        let report = try await copy.check()
        #expect(report.isSound)
        #expect(report.revision >= last)
        #expect(report.end.sequence == report.revision)
        #expect(report.records[.setting] ?? 0 == Int(report.revision))
        last = report.revision
        try await copy.mustPut([], key: "goes on")
      }
      let left = try FileManager.default.contentsOfDirectory(atPath: scratch.folder)
      #expect(!left.contains { $0.contains("unfinished") })
    }

    @Test func replacesNothing() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      try await store.mustPut([], key: "1")
      try await store.backup(to: scratch.path("backup"))
      await #expect(throws: StoreError.self) { try await store.backup(to: scratch.path("backup")) }
      await #expect(throws: StoreError.self) { try await store.backup(to: scratch.path()) }
      for end in ["", "-wal", "-shm", "-journal"] {
        try Data("x".utf8).write(to: URL(fileURLWithPath: scratch.path("taken") + end))
        await #expect(throws: StoreError.self, "\(end)") {
          try await SQLiteStore.restore(
            from: scratch.path("backup"), to: scratch.path("taken"))
        }
        try FileManager.default.removeItem(atPath: scratch.path("taken") + end)
      }
      await #expect(throws: StoreError.self) {
        try await SQLiteStore.restore(from: scratch.path("none"), to: scratch.path("new"))
      }
      try Data(repeating: 0x61, count: 9_000).write(
        to: URL(fileURLWithPath: scratch.path("text")))
      await #expect(throws: StoreError.self) {
        try await SQLiteStore.restore(from: scratch.path("text"), to: scratch.path("new"))
      }
      #expect(!FileManager.default.fileExists(atPath: scratch.path("new")))
    }

    @Test func aDamagedBackupIsNotRestored() async throws {
      let scratch = try Scratch()
      let store = try scratch.store()
      for seed in UInt64(0)..<30 {
        try await store.mustPut(SampleRecords.all(HostileTexts.all, seed: seed), key: "\(seed)")
      }
      try await store.backup(to: scratch.path("backup"))
      var bytes = try #require(FileManager.default.contents(atPath: scratch.path("backup")))
      for index in 4_096..<12_288 { bytes[index] = 0x55 }
      try bytes.write(to: URL(fileURLWithPath: scratch.path("backup")))
      await #expect(throws: StoreError.self) {
        try await SQLiteStore.restore(from: scratch.path("backup"), to: scratch.path("new"))
      }
      #expect(!FileManager.default.fileExists(atPath: scratch.path("new")))
    }
  }
#endif
