import ModelRegistry
import PolicyGate

/// What the log holds.
enum LogRules {
  /// The whole log, in pages, verified.
  static func entries(_ store: any RegistryStore) async throws -> [LogEntry] {
    try await store.read { snapshot in
      let (start, end) = try snapshot.logHead()
      var verifier = LogVerifier(from: start, anchors: [end])
      var entries: [LogEntry] = []
      while true {
        let next = (entries.last?.sequence ?? start.sequence) + 1
        let page = try snapshot.log(from: next, limit: 7)
        guard !page.isEmpty else { break }
        for entry in page { try verifier.check(entry) }
        entries += page
      }
      try verifier.finish()
      return entries
    }
  }

  static let all: [StoreRule] = [
    StoreRule("every commit has its record, in order, chained") { make in
      let store = try await make()
      var wanted: [[UInt8]] = []
      for (number, text) in HostileTexts.all.enumerated() {
        let key = "\(number) \(text)"
        if number % 3 == 0 {
          try await store.append([.probe("x\(key)"), .probe("y\(key)")])
          wanted += [DecisionRecord.probe("x\(key)").bytes, DecisionRecord.probe("y\(key)").bytes]
        }
        try await store.mustPut([.setting(name: text, value: "")], key: key)
        wanted.append(DecisionRecord.probe(key).bytes)
      }
      let found = try await entries(store)
      try requireEqual(found.map(\.bytes), wanted, "the log")
      try requireEqual(found.map(\.sequence), Array(1...Int64(wanted.count)), "the numbers")
    },
    StoreRule("what takes no effect has no record") { make in
      let store = try await make()
      try await store.mustPut([.setting(name: "s", value: "")], key: "1")
      _ = try await store.put([], reads: .of(.setting("s"), nil), key: "conflict")
      _ = try await store.put([], key: "1")
      _ = try await store.resolve("aborted")
      _ = try await store.put([], key: "aborted")
      try await store.append([])
      try requireEqual(try await entries(store).count, 1, "records")
    },
    StoreRule("appending leaves records and revisions alone") { make in
      let store = try await make()
      try await store.mustPut([.setting(name: "s", value: "")], key: "1")
      let read = try await store.record(.setting("s"))
      try await store.append([.probe("x")])
      try await store.mustPut([], reads: .of(.setting("s"), read), key: "2")
    },
    StoreRule("the log is read from any number on") { make in
      let store = try await make()
      try await store.append((1...10).map { .probe("\($0)") })
      for (from, limit, wanted) in [
        (1, 3, [1, 2, 3]), (0, 2, [1, 2]), (-5, 1, [1]), (9, 9, [9, 10]), (10, 1, [10]),
        (11, 5, []), (1_000, 5, []), (1, 0, []),
      ] {
        let found = try await store.read { try $0.log(from: Int64(from), limit: limit) }
        try requireEqual(found.map { Int($0.sequence) }, wanted, "from \(from)")
      }
    },
  ]
}
