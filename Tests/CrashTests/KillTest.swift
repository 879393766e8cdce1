#if SQLite
  import Foundation
  import ModelRegistry
  import SQLiteStore
  import StoreContract

  /// Kills the worker at random moments, again and again on one file, and checks after each time that
  /// everything acknowledged is there and every invariant holds.
  struct KillTest {
    let folder: String
    let cycles: Int
    let seed: UInt64

    func run() async throws -> Bool {
      var random = SeededRandom(seed)
      let path = "\(folder)/killed.db"
      var acknowledged = 0
      var lost = 0
      var unacknowledged = 0
      var commitsBefore: Int64 = 0
      var faults: [String] = []
      for cycle in 0..<cycles {
        let keys = try kill(path, cycle, after: 0.02 + Double(random.index(180)) / 1_000)
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
      print(
        "kill -9: \(cycles) cycles, \(acknowledged) acknowledged, \(lost) lost,"
          + " \(unacknowledged) committed but not acknowledged (models included),"
          + " \(faults.count) violations")
      for fault in faults.prefix(10) { print("  \(fault)") }
      // A run in which hardly anything was acknowledged proves nothing.
      return lost == 0 && faults.isEmpty && acknowledged > cycles
    }

    /// Runs the worker for a while and kills it.
    private func kill(_ path: String, _ cycle: Int, after seconds: Double) throws -> [String] {
      let acknowledgements = "\(folder)/acknowledged"
      try Tool.empty(acknowledgements)
      let process = Tool.worker(
        path, acknowledgements, seed: seed &* 1_000_003 &+ UInt64(cycle), callers: cycle % 3 * 4 + 1
      )
      try process.run()
      // The moments count from the first acknowledgement, or the kills would all hit the opening;
      // some do.
      let begin = Date()
      if cycle % 8 != 0 {
        while process.isRunning, Tool.size(acknowledgements) == 0, -begin.timeIntervalSinceNow < 30
        {
          Thread.sleep(forTimeInterval: 0.001)
        }
      }
      Thread.sleep(forTimeInterval: seconds)
      Foundation.kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      return Tool.lines(acknowledgements)
    }
  }
#endif
