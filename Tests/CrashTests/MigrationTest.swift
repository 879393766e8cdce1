#if SQLite
  import Foundation
  import GRDB
  import ModelRegistry
  import SQLiteStore
  import StoreContract

  /// Kills a process while it brings a file to later layouts: each step is done or not begun, and the
  /// next start finishes.
  struct MigrationTest {
    let folder: String
    let cycles: Int
    let seed: UInt64

    /// Layouts of a future that is only here, slow enough to be hit.
    static let steps: [Migration] =
      Migration.all
      + (2...4).map { version in
        Migration(
          version: version,
          sql: """
            CREATE TABLE step\(version) AS WITH RECURSIVE n(i) AS \
            (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) \
            SELECT i, randomblob(64) AS filler FROM n;
            CREATE INDEX index\(version) ON step\(version) (filler);
            """)
      }

    static func open(_ path: String) throws -> SQLiteStore {
      var testing = SQLiteStore.Testing()
      testing.migrations = steps
      return try SQLiteStore(path: path, ifAbsent: .refuse, testing: testing)
    }

    func run() async throws -> Bool {
      let base = "\(folder)/base.db"
      let store = try SQLiteStore(path: base)
      try await Load.prepare(store)
      try await store.close()
      var random = SeededRandom(seed)
      var found: [Int: Int] = [:]
      var faults: [String] = []
      for cycle in 0..<cycles {
        let path = "\(folder)/migrated\(cycle).db"
        try FileManager.default.copyItem(atPath: base, toPath: path)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Tool.executable)
        process.arguments = ["migrate", path]
        try process.run()
        try await Task.sleep(for: .milliseconds(random.index(250)))
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        let version = try look(path, &faults)
        found[version, default: 0] += 1
        let finished = try Self.open(path)
        faults += try await Load.faults(finished).faults
        try await finished.close()
        if try look(path, &faults) != 4 { faults.append("the next start did not finish") }
        try? FileManager.default.removeItem(atPath: path)
      }
      let layouts = found.sorted { $0.key < $1.key }.map { "layout \($0.key): \($0.value)" }
      Tool.say(
        "kills during migrations: \(cycles) (\(layouts.joined(separator: ", "))),"
          + " \(faults.count) half-applied or wrong")
      for fault in faults.prefix(10) { Tool.say("  \(fault)") }
      return faults.isEmpty && found.count > 1
    }

    /// The layout, and whether everything of each step up to it is there and nothing of the others.
    private func look(_ path: String, _ faults: inout [String]) throws -> Int {
      let queue = try DatabaseQueue(path: path)
      defer { try? queue.close() }
      return try queue.read { db in
        let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        for step in 2...4 {
          let parts = try Int.fetchOne(
            db, sql: "SELECT count(*) FROM sqlite_schema WHERE name IN (?, ?)",
            arguments: ["step\(step)", "index\(step)"])
          let isWhole =
            try parts == 2
            && Int.fetchOne(db, sql: "SELECT count(*) FROM step\(step)") == 20_000
          if step <= version ? !isWhole : parts != 0 {
            faults.append("layout \(version), but step \(step) is \(parts ?? 0) of 2 parts")
          }
        }
        return version
      }
    }
  }
#endif
