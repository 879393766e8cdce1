import ModelRegistry

/// On what a commit depends.
enum ConflictRules {
  private static func alias(_ name: String, _ model: String) -> Record {
    .alias(ModelAlias(name: name, modelID: model))
  }

  static let all: [StoreRule] = [
    StoreRule("a record that was read and has changed is a conflict") { make in
      let store = try await make()
      try await store.mustPut([alias("a", "1")], key: "1")
      let read = try await store.record(.alias("a"))
      try await store.mustPut([alias("a", "2")], key: "2")
      try requireEqual(
        try await store.put([alias("a", "3")], reads: .of(.alias("a"), read), key: "3"), .conflict)
      let again = try await store.record(.alias("a"))
      try await store.mustPut([alias("a", "3")], reads: .of(.alias("a"), again), key: "3")
    },
    StoreRule("a record that was written again unchanged is a conflict too") { make in
      let store = try await make()
      try await store.mustPut([alias("a", "1")], key: "1")
      let read = try await store.record(.alias("a"))
      try await store.mustPut([alias("a", "1")], key: "2")
      try requireEqual(try await store.put([], reads: .of(.alias("a"), read), key: "3"), .conflict)
    },
    StoreRule("a record that was read and is gone is a conflict, also if it came back") { make in
      let store = try await make()
      try await store.mustPut([alias("a", "1")], key: "1")
      let read = try await store.record(.alias("a"))
      try await store.mustPut([], removing: [.alias("a")], key: "2")
      try requireEqual(try await store.put([], reads: .of(.alias("a"), read), key: "3"), .conflict)
      try await store.mustPut([alias("a", "1")], key: "4")
      try requireEqual(try await store.put([], reads: .of(.alias("a"), read), key: "3"), .conflict)
    },
    StoreRule("what was absent and is there is a conflict") { make in
      let store = try await make()
      try await store.mustPut([alias("a", "1")], key: "1")
      try requireEqual(
        try await store.put([alias("a", "2")], reads: .of(.alias("a"), nil), key: "2"), .conflict)
      try await store.mustPut([alias("b", "2")], reads: .of(.alias("b"), nil), key: "3")
    },
    StoreRule("what is absent under names that look alike is no conflict") { make in
      let store = try await make()
      for (number, name) in HostileTexts.all.enumerated() {
        try await store.mustPut(
          [.groupName(name: name, group: "g")], reads: .of(.groupName(name), nil), key: "\(number)")
      }
    },
    StoreRule("a set of which a member came, went or changed is a conflict") { make in
      let store = try await make()
      let set = RecordSet.aliases(model: "m")
      let changes: [([Record], [RecordKey])] = [
        ([alias("a", "m")], []), ([alias("b", "m")], []), ([alias("a", "m")], []),
        ([alias("b", "other")], []), ([], [.alias("a")]),
      ]
      for (number, change) in changes.enumerated() {
        let revision = try await store.read { try $0.members(set).revision }
        try await store.mustPut(change.0, removing: change.1, key: "change \(number)")
        try requireEqual(
          try await store.put([], reads: .of(set, revision), key: "\(number)"), .conflict,
          "change \(number)")
        let counted = try await store.read { try $0.count(set).revision }
        try require(counted > revision, "the set's revision stayed \(counted)")
        try await store.mustPut([], reads: .of(set, counted), key: "again \(number)")
      }
    },
    StoreRule("other sets and records are no conflict") { make in
      let store = try await make()
      try await store.mustPut([alias("a", "m"), alias("b", "n")], key: "1")
      let read = try await store.record(.alias("a"))
      let revision = try await store.read { try $0.members(.aliases(model: "m")).revision }
      try await store.mustPut([alias("b", "o"), .setting(name: "s", value: "1")], key: "2")
      var reads = ReadSet.of(.alias("a"), read)
      reads.note(.aliases(model: "m"), revision)
      reads.note(.aliases(model: "none"), 0)
      reads.note(.tagged("m"), 0)
      try await store.mustPut([], reads: reads, key: "3")
    },
    StoreRule("one of many reads that no longer holds is a conflict") { make in
      let store = try await make()
      try await store.mustPut((0..<30).map { alias("a\($0)", "m") }, key: "start")
      for number in 0..<30 {
        var reads = ReadSet()
        for other in 0..<30 {
          let key = RecordKey.alias("a\(other)")
          reads.note(key, try await store.record(key))
        }
        try await store.mustPut([alias("a\(number)", "m")], key: "change \(number)")
        try requireEqual(
          try await store.put([], reads: reads, key: "\(number)"), .conflict, "\(number)")
      }
    },
    StoreRule("a commit under policies that are not in force is a conflict") { make in
      let store = try await make()
      try requireEqual(
        try await store.put([alias("a", "1")], key: "1", policy: "r1"), .conflict, "no policies")
      try await store.mustPut([.policy(revision: "r1")], key: "2")
      try await store.mustPut([alias("a", "1")], key: "1", policy: "r1")
      try await store.mustPut([.policy(revision: "r2")], key: "3")
      try requireEqual(
        try await store.put([alias("a", "2")], key: "4", policy: "r1"), .conflict, "old policies")
      try await store.mustPut([alias("a", "2")], key: "4", policy: "r2")
      // Back in force, they may be committed under again.
      try await store.mustPut([.policy(revision: "r1")], key: "5")
      try await store.mustPut([alias("a", "3")], key: "6", policy: "r1")
    },
  ]
}
