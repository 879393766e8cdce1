#if SQLite
  import Foundation
  import ModelRegistry
  import SQLiteStore
  import StoreContract

  /// Records what the worker writes and syncs, then lets the power go at many moments of that record:
  /// what was synced is there, of the rest whatever a disk may keep of it. Nothing acknowledged may
  /// be lost, and the store must open whole.
  ///
  /// Taken as durable without a sync: the names of files in their folder, and the lengths of files
  /// as far as they were written.
  struct PowerLossTest {
    let folder: String
    let recorder: String
    let points: Int
    let commits: Int
    let seed: UInt64
    let load: any RecordedLoad

    struct Outcome {
      var points = 0
      var lossy = 0
      var lost = 0
      var worst = 0
      var broken: [String] = []
    }

    /// The store as it is, and a control run without syncs, which must lose something.
    func run() async throws -> Bool {
      let real = try await play(syncs: true)
      tell("synchronous=FULL", real)
      let control = try await play(syncs: false)
      tell("control run with synchronous=NORMAL", control)
      if control.lossy == 0 { Tool.say("  the control run lost nothing: this test proves nothing") }
      return real.lost == 0 && real.broken.isEmpty && real.points >= points && control.lossy > 0
    }

    private func tell(_ name: String, _ outcome: Outcome) {
      Tool.say(
        "power loss, \(load.name), \(name): \(outcome.points) crash points, \(outcome.lossy) lost acknowledged"
          + " writes (\(outcome.lost) in all, at most \(outcome.worst) at once),"
          + " \(outcome.broken.count) broken")
      for fault in outcome.broken.prefix(10) { Tool.say("  \(fault)") }
    }

    private func record(syncs: Bool) throws -> Trace {
      let name = "\(load.worker)-\(syncs ? "full" : "normal")"
      let (store, trace) = ("\(folder)/\(name)/store", "\(folder)/\(name).trace")
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
      let acknowledgements = "\(store).acknowledged"
      try Tool.empty(acknowledgements)
      let process = Tool.worker(
        load.worker, store, acknowledgements, seed: seed, callers: 4, limit: commits, syncs: syncs)
      process.environment = ProcessInfo.processInfo.environment.merging([
        "LD_PRELOAD": recorder, "RECORD_TO": trace, "RECORD_PREFIX": store,
      ]) { _, new in new }
      try process.run()
      process.waitUntilExit()
      guard process.terminationStatus == 0 else {
        throw Fault(description: "the recorded worker failed: \(process.terminationStatus)")
      }
      return Trace(trace)
    }

    struct Fault: Error { let description: String }

    private func play(syncs: Bool) async throws -> Outcome {
      let trace = try record(syncs: syncs)
      var random = SeededRandom(seed &+ 99)
      guard let log = trace.names.firstIndex(where: { $0.hasSuffix(".acknowledged") }),
        trace.names.contains(where: { $0.hasSuffix("-wal") })
      else { throw Fault(description: "the recorder saw only \(trace.names)") }
      let moments = moments(of: trace, log, &random)
      var files = [DiskFile](repeating: DiskFile(), count: trace.names.count)
      var acknowledged: [UInt8] = []
      var outcome = Outcome()
      var next = 0
      for (index, event) in trace.events.enumerated() {
        switch event {
        case .write(log, _, let bytes): acknowledged += bytes
        case .write(let file, let offset, let bytes): files[file].write(offset, bytes)
        case .truncate(let file, let length): files[file].truncate(length)
        case .sync(let file): files[file].sync()
        case .remove(let file): files[file].remove()
        }
        while next < moments.count, moments[next] == index {
          try await crash(
            trace, files, acknowledged, DiskFile.Fate.allCases[next % DiskFile.Fate.allCases.count],
            &random, &outcome)
          next += 1
        }
      }
      return outcome
    }

    /// Anywhere behind the first acknowledgement; every other one just behind one, where a write that
    /// was not synced hurts most.
    private func moments(
      of trace: Trace, _ log: Int, _ random: inout SeededRandom
    ) -> [Int] {
      var acknowledgements: [Int] = []
      for (index, event) in trace.events.enumerated() {
        if case .write(log, _, let bytes) = event, load.isAcknowledgement(bytes) {
          acknowledgements.append(index)
        }
      }
      guard let first = acknowledgements.first else { return [] }
      return (0..<points).map { number in
        number % 2 == 0
          ? random.pick(acknowledgements)
          : first + random.index(trace.events.count - first)
      }.sorted()
    }

    private func crash(
      _ trace: Trace, _ files: [DiskFile], _ acknowledged: [UInt8], _ fate: DiskFile.Fate,
      _ random: inout SeededRandom, _ outcome: inout Outcome
    ) async throws {
      outcome.points += 1
      let place = "\(folder)/crashed"
      try? FileManager.default.removeItem(atPath: place)
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      for (name, file) in zip(trace.names, files)
      where file.exists && !name.hasSuffix(".acknowledged") {
        let bytes = file.left(fate, &random)
        try Data(bytes).write(to: URL(fileURLWithPath: "\(place)/\(name)"))
      }
      let what = "point \(outcome.points), unsynced writes \(fate)"
      do {
        let store = try SQLiteStore(path: "\(place)/store", ifAbsent: .refuse)
        let lines = String(decoding: acknowledged, as: UTF8.self).split(separator: "\n")
        let (lost, faults) = try await load.judge(store, lines.map(String.init))
        outcome.lost += lost
        outcome.worst = max(outcome.worst, lost)
        if lost > 0 { outcome.lossy += 1 }
        outcome.broken += faults.map { "\(what): \($0)" }
        try await store.close()
      } catch {
        outcome.broken.append("\(what): \(error)")
      }
    }
  }
#endif
