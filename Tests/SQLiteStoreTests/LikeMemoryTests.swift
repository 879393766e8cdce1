#if SQLite
  import ModelRegistry
  import PolicyGate
  import SQLiteStore
  import StoreContract
  import Synchronization
  import Testing

  /// Counts calls.
  final class Counter: Sendable {
    private let value = Atomic<Int>(0)
    func next() -> Int { value.add(1, ordering: .relaxed).oldValue }
  }

  /// Whatever is done to it, the store in a file does as the store in memory does.
  @Suite struct LikeMemoryTests {
    @Test(arguments: 0..<12)
    func answersLikeMemory(_ seed: UInt64) async throws {
      let scratch = try Scratch()
      let (file, memory) = (try scratch.store(), MemoryStore())
      var random = SeededRandom(seed)
      // Few names, so that reads and writes meet; hostile ones in every other run.
      let names =
        seed % 2 == 0 ? ["a", "b", "c", "d"] : (0..<6).map { _ in random.pick(HostileTexts.all) }
      var outcomes: [String: Int] = [:]
      for number in 0..<150 {
        let step = Step(&random, names, number)
        let (one, other) = (try await step.run(on: file), try await step.run(on: memory))
        #expect(one == other, "step \(number) of seed \(seed): \(step)")
        outcomes[one.prefix(9).description, default: 0] += 1
        guard number % 10 == 9 else { continue }
        #expect(try await file.everything() == memory.everything(), "after step \(number)")
        let (left, right) = (
          try await Self.sets(file, names), try await Self.sets(memory, names)
        )
        #expect(left == right, "sets and ranges after step \(number) of seed \(seed)")
      }
      #expect(try await file.check().isSound)
      #expect(outcomes.count >= 3, "only \(outcomes)")
      try await file.close()
      #expect(try await scratch.store().everything() == memory.everything(), "opened again")
    }

    /// What `everything` does not tell: sets and ranges.
    static func sets(_ store: any RegistryStore, _ names: [String]) async throws -> [String] {
      try await store.read { snapshot in
        var lines: [String] = []
        for name in names {
          for set in [
            RecordSet.aliases(model: name), .deployments(model: name), .allDeployments,
            .tagged(name), .pipelines(naming: name), .models(group: name),
            .trainedModels(group: name),
            .allGroups,
          ] {
            let (members, revision) = try snapshot.members(set)
            let count = try snapshot.count(set)
            lines.append(
              "\(set) \(revision) \(count) \(members.map { "\($0.revision) \($0.record)" })")
          }
          let ranges: [GroupRange] = [
            .backendRole(name), .owner(name), .noOwner, .id(name), .access(.private),
            .access(.public), .access(.restricted), .all,
          ]
          for (index, range) in ranges.enumerated() {
            for after in [nil, name] {
              for limit in [0, 2, 100] {
                let union = index % 2 == 0 ? [range] : [range] + ranges[..<index].dropFirst()
                let found = try snapshot.groups(in: union, after: after, limit: limit)
                lines.append("\(union) \(limit) \(found.map { "\($0.revision) \($0.record)" })")
              }
            }
          }
        }
        return lines
      }
    }
  }

  /// Something that is done to both.
  struct Step: CustomStringConvertible {
    private enum Kind {
      case commit([Record], removed: [RecordKey], reads: ReadSet, policy: String?)
      case append(Int)
      case resolve
    }
    private let kind: Kind
    private let key: String

    init(_ random: inout SeededRandom, _ names: [String], _ number: Int) {
      // Keys are used again now and then.
      key = random.once(in: 6) ? "key \(random.index(number + 1))" : "key \(number)"
      switch random.index(12) {
      case 0: kind = .append(random.index(3))
      case 1: kind = .resolve
      default:
        let samples = SampleRecords.all(names, seed: random.next())
        let records = (0..<random.index(4)).map { _ in random.pick(samples) }
          .filter { if case .policy = $0 { random.once(in: 4) } else { true } }
        let removed = random.once(in: 3) ? [random.pick(samples).key] : []
        var reads = ReadSet()
        if random.once(in: 3) {
          reads.note(
            random.pick(samples).key, revision: StoreRevision(random.index(3) * number / 3))
        }
        if random.once(in: 4) {
          reads.note(random.pick(samples).sets.first ?? .allGroups, 0)
        }
        kind = .commit(
          records, removed: removed.filter { key in !records.contains { $0.key == key } },
          reads: reads, policy: random.once(in: 8) ? random.pick(names) : nil)
      }
    }

    func run(on store: any RegistryStore) async throws -> String {
      switch kind {
      case .commit(let records, let removed, let reads, let policy):
        return
          "\(try await store.put(records, removing: removed, reads: reads, key: key, policy: policy))"
      case .append(let count):
        try await store.append((0..<count).map { .probe("\(key) \($0)") })
        return "appended"
      case .resolve: return "\(try await store.resolve(key))"
      }
    }

    var description: String { "\(key): \(kind)" }
  }
#endif
