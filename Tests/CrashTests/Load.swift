#if SQLite
  import ModelRegistry
  import PolicyGate
  import SQLiteStore
  import StoreContract

  /// What the worker does to a store, and what must hold of it whatever happens: aliases move between
  /// models that are there, groups are registered and renamed under names of their own.
  struct Load: Sendable {
    static let models = 8
    static let aliases = 6
    static let groups = 40

    /// Models, once.
    static func prepare(_ store: SQLiteStore) async throws {
      for number in 0..<models {
        _ = try await store.put(
          [.trainedModel(TrainedModel(id: "m\(number)", tags: ["tag\(number % 2)"]))],
          reads: .of(.trainedModel("m\(number)"), nil), key: "model \(number)")
      }
    }

    /// One attempt under a key of its own.
    static func attempt(
      _ store: SQLiteStore, _ random: inout SeededRandom, key: String
    ) async throws -> CommitOutcome {
      random.once(in: 3)
        ? try await nameGroup(store, &random, key) : try await moveAlias(store, &random, key)
    }

    private static func moveAlias(
      _ store: SQLiteStore, _ random: inout SeededRandom, _ key: String
    ) async throws -> CommitOutcome {
      let name = "alias\(random.index(aliases))"
      let model = "m\(random.index(models))"
      let found = try await store.read { snapshot in
        (try snapshot.record(.alias(name)), try snapshot.record(.trainedModel(model)))
      }
      var reads = ReadSet()
      reads.note(.alias(name), found.0)
      reads.note(.trainedModel(model), found.1)
      return try await store.put(
        [.alias(ModelAlias(name: name, modelID: model))], reads: reads, key: key)
    }

    /// A group gets a name that no other has, and gives up its old one.
    private static func nameGroup(
      _ store: SQLiteStore, _ random: inout SeededRandom, _ key: String
    ) async throws -> CommitOutcome {
      let (id, name) = ("g\(random.index(groups))", "name\(random.index(groups * 2))")
      let (group, holder) = try await store.read { snapshot in
        (try snapshot.record(.group(id)), try snapshot.record(.groupName(name)))
      }
      guard holder == nil else { return .conflict }
      var reads = ReadSet()
      reads.note(.group(id), group)
      reads.note(.groupName(name), nil)
      var removed: [RecordKey] = []
      if case .group(let old)? = group?.record { removed.append(.groupName(old.name)) }
      return try await store.put(
        [
          .group(ModelGroup(id: id, name: name, backendRoles: ["r\(random.index(3))"])),
          .groupName(name: name, group: id),
        ], removing: removed, reads: reads, key: key)
    }

    /// Everything that must hold: what is wrong, and how many commits there are.
    static func faults(_ store: SQLiteStore) async throws -> (faults: [String], commits: Int64) {
      let report = try await store.check()
      var faults = report.problems
      let (found, revision) = try await store.read { snapshot in
        (try dangling(snapshot), snapshot.revision)
      }
      faults += found
      // Each commit has one log record and one key, and nothing else was logged.
      if report.end.sequence != revision {
        faults.append("\(revision) commits, \(report.end.sequence) log records")
      }
      return (faults, revision)
    }

    private static func dangling(_ snapshot: any StoreSnapshot) throws -> [String] {
      var faults: [String] = []
      for found in try snapshot.page(.alias, after: nil, limit: .max) {
        guard case .alias(let alias) = found.record else { continue }
        if try snapshot.record(.trainedModel(alias.modelID)) == nil {
          faults.append("\(alias.name) stands for \(alias.modelID), which is not there")
        }
      }
      var names = 0
      for found in try snapshot.page(.group, after: nil, limit: .max) {
        guard case .group(let group) = found.record else { continue }
        names += 1
        guard case .groupName(_, group.id)? = try snapshot.record(.groupName(group.name))?.record
        else {
          faults.append("the name of \(group.id) is not its own")
          continue
        }
      }
      let kept = try snapshot.page(.groupName, after: nil, limit: .max).count
      if kept != names { faults.append("\(names) groups, \(kept) names") }
      return faults
    }
  }
#endif
