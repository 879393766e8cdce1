import ModelRegistry
import PolicyEngine
import RegistryRaces
import StoreContract
import Testing

/// Audits agree with the registry itself.
@Suite struct AuditPropertyTests {
  static func records(_ registry: ModelRegistry) async throws -> [Record] {
    try await registry.inspect { snapshot in
      try Record.Kind.allCases.flatMap { kind in
        kind == .policy
          ? [] : try snapshot.page(kind, after: nil, limit: 1_000_000).map(\.record)
      }
    }
  }

  static func registry(_ seed: UInt64, hostile: Bool) async throws -> [Record] {
    let registry = try await ModelRegistry.test(policies: try Policies.lenient.get())
    var operations = RandomOperations(seed: seed)
    if hostile { operations.names = Array(HostileTexts.all.prefix(9)) }
    for number in 0..<250 {
      do { try await operations.next()(registry, "\(number)") } catch is RegistryError {}
    }
    return try await records(registry)
  }

  /// What was made through the registry could be made again: nothing of its own is in the way.
  @Test(arguments: [UInt64](1...16))
  func whatWasMadeIsFine(_ seed: UInt64) async throws {
    let records = try await Self.registry(seed, hostile: seed % 2 == 0)
    let audit = RegistryAudit(try Policies.lenient.get(), at: 1_700_000_000_000)
    var violations: [String] = []
    let summary = try audit.run(on: MemoryStore.snapshot(of: records)) { finding in
      if finding.severity == .violation {
        violations.append("\(finding.key): \(finding.code): \(finding.message)")
      }
    }
    #expect(violations.isEmpty)
    #expect(summary.total >= 5, "\(summary.examined)")
  }

  /// What an audit says of an alias or deployment is what the registry says when it is made anew
  /// under those policies, in a registry that never had it.
  @Test(arguments: [UInt64](1...12))
  func saysWhatTheRegistryWouldSay(_ seed: UInt64) async throws {
    let records = try await Self.registry(seed, hostile: seed % 2 == 0)
    let policies = try Policies.shipped.get()
    let audit = RegistryAudit(
      policies, callers: AuditCallers(everything: .root), at: 1_700_000_000_000)
    var found: [RecordKey: [String]] = [:]
    _ = try audit.run(on: MemoryStore.snapshot(of: records)) { finding in
      if finding.severity == .violation { found[finding.key, default: []].append(finding.code) }
    }
    var compared = 0
    for record in records {
      let rehearsal: Rehearsal
      switch record {
      case .alias(let alias):
        rehearsal = try await Self.rehearse(
          PutAlias(alias.name, of: alias.modelID), without: record, records, policies)
      case .deployment(let deployment):
        let isAlias = records.contains {
          $0 == .alias(ModelAlias(name: deployment.id, modelID: deployment.modelID))
        }
        rehearsal = try await Self.rehearse(
          StartDeployment(
            of: isAlias ? deployment.id : deployment.modelID, as: deployment.id,
            allocations: deployment.allocations), without: record, records, policies)
      default: continue
      }
      compared += 1
      let expected =
        rehearsal.decision.isAllowed
        ? (rehearsal.obstacle == nil ? [] : ["impossible"])
        : rehearsal.decision.reasons.map { $0.rule ?? "unauthorized" }
      #expect(found[record.key] ?? [] == expected, "\(record.key)")
    }
    if compared == 0 { #expect(seed > 1, "nothing was compared") }
  }

  private static func rehearse<Op: RegistryWrite>(
    _ operation: Op, without record: Record, _ records: [Record], _ policies: PolicySet
  ) async throws -> Rehearsal {
    let store = MemoryStore()
    try await store.mustPut(records.filter { $0.key != record.key }, key: "all")
    let registry = try await ModelRegistry.test(store, policies: policies)
    return try await registry.rehearse(operation, by: .root)
  }
}
