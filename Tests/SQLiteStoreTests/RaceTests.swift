#if SQLite
  import ModelRegistry
  import RegistryRaces
  import SQLiteStore
  import Testing

  /// Callers that race on a registry in a file: one handle on it, and two as two processes have them.
  @Suite struct RaceTests {
    @Test(arguments: RaceRules.all)
    func holds(_ rule: RaceRule) async throws {
      let scratch = try Scratch()
      try await rule.check { try await ModelRegistry.test(try scratch.store()) }
    }

    @Test func racingCallersSeeOneRegistry() async throws {
      let scratch = try Scratch()
      let registry = try await ModelRegistry.test(try scratch.store())
      let result = try await AliasRace.run([registry], rounds: 40)
      try await Self.judge(result, registry)
    }

    @Test func callersOnTwoHandlesSeeOneRegistry() async throws {
      let scratch = try Scratch()
      let one = try await ModelRegistry.test(try scratch.store())
      let other = try await ModelRegistry.test(try scratch.store())
      let result = try await AliasRace.run([one, other], rounds: 40)
      try await Self.judge(result, one)
    }

    private static func judge(_ result: AliasRace.Result, _ registry: ModelRegistry) async throws {
      #expect(result.violated.isEmpty && result.undecided.isEmpty)
      #expect(result.unexpected.isEmpty, "\(result.unexpected.prefix(3))")
      // So much must have happened, or nothing was shown.
      #expect(result.answers["moved", default: 0] > 20)
      #expect(result.answers["refused", default: 0] > 60)
      #expect(result.answers["read", default: 0] > 30)
      #expect(try await Invariants.faults(of: registry).isEmpty)
      _ = try await registry.logged()
    }
  }
#endif
