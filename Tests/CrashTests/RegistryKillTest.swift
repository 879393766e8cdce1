#if SQLite
  import Foundation
  import ModelRegistry
  import RegistryRaces
  import SQLiteStore
  import StoreContract

  /// Kills processes that work on a registry through the gate, again and again on one file, and has
  /// what is left judged by everything that they wrote down.
  struct RegistryKillTest {
    let folder: String
    let cycles: Int
    let seed: UInt64

    /// Everything done to one file: what the controls are played with.
    struct History {
      var path = ""
      var journals: [[[String]]] = []
      /// A copy from before the last cycles.
      var earlier: String?
    }

    func run() async throws -> Bool {
      let killing = Killing(folder: folder, seed: seed, worker: "registry-worker")
      var random = SeededRandom(seed)
      var total = HistoryChecker.Report()
      var (checker, history) = (HistoryChecker(), History())
      for cycle in 0..<cycles {
        // A new file now and then: the last cycles of each also meet one with a history.
        if cycle % Self.cyclesOfAFile == 0 {
          (checker, history) = (HistoryChecker(), History())
          history.path = "\(folder)/registry\(cycle / Self.cyclesOfAFile).db"
        }
        let isLast = (cycle + 1) % Self.cyclesOfAFile == 0 || cycle == cycles - 1
        if cycle == cycles - 5, cycle % Self.cyclesOfAFile > 0 {
          history.earlier = try await copy(history.path, "earlier")
        }
        let remains = try killing.run(
          history.path, cycle, after: 0.02 + Double(random.index(180)) / 1_000)
        let store = try SQLiteStore(path: history.path)
        let found = try await RegistryHistory.check(
          store, remains.lines, &checker, isWhole: isLast)
        history.journals.append(remains.lines)
        total.add(found, "cycle \(cycle): ")
        if remains.ended > 0 {
          total.faults.append("cycle \(cycle): \(remains.ended) workers ended by themselves")
        }
        // A store that is not closed leaves its write-ahead log to the next one, as a crash does.
        if isLast || random.once(in: 2) { try await store.close() }
      }
      Tool.say("registry, kill -9: \(cycles) cycles, \(total.figures)")
      for fault in total.faults.prefix(10) { Tool.say("  \(fault)") }
      let hasShown = total.acknowledged > 2 * cycles && total.refused > cycles
      if !hasShown { Tool.say("  so little was done that it shows nothing") }
      guard total.isSound, hasShown else { return false }
      return try await RegistryControls(folder: folder, history: history).run()
    }

    private static let cyclesOfAFile = 10

    private func copy(_ path: String, _ name: String) async throws -> String {
      let copy = "\(folder)/\(name).db"
      let store = try SQLiteStore(path: path)
      try await store.backup(to: copy)
      try await store.close()
      return copy
    }
  }

  extension HistoryChecker.Report {
    mutating func add(_ other: HistoryChecker.Report, _ place: String) {
      acknowledged += other.acknowledged
      lost += other.lost
      unacknowledged += other.unacknowledged
      refused += other.refused
      answered += other.answered
      faults += other.faults.map { place + $0 }
    }

    var isSound: Bool { lost == 0 && faults.isEmpty }

    var figures: String {
      "\(acknowledged) effects, \(refused) refusals and \(answered) reads acknowledged, \(lost) lost,"
        + " \(unacknowledged) done but not acknowledged, \(faults.count) violations"
    }
  }
#endif
