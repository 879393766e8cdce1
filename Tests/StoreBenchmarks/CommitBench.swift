#if SQLite
  import Foundation
  import ModelRegistry
  import PolicyGate
  import SQLiteStore
  import StoreContract

  /// Moves of aliases, as the registry commits them, and reads.
  struct CommitBench {
    let folder: String
    private static let rounds = 9
    private static let commits = 160

    /// As long as a decision of the alias rules.
    private static let note = String(repeating: "x", count: 700)

    func run() async throws {
      let raw = try RawTables("\(folder)/raw.db")
      let store = try SQLiteStore(path: "\(folder)/store.db")
      try await store.mustPut([.policy(revision: "r")], key: "policy")
      for number in 0..<8 {
        try await store.mustPut(
          [.trainedModel(TrainedModel(id: "m\(number)"))], key: "model \(number)")
      }
      var (one, floor, many) = (Rounds(), Rounds(), Rounds())
      let log = Data(DecisionRecord.probe(Self.note).bytes)
      for round in 0..<Self.rounds {
        await floor.time {
          for number in 0..<Self.commits {
            try? await raw.moveAlias(round * Self.commits + number + 1, log: log)
          }
        }
        try await one.time {
          for number in 0..<Self.commits {
            try await move(store, "one \(round)", number % 50, number)
          }
        }
        try await many.time {
          try await withThrowingTaskGroup(of: Void.self) { tasks in
            for caller in 0..<16 {
              tasks.addTask {
                for number in 0..<Self.commits / 16 * 4 {
                  // Each caller moves aliases of its own: what conflicts cost is not measured here.
                  try await move(store, "many \(round) \(caller)", caller + number % 3 * 16, number)
                }
              }
            }
            try await tasks.waitForAll()
          }
        }
      }
      floor.tell("raw GRDB transaction, one caller", operations: Self.commits)
      one.tell("commit, one caller", operations: Self.commits)
      many.tell("commit, 16 callers", operations: Self.commits * 4)
      ratio("commit to raw, one caller (medians)", floor.median, one.median)
      ratio("commit at 16 callers to raw (medians)", floor.median, many.median / 4)
      try await reads(raw, store)
    }

    /// Reads what the decision needs, and commits on it.
    private func move(
      _ store: SQLiteStore, _ name: String, _ place: Int, _ number: Int
    ) async throws {
      let (alias, model) = ("alias\(place)", "m\(number % 8)")
      for attempt in 0..<50 {
        let (found, target) = try await store.read { snapshot in
          (try snapshot.record(.alias(alias)), try snapshot.record(.trainedModel(model)))
        }
        var reads = ReadSet()
        reads.note(.alias(alias), found)
        reads.note(.trainedModel(model), target)
        let commit = StoreCommit(
          reads: reads,
          writes: [.alias(alias): .some(.alias(ModelAlias(name: alias, modelID: model)))],
          key: "\(name) \(number) \(attempt)", record: .probe(Self.note), policyRevision: "r")
        if case .committed = try await store.commit(commit) { return }
      }
      throw StoreError.busy("it conflicted 50 times")
    }

    private func reads(_ raw: RawTables, _ store: SQLiteStore) async throws {
      var (one, floor) = (Rounds(), Rounds())
      let key = Data("aalias7".utf8)
      for _ in 0..<15 {
        try await floor.time { for _ in 0..<2_000 { _ = try await raw.read(key) } }
        try await one.time {
          for _ in 0..<2_000 { _ = try await store.read { try $0.record(.alias("alias7")) } }
        }
      }
      floor.tell("raw GRDB keyed read", operations: 2_000)
      one.tell("keyed read", operations: 2_000)
      ratio("keyed read to raw (medians)", floor.median, one.median)
    }
  }
#endif
