#if SQLite
  import Foundation
  import ModelRegistry
  import SQLiteStore
  import StoreContract

  /// A disk that is full, and one that fails to sync.
  struct DiskTest {
    let folder: String
    let recorder: String

    /// On a small file system of its own, which needs the right to mount one.
    func full() async throws -> Bool {
      let mount = "\(folder)/small"
      try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
      guard Tool.run("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", mount]) == 0 else {
        Tool.say("disk full: skipped, because this user may not mount a file system")
        return true
      }
      defer { _ = Tool.run("umount", [mount]) }
      let store = try SQLiteStore(path: "\(mount)/store")
      let acknowledged = try await fill(store, from: 0)
      guard let refusal = acknowledged.refusal, case .notWritable = refusal else {
        Tool.say("disk full: it ended with \(String(describing: acknowledged.refusal))")
        return false
      }
      // Reads go on, nothing is half done, and with room again writes go on too.
      var found = try await present(store, acknowledged.count)
      // There is no room to bring the write-ahead log into the file; it stays beside it.
      try? await store.close()
      let moved = "\(folder)/moved"
      for end in ["", "-wal"] where FileManager.default.fileExists(atPath: "\(mount)/store\(end)") {
        try FileManager.default.copyItem(atPath: "\(mount)/store\(end)", toPath: moved + end)
      }
      let again = try SQLiteStore(path: moved)
      let report = try await again.check()
      found += try await present(again, acknowledged.count)
      let more = try await again.put([.setting(name: "more", value: "")], key: "more")
      Tool.say(
        "disk full: \(acknowledged.count) acknowledged, \(2 * acknowledged.count - found) lost,"
          + " then `\(refusal)`; reads went on; with room again: \(more);"
          + " \(report.problems.count) problems")
      guard case .committed = more else { return false }
      return found == 2 * acknowledged.count && report.isSound && acknowledged.count > 10
        && report.revision == StoreRevision(acknowledged.count)
    }

    /// A file system that becomes read-only: while the store is open, and before it is opened.
    func readOnly() async throws -> Bool {
      let mount = "\(folder)/fixed"
      try FileManager.default.createDirectory(atPath: mount, withIntermediateDirectories: true)
      guard Tool.run("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", mount]) == 0 else {
        Tool.say("read-only disk: skipped, because this user may not mount a file system")
        return true
      }
      defer { _ = Tool.run("umount", [mount]) }
      let store = try SQLiteStore(path: "\(mount)/store")
      try await store.mustPut([.setting(name: "a", value: "b")], key: "1")
      try await store.close()
      guard Tool.run("mount", ["-o", "remount,ro", mount]) == 0 else {
        Tool.say("read-only disk: skipped, because this user may not change a mount")
        return true
      }
      do throws(StoreError) {
        _ = try SQLiteStore(path: "\(mount)/store")
      } catch {
        Tool.say("read-only disk: \(error)")
        if case .notWritable = error { return true }
      }
      return false
    }

    private func fill(
      _ store: SQLiteStore, from first: Int
    ) async throws -> (count: Int, refusal: StoreError?) {
      let value = String(repeating: "v", count: 8_000)
      for number in first..<10_000 {
        do {
          _ = try await store.put([.setting(name: "\(number)", value: value)], key: "\(number)")
        } catch let error as StoreError {
          return (number, error)
        }
      }
      return (10_000, nil)
    }

    private func present(_ store: SQLiteStore, _ count: Int) async throws -> Int {
      try await store.read { snapshot in
        try (0..<count).count { try snapshot.record(.setting("\($0)")) != nil }
      }
    }

    /// The worker's n-th sync fails: it must say that the outcome is unknown and refuse everything
    /// afterwards, which the child checks.
    func failingSync() throws -> Bool {
      var isGood = true
      for number in [6, 9, 14] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Tool.executable)
        process.arguments = ["failing-sync", "\(folder)/failing\(number)"]
        process.environment = ProcessInfo.processInfo.environment.merging([
          "LD_PRELOAD": recorder, "RECORD_TO": "\(folder)/failing.trace",
          "RECORD_PREFIX": "\(folder)/failing", "FAIL_SYNC": "\(number)",
        ]) { _, new in new }
        try process.run()
        process.waitUntilExit()
        isGood = isGood && process.terminationStatus == 0
      }
      Tool.say(isGood ? "failing sync: unknown, then refused" : "failing sync: not noticed")
      return isGood
    }

    /// In the child.
    static func meetFailingSync(_ path: String) async throws -> Bool {
      let store = try SQLiteStore(path: path)
      for number in 0..<50 {
        switch try await store.put([.setting(name: "\(number)", value: "")], key: "\(number)") {
        case .committed: continue
        case .unknown:
          for attempt in 0..<3 {
            do {
              _ = try await store.put([], key: "after \(attempt)")
              return false
            } catch StoreError.unavailable {}
            do {
              _ = try await store.read { $0.revision }
              return false
            } catch StoreError.unavailable {}
            do {
              _ = try await store.resolve("\(number)")
              return false
            } catch StoreError.unavailable {}
          }
          return true
        default: return false
        }
      }
      return false
    }
  }
#endif
