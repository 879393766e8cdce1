#if SQLite
  import Foundation
  import ModelRegistry
  import PolicyGate
  import SQLiteStore
  import StoreContract

  /// A page of the groups that somebody may see, of very many.
  struct GroupBench {
    let folder: String
    let groups: Int

    func run() async throws {
      let path = "\(folder)/groups.db"
      let store = try SQLiteStore(path: path)
      var fill = Rounds()
      try await fill.time { try await self.fill(store) }
      fill.tell("registering \(groups) groups, 500 a commit", operations: groups)
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber
      print("| size of the file | \((size?.intValue ?? 0) >> 20) MiB | | |")
      // Ten roles, the own groups, public ones; and the same with nothing public, where matches are
      // rare.
      let roles = (0..<10).map { GroupRange.backendRole("role\($0 * 97)") }
      let own = GroupRange.owner("user77")
      try await page(
        store, "page of 50, ten roles, own and public", roles + [own, .access(.public)])
      try await page(store, "page of 50, ten roles and own", roles + [own])
      try await page(store, "page of 50, own alone", [own])
      try await page(store, "page of 50, every group", [.all])
    }

    /// A tenth is public; the others have one of a thousand roles and one of ten thousand owners.
    private func fill(_ store: SQLiteStore) async throws {
      for start in stride(from: 0, to: groups, by: 500) {
        let records = (start..<min(start + 500, groups)).map { number in
          Record.group(
            ModelGroup(
              id: "group-\(number &* 2_654_435_761 % 4_294_967_296)", name: "group \(number)",
              backendRoles: number % 10 == 0 ? [] : ["role\(number % 1_000)"],
              owner: ModelGroup.Owner(name: "user\(number % 10_000)"),
              access: number % 10 == 0 ? .public : number % 10 < 4 ? .private : .restricted))
        }
        try await store.mustPut(records, key: "\(start)")
      }
    }

    private func page(_ store: SQLiteStore, _ name: String, _ ranges: [GroupRange]) async throws {
      var rounds = Rounds()
      var (after, count): (String?, Int) = (nil, 0)
      for _ in 0..<200 {
        let position = after
        var found: [Versioned] = []
        try await rounds.time {
          found = try await store.read { try $0.groups(in: ranges, after: position, limit: 50) }
        }
        count += found.count
        after = found.count < 50 ? nil : found.last?.record.key.parts.name
      }
      guard count > 0 else { throw StoreError.damaged("no groups on any page") }
      rounds.tell("\(name) (\(count / 200) groups a page)")
    }
  }
#endif
