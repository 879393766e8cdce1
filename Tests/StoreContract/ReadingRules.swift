import ModelRegistry
import PolicyGate

/// What reading shows.
enum ReadingRules {
  static let all: [StoreRule] = [
    StoreRule("an empty store is empty") { make in
      let store = try await make()
      try await store.read { snapshot in
        for kind in Record.Kind.allCases {
          try require(try snapshot.page(kind, after: nil, limit: 10).isEmpty, "\(kind)")
        }
        try requireEqual(try snapshot.members(.allGroups).revision, 0, "the set's revision")
        try requireEqual(try snapshot.count(.tagged("x")).count, 0, "the set's size")
        try requireEqual(try snapshot.logHead().end, .empty, "the log's end")
        try requireEqual(try snapshot.logHead().start, .empty, "the log's start")
        try require(try snapshot.log(from: 1, limit: 10).isEmpty, "the log")
        try require(try snapshot.groups(in: [.all], after: nil, limit: 10).isEmpty, "the groups")
      }
    },
    StoreRule("pages come in the order of bytes, each record once") { make in
      let store = try await make()
      let names = HostileTexts.all
      try await store.mustPut(
        names.map { .setting(name: $0, value: "") } + [.groupName(name: "other", group: "g")],
        key: "1")
      let wanted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map {
        Array($0.utf8)
      }
      for size in [1, 2, 7, 1_000] {
        var found: [[UInt8]] = []
        var after: String?
        while true {
          let last = after
          let page = try await store.read { try $0.page(.setting, after: last, limit: size) }
          try require(page.count <= size, "a page of \(page.count) instead of \(size)")
          found += page.map { Array($0.record.key.parts.name.utf8) }
          guard let end = page.last else { break }
          after = end.record.key.parts.name
        }
        try requireEqual(found, wanted, "the names in pages of \(size)")
      }
      try require(try await store.read { try $0.page(.setting, after: nil, limit: 0) }.isEmpty, "0")
    },
    StoreRule("a page goes on behind a name that is not there") { make in
      let store = try await make()
      try await store.mustPut(["b", "d", "f"].map { .setting(name: $0, value: "") }, key: "1")
      for (after, wanted) in [("a", "bdf"), ("b", "df"), ("c", "df"), ("f", ""), ("z", "")] {
        let found = try await store.read { try $0.page(.setting, after: after, limit: 9) }
        try requireEqual(found.map(\.record.key.parts.name).joined(), wanted, "behind \(after)")
      }
    },
    StoreRule("a set has its members in the order of bytes, and no others") { make in
      let store = try await make()
      let names = HostileTexts.all.filter { !$0.isEmpty }
      try await store.mustPut(
        names.reversed().map {
          .alias(ModelAlias(name: $0, modelID: "m"))
        } + [.alias(ModelAlias(name: "outside", modelID: "M"))], key: "1")
      let wanted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
      let found = try await store.members(.aliases(model: "m"))
      try requireEqual(found.map { Array($0.utf8) }, wanted.map { Array($0.utf8) })
      let counted = try await store.read { try $0.count(.aliases(model: "m")).count }
      try requireEqual(counted, wanted.count, "how many")
      try requireEqual(try await store.members(.aliases(model: "M")), ["outside"])
    },
    StoreRule("records are in all of their sets, and leave those that they are no longer in") {
      make in
      let store = try await make()
      for (number, names) in [["a", "é", "e\u{301}"], ["é"], [], ["b", "b"]].enumerated() {
        try await store.mustPut(
          [
            .pipeline(IngestPipeline(id: "p", names: names)),
            .trainedModel(TrainedModel(id: "m", tags: names)),
          ], key: "\(number)")
        for name in ["a", "b", "é", "e\u{301}"] {
          let isIn = names.contains { Array($0.utf8) == Array(name.utf8) }
          let what = "\(name) of \(names)"
          try requireEqual(
            try await store.members(.pipelines(naming: name)), isIn ? ["p"] : [], what)
          try requireEqual(try await store.members(.tagged(name)), isIn ? ["m"] : [], what)
        }
      }
    },
    StoreRule("sets of different kinds or names do not meet") { make in
      let store = try await make()
      try await store.mustPut(
        [
          .deployment(Deployment(id: "d", modelID: "x")),
          .alias(ModelAlias(name: "a", modelID: "x")),
          .groupModel(GroupModel(id: "gm", name: "n", groupID: "x")),
          .trainedModel(TrainedModel(id: "tm", groupID: "x")),
          .groupModel(GroupModel(id: "alone", name: "n", groupID: nil)),
          .group(ModelGroup(id: "x", name: "x")),
        ], key: "1")
      let wanted: [(RecordSet, [String])] = [
        (.deployments(model: "x"), ["d"]), (.allDeployments, ["d"]), (.aliases(model: "x"), ["a"]),
        (.models(group: "x"), ["gm"]), (.allGroups, ["x"]), (.tagged("x"), []),
        (.pipelines(naming: "x"), []), (.models(group: ""), []),
        (.trainedModels(group: "x"), ["tm"]), (.deployments(model: ""), []),
      ]
      for (set, names) in wanted { try requireEqual(try await store.members(set), names, "\(set)") }
    },
    StoreRule("a snapshot shows one state, whatever is committed meanwhile") { make in
      let store = try await make()
      try await store.mustPut((0..<50).map { Self.pair($0, 0) }.flatMap(\.self), key: "start")
      try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask {
          for round in 1...40 {
            try await store.mustPut(
              (0..<50).map { Self.pair($0, round) }.flatMap(\.self), key: "round \(round)")
          }
        }
        for _ in 0..<3 {
          tasks.addTask {
            for _ in 0..<40 {
              let values = try await store.read { snapshot in
                var values: Set<String> = []
                for number in 0..<50 {
                  for key in [RecordKey.setting("a\(number)"), .setting("b\(number)")] {
                    if case .setting(_, let value)? = try snapshot.record(key)?.record {
                      values.insert(value)
                    }
                  }
                }
                return values
              }
              try requireEqual(values.count, 1, "values of one state: \(values)")
            }
          }
        }
        try await tasks.waitForAll()
      }
    },
    StoreRule("what the body of a read throws comes out") { make in
      let store = try await make()
      do {
        try await store.read { _ in throw ContractViolation(description: "mine") }
      } catch let error as ContractViolation where error.description == "mine" {
        return
      }
      throw ContractViolation(description: "the error was lost")
    },
  ]

  private static func pair(_ number: Int, _ round: Int) -> [Record] {
    [
      .setting(name: "a\(number)", value: "\(round)"),
      .setting(name: "b\(number)", value: "\(round)"),
    ]
  }
}
