#if SQLite
  import Foundation
  import ModelRegistry
  import SQLiteStore
  import StoreContract

  /// Kills workers at random moments, again and again on one file, and checks after each time that
  /// everything acknowledged is there and every invariant holds.
  struct KillTest {
    let folder: String
    let cycles: Int
    let seed: UInt64

    func run() async throws -> Bool {
      let killing = Killing(folder: folder, seed: seed, worker: "worker")
      var random = SeededRandom(seed)
      var acknowledged = 0
      var lost = 0
      var unacknowledged = 0
      var commitsBefore: Int64 = 0
      var faults: [String] = []
      for cycle in 0..<cycles {
        // Checking everything each time takes longer the more there is: a new file now and then.
        let path = "\(folder)/killed\(cycle / 20).db"
        if cycle % 20 == 0 { commitsBefore = 0 }
        let keys = try killing.run(path, cycle, after: 0.02 + Double(random.index(180)) / 1_000)
          .lines.flatMap { $0 }
        acknowledged += keys.count
        let store = try SQLiteStore(path: path)
        for key in keys where try await store.revision(ofKey: key) == nil { lost += 1 }
        let found = try await Load.faults(store)
        faults += found.faults.map { "cycle \(cycle): \($0)" }
        unacknowledged += Int(found.commits - commitsBefore) - keys.count
        commitsBefore = found.commits
        // A store that is not closed leaves its write-ahead log to the next one, as a crash does.
        if random.once(in: 2) { try await store.close() }
      }
      Tool.say(
        "kill -9: \(cycles) cycles, \(acknowledged) acknowledged, \(lost) lost,"
          + " \(unacknowledged) committed but not acknowledged (models included),"
          + " \(faults.count) violations")
      for fault in faults.prefix(10) { Tool.say("  \(fault)") }
      // A run in which hardly anything was acknowledged proves nothing.
      return lost == 0 && faults.isEmpty && acknowledged > cycles
    }
  }
#endif
