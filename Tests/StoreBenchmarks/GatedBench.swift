#if SQLite
  import CEL
  import Foundation
  import ModelRegistry
  import PolicyEngine
  import PolicyGate
  import SQLiteStore

  /// The same moves of aliases and reads through the gate, under the shipped policies: facts are
  /// read, rules decide, the decision is written with its effect.
  struct GatedBench {
    let folder: String
    /// For a profile: the one part that is done, `raw`, `one`, `many` or `reads`.
    var part: String?
    private static let rounds = 9
    private static let moves = 160
    /// As long as the record that the registry writes for such a move.
    private static let recordBytes = 1_500

    private static let caller = Request.Entity(
      type: "user", id: "mona", properties: ["roles": ["machine_learning_admin"]])

    func run() async throws {
      let raw = try RawTables("\(folder)/gated-raw.db")
      let store = try SQLiteStore(path: "\(folder)/gated.db")
      let registry = try await ModelRegistry.open(
        store, policies: try PolicySet(folder: "policies"),
        unloggedReads: RegistryLimits.unloggedReads,
        clock: { Int64(Date().timeIntervalSince1970 * 1_000) })
      for number in 0..<8 {
        let model = TrainedModel(
          id: "m-\(number)", inferenceType: "regression", inputFields: ["a", "b", "c", "d"])
        try await registry.perform(
          PutTrainedModel(model, definition: [1]), by: Self.caller)
      }
      if let part {
        try await profile(part, raw, registry)
      } else {
        try await writes(raw, registry)
        try await reads(raw, registry)
      }
      try await registry.log.flush()
      try await store.close()
    }

    private func writes(_ raw: RawTables, _ registry: ModelRegistry) async throws {
      var (one, floor, many) = (Rounds(), Rounds(), Rounds())
      let log = Data(repeating: 0x78, count: Self.recordBytes)
      for round in 0..<Self.rounds {
        try await floor.time {
          for number in 0..<Self.moves {
            try await raw.moveAlias(round * Self.moves + number + 1, log: log)
          }
        }
        try await one.time {
          for number in 0..<Self.moves { try await move(registry, number % 50, number) }
        }
        try await many.time { try await moveAtOnce(registry) }
      }
      floor.tell("raw GRDB transaction, one caller", operations: Self.moves)
      one.tell("gated move of an alias, one caller", operations: Self.moves)
      many.tell("gated move of an alias, 16 callers", operations: Self.moves * 4)
      ratio("gated to raw, one caller (medians)", floor.median, one.median)
      ratio("gated at 16 callers to raw (medians)", floor.median, many.median / 4)
    }

    /// Sixteen callers, each with aliases of its own.
    private func moveAtOnce(_ registry: ModelRegistry) async throws {
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        for caller in 0..<16 {
          tasks.addTask {
            for number in 0..<Self.moves / 16 * 4 {
              try await move(registry, caller + number % 3 * 16, number)
            }
          }
        }
        try await tasks.waitForAll()
      }
    }

    private func profile(
      _ part: String, _ raw: RawTables, _ registry: ModelRegistry
    ) async throws {
      var rounds = Rounds()
      let log = Data(repeating: 0x78, count: Self.recordBytes)
      for round in 0..<30 {
        try await rounds.time {
          switch part {
          case "raw":
            for number in 0..<Self.moves * 4 {
              try await raw.moveAlias(round * Self.moves * 4 + number + 1, log: log)
            }
          case "one":
            for number in 0..<Self.moves * 4 { try await move(registry, number % 50, number) }
          case "many": try await moveAtOnce(registry)
          default:
            for _ in 0..<Self.moves * 4 {
              _ = try await registry.read(GetTrainedModel("m-7"), by: Self.caller)
            }
          }
        }
      }
      rounds.tell("gated, \(part)", operations: Self.moves * 4)
    }

    private func move(_ registry: ModelRegistry, _ place: Int, _ number: Int) async throws {
      let name = "alias_\(String(UnicodeScalar(UInt8(97 + place % 26))))\(place)x"
      try await registry.perform(
        PutAlias(name, of: "m-\(number % 8)", reassign: true), by: Self.caller)
    }

    private func reads(_ raw: RawTables, _ registry: ModelRegistry) async throws {
      var (one, floor) = (Rounds(), Rounds())
      let key = Data("aalias7".utf8)
      for _ in 0..<15 {
        try await floor.time { for _ in 0..<2_000 { _ = try await raw.read(key) } }
        try await one.time {
          for _ in 0..<2_000 {
            _ = try await registry.read(GetTrainedModel("m-7"), by: Self.caller)
          }
        }
      }
      floor.tell("raw GRDB keyed read", operations: 2_000)
      one.tell("gated read of a model", operations: 2_000)
      ratio("gated read to raw (medians)", floor.median, one.median)
    }
  }
#endif
