package import ModelRegistry
import StoreContract

/// Operations by chance, on few names, so that they meet. Aliases, models and deployments have
/// names of their own, so that most operations can be done.
package struct HistoryOperations: Sendable {
  private var random: SeededRandom

  private static let models = (0..<6).map { "model-\($0)m" }
  private static let aliases = (0..<6).map { "alias_\($0)a" }
  private static let deployments = (0..<4).map { "deployment-\($0)d" }
  private static let groups = (0..<6).map { "group-\($0)g" }
  private static let names = (0..<8).map { "name-\($0)n" }

  /// Operations that come again with the same seed, as far as they do not depend on what is there.
  package init(seed: UInt64) { random = SeededRandom(seed) }

  /// The next one.
  package mutating func next(on registry: ModelRegistry) async throws -> HistoryOperation {
    let (model, alias) = (random.pick(Self.models), random.pick(Self.aliases))
    let (deployment, group) = (random.pick(Self.deployments), random.pick(Self.groups))
    let (name, number) = (random.pick(Self.names), "\(random.index(1_000) + 1)")
    switch random.index(30) {
    case 0...4: return HistoryOperation(.putModel, model)
    case 5: return HistoryOperation(.deleteModel, model)
    case 6...10:
      return random.once(in: 3)
        ? HistoryOperation(.putAlias, alias, model)
        : HistoryOperation(.putAlias, alias, model, "reassign")
    case 11, 12:
      return HistoryOperation(.deleteAlias, alias, try await holder(of: alias, registry) ?? model)
    case 13...15: return HistoryOperation(.startDeployment, deployment, model, number)
    case 16: return HistoryOperation(.updateDeployment, deployment, "\(random.index(4) + 1)")
    case 17: return HistoryOperation(.stopDeployment, deployment)
    case 18...20: return HistoryOperation(.registerGroup, group, name)
    case 21: return HistoryOperation(.renameGroup, group, name)
    case 22: return HistoryOperation(.deleteGroup, group)
    case 23...25: return HistoryOperation(.registerModel, "version-of-\(name)", group)
    case 26: return HistoryOperation(.moveModel, try await someModel(registry), group)
    case 27, 28: return HistoryOperation(.deleteGroupModel, try await someModel(registry))
    default: return HistoryOperation(.resolve, alias)
    }
  }

  private func holder(of alias: String, _ registry: ModelRegistry) async throws -> String? {
    try await registry.inspect { snapshot in
      guard case .alias(let found)? = try snapshot.record(.alias(alias))?.record else { return nil }
      return found.modelID
    }
  }

  /// The registry chooses the ids of models in groups.
  private mutating func someModel(_ registry: ModelRegistry) async throws -> String {
    let after = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(random.index(58))))
    return try await registry.inspect { snapshot in
      let behind = try snapshot.page(.groupModel, after: after, limit: 1).first
      let found = try behind ?? snapshot.page(.groupModel, after: nil, limit: 1).first
      return found?.record.key.parts.name ?? "none"
    }
  }
}
