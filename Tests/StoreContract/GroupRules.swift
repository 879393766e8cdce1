import ModelRegistry

/// Ranges of model groups.
enum GroupRules {
  /// Groups of every access mode, with and without owner, with roles that are hard to keep.
  static func groups(_ count: Int, seed: UInt64) -> [ModelGroup] {
    var random = SeededRandom(seed)
    let words = Array(HostileTexts.all.prefix(40))
    return (0..<count).map { number in
      ModelGroup(
        id: random.pick(words) + "\(number)", name: "name \(number)",
        backendRoles: (0..<random.index(4)).map { _ in random.pick(words) },
        owner: random.once(in: 4) ? nil : ModelGroup.Owner(name: random.pick(words)),
        access: random.pick(ModelGroup.Access.allCases))
    }
  }

  static func holds(_ range: GroupRange, _ group: ModelGroup) -> Bool {
    switch range {
    case .all: true
    case .access(let access): group.access == access
    case .backendRole(let role): group.backendRoles.contains { same($0, role) }
    case .owner(let name): group.owner.map { same($0.name, name) } ?? false
    case .noOwner: group.owner == nil
    case .id(let id): same(group.id, id)
    }
  }

  private static func same(_ one: String, _ other: String) -> Bool {
    one.utf8.elementsEqual(other.utf8)
  }

  private static func wanted(_ ranges: [GroupRange], _ groups: [ModelGroup]) -> [[UInt8]] {
    groups.filter { group in ranges.contains { holds($0, group) } }.map { Array($0.id.utf8) }
      .sorted { $0.lexicographicallyPrecedes($1) }
  }

  private static func check(
    _ store: any RegistryStore, _ ranges: [GroupRange], _ groups: [ModelGroup]
  ) async throws {
    for size in [1, 3, 1_000] {
      var found: [[UInt8]] = []
      var after: String?
      while true {
        let page = try await store.groupIDs(ranges, after: after, limit: size)
        try require(page.count <= size, "a page of \(page.count) instead of \(size)")
        found += page.map { Array($0.utf8) }
        guard let last = page.last else { break }
        after = last
      }
      try requireEqual(found, wanted(ranges, groups), "\(ranges) in pages of \(size)")
    }
  }

  static let all: [StoreRule] = [
    StoreRule("a range holds what it says") { make in
      let store = try await make()
      let groups = groups(120, seed: 11)
      try await store.mustPut(groups.map { .group($0) }, key: "1")
      var ranges: [GroupRange] = [.all, .noOwner, .access(.public), .access(.private)]
      ranges.append(.access(.restricted))
      for text in HostileTexts.all.prefix(40) {
        ranges += [.backendRole(text), .owner(text), .id(text + "7")]
      }
      for range in ranges { try await check(store, [range], groups) }
    },
    StoreRule("several ranges hold each group once, in the order of bytes") { make in
      let store = try await make()
      let groups = groups(80, seed: 12)
      try await store.mustPut(groups.map { .group($0) }, key: "1")
      var random = SeededRandom(13)
      let words = Array(HostileTexts.all.prefix(40))
      for _ in 0..<60 {
        let ranges = (0..<random.index(6)).map { _ -> GroupRange in
          random.pick([
            .backendRole(random.pick(words)), .owner(random.pick(words)), .noOwner,
            .access(random.pick(ModelGroup.Access.allCases)), .id(random.pick(groups).id),
          ])
        }
        try await check(store, ranges, groups)
      }
      try await check(store, [.all, .all, .access(.public)], groups)
    },
    StoreRule("ranges follow changes of groups") { make in
      let store = try await make()
      var random = SeededRandom(14)
      var groups = groups(20, seed: 15)
      try await store.mustPut(groups.map { .group($0) }, key: "start")
      for round in 0..<40 {
        let place = random.index(groups.count)
        if random.once(in: 4), groups.count > 5 {
          try await store.mustPut([], removing: [.group(groups[place].id)], key: "\(round)")
          groups.remove(at: place)
        } else {
          let other = Self.groups(1, seed: UInt64(round))[0]
          groups[place].backendRoles = other.backendRoles
          (groups[place].owner, groups[place].access) = (other.owner, other.access)
          try await store.mustPut([.group(groups[place])], key: "\(round)")
        }
      }
      for text in HostileTexts.all.prefix(40) {
        try await check(store, [.backendRole(text), .owner(text)], groups)
      }
      try await check(store, [.noOwner, .access(.restricted)], groups)
      try await check(store, [.all], groups)
    },
  ]
}
