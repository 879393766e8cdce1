import ModelRegistry
import PolicyEngine
import RegistryRaces
import StoreContract

/// Operations by chance, on few names, so that they meet.
struct RandomOperations {
  var random: SeededRandom
  /// Names that different kinds share.
  var names = ["a", "b", "c", "d", "e"]
  /// Who asks.
  var people: [Request.Entity] = [.root]

  init(seed: UInt64) { random = SeededRandom(seed) }

  /// An operation of any kind, with everything decided by now, to be performed under a key.
  mutating func next() -> @Sendable (ModelRegistry, _ key: String?) async throws -> Void {
    let person = random.pick(people)
    let (one, other) = (random.pick(names), random.pick(names))
    let flag = random.once(in: 2)
    switch random.index(20) {
    case 0, 1:
      return write(
        PutTrainedModel(
          TrainedModel(
            id: one, modelType: .pytorch, tags: flag ? [] : ["t"],
            groupID: random.once(in: 4) ? other : nil),
          definition: flag ? [1, 2] : nil), person)
    case 2: return write(DeleteTrainedModel(one, force: flag), person)
    case 3, 4, 5: return write(PutAlias(one, of: other, reassign: flag), person)
    case 6: return write(DeleteAlias(one, of: other), person)
    case 7, 8: return write(StartDeployment(of: one, as: flag ? nil : other), person)
    case 9: return write(StopDeployment(one, force: flag), person)
    case 10:
      return write(ReportDeployment(one, state: .started, currentAllocations: 1), person)
    case 11: return write(PutPipeline(one, naming: [other]), person)
    case 12, 13: return write(RegisterGroup(one, id: flag ? nil : other), person)
    case 14:
      return write(UpdateGroup(one, name: other, access: access()), person)
    case 15: return write(DeleteGroup(one), person)
    case 16, 17: return write(RegisterModel(one, in: flag ? nil : other), person)
    case 18: return write(PutDefinition([3], of: one), person)
    default: return onAnyModel(person, to: other)
    }
  }

  private mutating func access() -> GroupAccessParameters {
    GroupAccessParameters(
      accessMode: random.pick([nil, "public", "private", "restricted"]),
      backendRoles: random.pick([nil, ["IT"], []]))
  }

  /// Models have ids that the registry chose: the first is taken that there is.
  private mutating func onAnyModel(
    _ person: Request.Entity, to group: String
  ) -> @Sendable (ModelRegistry, String?) async throws -> Void {
    let what = random.index(3)
    return { registry, key in
      let id = try await registry.inspect {
        try $0.page(.groupModel, after: nil, limit: 1).first?.record.key.parts.name ?? "none"
      }
      switch what {
      case 0: try await registry.perform(DeleteModel(id), by: person, key: key)
      case 1: try await registry.perform(UpdateModel(id, movingTo: group), by: person, key: key)
      default: try await registry.perform(DeployModel(id), by: person, key: key)
      }
    }
  }

  private func write<Op: RegistryWrite>(
    _ operation: Op, _ person: Request.Entity
  ) -> @Sendable (ModelRegistry, String?) async throws -> Void {
    { registry, key in try await registry.perform(operation, by: person, key: key) }
  }
}
