package import ModelRegistry
import PolicyEngine
import PolicyGate

/// An operation on a registry that can be written down in a journal before it is tried, and read
/// again by whoever judges what came of it.
package struct HistoryOperation: Hashable, Sendable {
  /// What is done.
  package enum Kind: String, Sendable, CaseIterable {
    case putModel, deleteModel, putAlias, deleteAlias
    case startDeployment, updateDeployment, stopDeployment
    case registerGroup, renameGroup, deleteGroup
    case registerModel, moveModel, deleteGroupModel
    case resolve
  }

  /// What is done.
  package let kind: Kind
  /// What to: an id or a name without blanks.
  package let target: String
  /// What else must be known: models, groups, names, numbers, without blanks.
  package let rest: [String]

  /// An operation from its parts.
  package init(_ kind: Kind, _ target: String, _ rest: String...) {
    (self.kind, self.target, self.rest) = (kind, target, rest)
  }

  /// Reads what `line` says.
  package init?(_ words: [Substring]) {
    guard words.count > 1, let kind = Kind(rawValue: String(words[0])) else { return nil }
    (self.kind, target, rest) = (kind, String(words[1]), words.dropFirst(2).map(String.init))
  }

  /// One line.
  package var line: String { ([kind.rawValue, target] + rest).joined(separator: " ") }

  /// Whether it has no effect to be found again.
  package var isRead: Bool { kind == .resolve }

  private var first: String { rest.first ?? "" }
  private var number: Int { Int(rest.last ?? "") ?? 1 }

  /// Performs it under a key, which stands in what it writes wherever there is room for words.
  ///
  /// - Returns: whether an earlier attempt of the key had taken effect.
  @discardableResult
  package func perform(on registry: ModelRegistry, key: String) async throws -> Bool {
    func write(_ operation: some RegistryWrite) async throws -> Bool {
      try await registry.perform(operation, by: .root, key: key).isRepeated
    }
    switch kind {
    case .putModel:
      let model = TrainedModel(
        id: target, modelType: .pytorch, inferenceType: "ner", summary: key)
      return try await write(PutTrainedModel(model, definition: Array(key.utf8)))
    case .deleteModel: return try await write(DeleteTrainedModel(target, force: true))
    case .putAlias: return try await write(PutAlias(target, of: first, reassign: rest.count > 1))
    case .deleteAlias: return try await write(DeleteAlias(target, of: first))
    case .startDeployment:
      return try await write(StartDeployment(of: first, as: target, queueCapacity: number))
    case .updateDeployment: return try await write(UpdateDeployment(target, allocations: number))
    case .stopDeployment: return try await write(StopDeployment(target, force: true))
    case .registerGroup: return try await write(RegisterGroup(first, summary: key, id: target))
    case .renameGroup: return try await write(UpdateGroup(target, name: first, summary: key))
    case .deleteGroup: return try await write(DeleteGroup(target))
    case .registerModel: return try await write(RegisterModel(target, in: first, summary: key))
    case .moveModel: return try await write(UpdateModel(target, summary: key, movingTo: first))
    case .deleteGroupModel: return try await write(DeleteModel(target))
    case .resolve:
      do {
        _ = try await registry.read(ResolveAlias(target), by: .root)
      } catch let error as RegistryError where error.kind == .notFound {
        // It was looked for, and that was logged.
      }
      return false
    }
  }

  /// The action that its decision is logged with.
  package var action: String {
    switch kind {
    case .putModel: PutTrainedModel.action
    case .deleteModel: DeleteTrainedModel.action
    case .putAlias: PutAlias.action
    case .deleteAlias: DeleteAlias.action
    case .startDeployment: StartDeployment.action
    case .updateDeployment: UpdateDeployment.action
    case .stopDeployment: StopDeployment.action
    case .registerGroup: RegisterGroup.action
    case .renameGroup: UpdateGroup.action
    case .deleteGroup: DeleteGroup.action
    case .registerModel: RegisterModel.action
    case .moveModel: UpdateModel.action
    case .deleteGroupModel: DeleteModel.action
    case .resolve: ResolveAlias.action
    }
  }
}
