package import ModelRegistry

/// What a registry holds, worked out from what was done to it, one operation after the other:
/// written without the registry's own code, so that the two can be compared.
package struct HistoryState: Hashable, Sendable {
  private struct Deployed: Hashable {
    var model: String
    var copies = 1
    var queue: Int
  }
  private struct Group: Hashable {
    var name: String
    var key: String
    var latest = 0
  }
  private struct Version: Hashable {
    var name: String
    var group: String
    var number: Int
    var key: String
  }

  /// By id, the key of the attempt that put the model.
  private var models: [String: String] = [:]
  private var aliases: [String: String] = [:]
  private var deployments: [String: Deployed] = [:]
  private var groups: [String: Group] = [:]
  private var versions: [String: Version] = [:]

  /// Nothing yet.
  package init() {}

  /// Does what was performed.
  ///
  /// - Parameter id: what the log says that it was done to, which for a new model in a group is the
  ///   id that the registry chose.
  /// - Returns: why it can't have been done to this; nil if it can.
  package mutating func apply(_ operation: HistoryOperation, key: String, id: String) -> String? {
    let (target, first) = (operation.target, operation.rest.first ?? "")
    let number = Int(operation.rest.last ?? "") ?? 0
    switch operation.kind {
    case .putModel:
      guard models.updateValue(key, forKey: target) == nil else { return "the model was there" }
    case .deleteModel:
      guard models.removeValue(forKey: target) != nil else { return "there was no model" }
      aliases = aliases.filter { $0.value != target }
      deployments = deployments.filter { $0.value.model != target }
    case .putAlias:
      guard models[first] != nil else { return "it would dangle: there was no model" }
      let before = aliases.updateValue(first, forKey: target)
      if let before, before != first, operation.rest.count < 2 { return "it was \(before)'s" }
    case .deleteAlias:
      guard aliases.removeValue(forKey: target) == first else { return "it was not that model's" }
    case .startDeployment:
      guard models[first] != nil else { return "it would dangle: there was no model" }
      let new = Deployed(model: first, queue: number)
      guard deployments.updateValue(new, forKey: target) == nil else { return "it was there" }
    case .updateDeployment:
      guard deployments[target] != nil else { return "there was no deployment" }
      deployments[target]?.copies = number
    case .stopDeployment: deployments[target] = nil
    case .registerGroup, .renameGroup, .deleteGroup: return applyToGroup(operation, key: key)
    case .registerModel:
      guard versions[id] == nil else { return "there was a model \(id)" }
      guard let number = nextVersion(in: first) else { return "there was no group" }
      versions[id] = Version(name: target, group: first, number: number, key: key)
    case .moveModel:
      guard var version = versions[target] else { return "there was no model" }
      if version.group != first {
        guard let number = nextVersion(in: first) else { return "there was no group" }
        (version.group, version.number) = (first, number)
      }
      version.key = key
      versions[target] = version
    case .deleteGroupModel:
      guard versions.removeValue(forKey: target) != nil else { return "there was no model" }
    case .resolve: return "it has no effect"
    }
    return nil
  }

  private mutating func applyToGroup(_ operation: HistoryOperation, key: String) -> String? {
    let (target, name) = (operation.target, operation.rest.first ?? "")
    if operation.kind != .deleteGroup,
      let other = groups.first(where: { $0.value.name == name && $0.key != target })
    {
      return "\(other.key) had the name \(name)"
    }
    switch operation.kind {
    case .registerGroup:
      guard groups[target] == nil else { return "the group was there" }
      groups[target] = Group(name: name, key: key)
    case .renameGroup:
      guard groups[target] != nil else { return "there was no group" }
      groups[target]?.name = name
      groups[target]?.key = key
    default:
      guard !versions.values.contains(where: { $0.group == target }) else {
        return "models were in it"
      }
      groups[target] = nil
    }
    return nil
  }

  private mutating func nextVersion(in group: String) -> Int? {
    groups[group]?.latest += 1
    return groups[group]?.latest
  }

  /// Everything, a line for each thing.
  package var lines: Set<String> {
    var lines: Set<String> = []
    for (id, key) in models { lines.formUnion(Self.model(id, key, Array(key.utf8))) }
    for (name, model) in aliases { lines.insert("alias \(name) of \(model)") }
    for (id, one) in deployments {
      lines.insert("deployment \(id) of \(one.model), \(one.copies) copies, queue \(one.queue)")
    }
    for (id, one) in groups {
      lines.insert("group \(id) named \(one.name) by \(one.key), latest \(one.latest)")
      lines.insert("name \(one.name) of \(id)")
    }
    for (id, one) in versions {
      lines.insert("version \(id) \(one.name) \(one.number) of \(one.group) by \(one.key)")
    }
    return lines
  }

  private static func model(_ id: String, _ key: String, _ definition: [UInt8]) -> [String] {
    ["model \(id) by \(key)", "definition \(id) \(String(decoding: definition, as: UTF8.self))"]
  }

  /// The same lines of what a store holds.
  package static func lines(of snapshot: any StoreSnapshot) throws -> Set<String> {
    var lines: Set<String> = []
    for kind in Record.Kind.allCases where kind != .policy {
      for found in try snapshot.page(kind, after: nil, limit: 1_000_000) {
        lines.insert(line(of: found.record))
      }
    }
    return lines
  }

  private static func line(of record: Record) -> String {
    switch record {
    case .trainedModel(let one): "model \(one.id) by \(one.summary ?? "")"
    case .definition(let model, let bytes):
      "definition \(model) \(String(decoding: bytes, as: UTF8.self))"
    case .alias(let one): "alias \(one.name) of \(one.modelID)"
    case .deployment(let one):
      "deployment \(one.id) of \(one.modelID), \(one.allocations) copies, queue \(one.queueCapacity)"
    case .group(let one):
      "group \(one.id) named \(one.name) by \(one.summary ?? ""), latest \(one.latestVersion)"
    case .groupName(let name, let group): "name \(name) of \(group)"
    case .groupModel(let one):
      "version \(one.id) \(one.name) \(one.version) of \(one.groupID ?? "") by \(one.summary ?? "")"
    case .pipeline, .setting, .policy: "\(record)"
    }
  }
}
