import ModelRegistry

/// What a request key is good for.
enum KeyRules {
  private static func setting(_ value: String) -> Record { .setting(name: "s", value: value) }

  static let all: [StoreRule] = [
    StoreRule("a key that was committed is committed again, without effect") { make in
      let store = try await make()
      let first = try await store.mustPut([setting("1")], key: "k")
      try await store.mustPut([setting("2")], key: "other")
      let before = try await store.everything()
      // Neither its reads nor its policies need still hold.
      for reads in [ReadSet(), .of(.setting("s"), nil)] {
        let outcome = try await store.put([setting("3")], reads: reads, key: "k", policy: "none")
        try requireEqual(outcome, .committed(first, repeated: true))
      }
      try requireEqual(try await store.everything(), before, "the store after a repeated commit")
    },
    StoreRule("a snapshot knows the commit of a key") { make in
      let store = try await make()
      let revision = try await store.mustPut([setting("1")], key: "k")
      try requireEqual(try await store.revision(ofKey: "k"), .some(revision))
      try requireEqual(try await store.revision(ofKey: "other"), nil)
      _ = try await store.resolve("other")
      try requireEqual(try await store.revision(ofKey: "other"), nil)
    },
    StoreRule("a committed key resolves as committed, as often as asked") { make in
      let store = try await make()
      let revision = try await store.mustPut([setting("1")], key: "k")
      for _ in 0..<3 { try requireEqual(try await store.resolve("k"), .committed(revision)) }
    },
    StoreRule("a key that was resolved as aborted never takes effect") { make in
      let store = try await make()
      try requireEqual(try await store.resolve("k"), .aborted)
      let before = try await store.everything()
      for _ in 0..<3 {
        try requireEqual(try await store.put([setting("1")], key: "k"), .aborted)
        try requireEqual(try await store.resolve("k"), .aborted)
      }
      try requireEqual(try await store.everything(), before, "the store after an aborted commit")
    },
    StoreRule("a conflict does not use a key up") { make in
      let store = try await make()
      try await store.mustPut([setting("1")], key: "1")
      try requireEqual(
        try await store.put([setting("2")], reads: .of(.setting("s"), nil), key: "k"), .conflict)
      try await store.mustPut([setting("2")], key: "k")
    },
    StoreRule("keys that differ in their bytes are different keys") { make in
      let store = try await make()
      for text in HostileTexts.all { try await store.mustPut([setting(text)], key: text) }
      for text in HostileTexts.all {
        guard case .committed(_, repeated: true) = try await store.put([], key: text) else {
          throw ContractViolation(description: "the key `\(text)` was forgotten")
        }
      }
    },
  ]
}
