import ModelRegistry

/// What a commit does.
enum CommitRules {
  static let all: [StoreRule] = [
    StoreRule("a commit's records can be read as they were written") { make in
      let store = try await make()
      for seed in UInt64(0)..<20 {
        for record in SampleRecords.all(HostileTexts.all, seed: seed) {
          let key = "\(seed) \(record.key)"
          let revision = try await store.mustPut([record], key: key)
          let found = try await store.record(record.key)
          try requireEqual(found?.record.bytes, record.bytes, "the bytes of \(record.key)")
          try requireEqual(found?.revision, revision, "the revision of \(record.key)")
        }
      }
    },
    StoreRule("names that differ in their bytes are different names") { make in
      let store = try await make()
      let records = HostileTexts.all.map { Record.groupName(name: $0, group: "of \($0)") }
      try await store.mustPut(records, key: "all")
      for record in records {
        let found = try await store.record(record.key)
        try requireEqual(found?.record.bytes, record.bytes, "\(record.key)")
      }
      let page = try await store.read { try $0.page(.groupName, after: nil, limit: 10_000) }
      try requireEqual(page.count, records.count, "how many names there are")
    },
    StoreRule("kinds have names of their own") { make in
      let store = try await make()
      let records = SampleRecords.all(["same"], seed: 7)
      try await store.mustPut(records, key: "all")
      for record in records {
        try requireEqual(
          try await store.record(record.key)?.record.bytes, record.bytes, "\(record.key)")
      }
    },
    StoreRule("a commit removes, and what is removed is absent again") { make in
      let store = try await make()
      try await store.mustPut([.alias(ModelAlias(name: "a", modelID: "m"))], key: "1")
      try await store.mustPut([], removing: [.alias("a"), .alias("never")], key: "2")
      try require(try await store.record(.alias("a")) == nil, "the alias is still there")
      try await store.mustPut(
        [.alias(ModelAlias(name: "a", modelID: "m2"))], reads: .of(.alias("a"), nil), key: "3")
    },
    StoreRule("revisions grow with every commit, also one without writes") { make in
      let store = try await make()
      var last = try await store.read { $0.revision }
      for number in 0..<20 {
        let records: [Record] = number % 2 == 0 ? [] : [.setting(name: "s", value: "\(number)")]
        let revision = try await store.mustPut(records, key: "\(number)")
        try require(revision > last, "revision \(revision) after \(last)")
        last = revision
        try requireEqual(try await store.read { $0.revision }, revision, "the snapshot's revision")
      }
    },
    StoreRule("a commit that conflicts does nothing at all") { make in
      let store = try await make()
      try await store.mustPut([.setting(name: "s", value: "1")], key: "1")
      let before = try await store.everything()
      let outcome = try await store.put(
        [.setting(name: "t", value: "2"), .group(ModelGroup(id: "g", name: "g"))],
        removing: [.setting("s")], reads: .of(.setting("s"), nil), key: "2")
      try requireEqual(outcome, .conflict)
      try requireEqual(try await store.everything(), before, "the store after a conflict")
      // Neither was the key used up: judged again, the same attempt may succeed.
      try await store.mustPut([.setting(name: "t", value: "2")], key: "2")
    },
    StoreRule("a definition of a megabyte is kept whole") { make in
      let store = try await make()
      var random = SeededRandom(1)
      let bytes = (0..<(1 << 20)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      try await store.mustPut([.definition(model: "m", bytes: bytes)], key: "1")
      guard case .definition(_, let found)? = try await store.record(.definition("m"))?.record
      else { throw ContractViolation(description: "the definition is not there") }
      try require(found == bytes, "the definition is not what was written")
    },
  ]
}
