import ModelRegistry

/// What holds when many come at once.
enum RaceRules {
  static let racers = 32

  /// Runs it many times at once and gives what came of each.
  static func race<Result: Sendable>(
    _ count: Int = racers, _ body: @escaping @Sendable (Int) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: Result.self) { tasks in
      for number in 0..<count { tasks.addTask { try await body(number) } }
      var results: [Result] = []
      for try await result in tasks { results.append(result) }
      return results
    }
  }

  private static func isNew(_ outcome: CommitOutcome) -> Bool {
    if case .committed(_, repeated: false) = outcome { true } else { false }
  }

  static let all: [StoreRule] = [
    StoreRule("of many that take a free name, one gets it") { make in
      let store = try await make()
      for round in 0..<10 {
        let name = "name \(round)"
        let outcomes = try await race { number in
          try await store.put(
            [.groupName(name: name, group: "\(number)")], reads: .of(.groupName(name), nil),
            key: "\(round) \(number)")
        }
        try requireEqual(outcomes.filter(isNew).count, 1, "winners of round \(round)")
        try requireEqual(outcomes.filter { $0 == .conflict }.count, racers - 1, "conflicts")
      }
      try requireEqual(try await LogRules.entries(store).count, 10, "records")
    },
    StoreRule("of many that decided by one state of a set, one goes ahead") { make in
      let store = try await make()
      for round in 0..<10 {
        let revision = try await store.read { try $0.count(.allDeployments).revision }
        let outcomes = try await race { number in
          try await store.put(
            [.deployment(Deployment(id: "\(round) \(number)", modelID: "m\(number)"))],
            reads: .of(.allDeployments, revision), key: "\(round) \(number)")
        }
        try requireEqual(outcomes.filter(isNew).count, 1, "winners of round \(round)")
      }
      try requireEqual(try await store.members(.allDeployments).count, 10, "deployments")
    },
    StoreRule("a key that many use takes effect once") { make in
      let store = try await make()
      let outcomes = try await race { number in
        try await store.put([.setting(name: "s", value: "\(number)")], key: "k")
      }
      try requireEqual(outcomes.filter(isNew).count, 1, "effects")
      let revisions = Set(
        outcomes.map { outcome -> StoreRevision in
          if case .committed(let revision, _) = outcome { revision } else { -1 }
        })
      try requireEqual(revisions.count, 1, "revisions \(revisions)")
      try requireEqual(try await LogRules.entries(store).count, 1, "records")
    },
    StoreRule("a commit and its resolution agree, whichever is first") { make in
      let store = try await make()
      for round in 0..<100 {
        let key = "k \(round)"
        async let committed = store.put([.setting(name: key, value: "")], key: key)
        async let resolved = store.resolve(key)
        let (outcome, resolution) = (try await committed, try await resolved)
        let found = try await store.record(.setting(key))
        switch (outcome, resolution) {
        case (.committed(let one, repeated: false), .committed(let other)):
          try require(one == other && found?.revision == one, "revisions \(one) and \(other)")
        case (.aborted, .aborted): try require(found == nil, "an aborted commit took effect")
        default:
          throw ContractViolation(description: "\(outcome), but resolved as \(resolution)")
        }
      }
    },
    StoreRule("counting up in many tasks loses nothing") { make in
      let store = try await make()
      try await store.mustPut([.setting(name: "n", value: "0")], key: "start")
      let tries = try await race(8) { number in
        var tries = 0
        for step in 0..<25 {
          while true {
            tries += 1
            let read = try await store.record(.setting("n"))
            guard case .setting(_, let value)? = read?.record, let old = Int(value) else {
              throw ContractViolation(description: "the counter is gone")
            }
            let outcome = try await store.put(
              [.setting(name: "n", value: "\(old + 1)")], reads: .of(.setting("n"), read),
              key: "\(number) \(step)")
            if isNew(outcome) { break }
            try requireEqual(outcome, .conflict)
          }
        }
        return tries
      }
      guard case .setting(_, let value)? = try await store.record(.setting("n"))?.record else {
        throw ContractViolation(description: "the counter is gone")
      }
      try requireEqual(value, "200", "the counter after \(tries.reduce(0, +)) tries")
      try requireEqual(try await LogRules.entries(store).count, 201, "records")
    },
  ]
}
