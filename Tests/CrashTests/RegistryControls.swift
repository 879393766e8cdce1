#if SQLite
  import Foundation
  import GRDB
  import RegistryRaces
  import SQLiteStore

  /// Faults that are planted into a file that was found sound: each must be found, or finding nothing
  /// shows nothing.
  struct RegistryControls {
    let folder: String
    let history: RegistryKillTest.History

    private struct Control {
      let name: String
      /// What is done to the file.
      var sql: String = ""
      /// What is done to the journals.
      var lines: [String] = []
      /// What one of the faults must say; nil if something must be found lost.
      let finds: String?
    }

    private static let controls: [Control] = [
      Control(
        name: "an effect that is gone",
        sql:
          "DELETE FROM records WHERE id = (SELECT max(id) FROM records WHERE substr(key, 1, 1) = x'61')",
        finds: "is not there"),
      Control(
        name: "an alias that dangles",
        sql: """
          DELETE FROM records WHERE CAST(key AS TEXT) IN (
            SELECT 't' || json_extract(CAST(bytes AS TEXT), '$.model') FROM records
            WHERE substr(key, 1, 1) = x'61')
          """, finds: "dangles"),
      Control(
        name: "an effect without a record",
        sql: """
          INSERT INTO records (key, revision, bytes) SELECT CAST('aplanted' AS BLOB), revision, \
          CAST(json_set(CAST(bytes AS TEXT), '$.name', 'planted') AS BLOB) FROM records \
          WHERE substr(key, 1, 1) = x'61' LIMIT 1
          """, finds: "nothing explains"),
      Control(
        name: "a name that two groups have",
        sql: """
          UPDATE records SET bytes = CAST(json_set(CAST(bytes AS TEXT), '$.name', (
            SELECT json_extract(CAST(bytes AS TEXT), '$.name') FROM records WHERE substr(key, 1, 1) = x'67' \
            ORDER BY id DESC LIMIT 1)) AS BLOB) WHERE substr(key, 1, 1) = x'67'
          """, finds: "is not its own"),
      Control(
        name: "a record that is missing in the log",
        sql: "DELETE FROM log WHERE sequence = (SELECT max(sequence) / 2 FROM log)",
        finds: "is missing"),
      Control(
        name: "a log that was cut",
        sql: """
          DELETE FROM log WHERE sequence >= (SELECT max(sequence) FROM log \
          WHERE json_extract(CAST(bytes AS TEXT), '$.kind') = 'performed');
          UPDATE state SET log_sequence = (SELECT max(sequence) FROM log), \
          log_hash = (SELECT hash FROM log ORDER BY sequence DESC LIMIT 1)
          """,
        finds: "commits,"),
      Control(
        name: "an acknowledgement of what was not done",
        lines: ["> planted putModel model-0m", "< planted done"], finds: nil),
      Control(
        name: "a refusal that was not logged",
        lines: ["> planted putModel model-0m", "< planted refused"], finds: nil),
    ]

    func run() async throws -> Bool {
      var missed: [String] = []
      for (number, control) in Self.controls.enumerated() {
        let path = "\(folder)/control\(number).db"
        try FileManager.default.copyItem(atPath: history.path, toPath: path)
        let report = try await report(path, control)
        let isFound =
          control.finds.map { wanted in report.faults.contains { $0.contains(wanted) } }
          ?? (report.lost > 0)
        if !isFound {
          missed.append("\(control.name): \(report.figures) \(report.faults.prefix(2))")
        }
      }
      var count = Self.controls.count
      if let earlier = history.earlier {
        // Whole and consistent, but not the last: only the journals can tell.
        count += 1
        let report = try await report(earlier, Control(name: "", finds: nil))
        if report.lost == 0 { missed.append("an earlier copy of the file") }
      }
      Tool.say("registry, controls: \(count - missed.count) of \(count) planted faults found")
      for name in missed { Tool.say("  not found: \(name)") }
      return missed.isEmpty
    }

    private func report(_ path: String, _ control: Control) async throws -> HistoryChecker.Report {
      if !control.sql.isEmpty {
        let queue = try DatabaseQueue(path: path)
        try await queue.write { db in
          try db.execute(sql: control.sql)
        }
        try queue.close()
      }
      // All of it at once: what one worker did was over before the next began.
      let journals = history.journals.flatMap { $0 }
      let store = try SQLiteStore(path: path)
      var checker = HistoryChecker()
      let report = try await RegistryHistory.check(
        store, journals + [control.lines], &checker, isWhole: false)
      try await store.close()
      return report
    }
  }
#endif
