package import ModelRegistry
import PolicyGate

/// What must hold of a registry at any time.
package enum Invariants {
  /// Everything that does not hold.
  package static func faults(of registry: ModelRegistry) async throws -> [String] {
    try await registry.inspect { try faults(of: $0) }
  }

  /// Everything that does not hold of one state.
  package static func faults(of snapshot: any StoreSnapshot) throws -> [String] {
    var finder = Finder(snapshot: snapshot)
    try finder.find()
    return finder.faults
  }

  private struct Finder {
    let snapshot: any StoreSnapshot
    var faults: [String] = []

    func all(_ kind: Record.Kind) throws -> [Record] {
      try snapshot.page(kind, after: nil, limit: 1_000_000).map(\.record)
    }

    func has(_ key: RecordKey) throws -> Bool { try snapshot.record(key) != nil }

    mutating func find() throws {
      for case .alias(let alias) in try all(.alias) {
        if try !has(.trainedModel(alias.modelID)) { faults.append("\(alias) dangles") }
        if try has(.trainedModel(alias.name)) { faults.append("\(alias) is called like a model") }
      }
      for case .definition(let model, let bytes) in try all(.definition) {
        guard case .trainedModel(let found)? = try snapshot.record(.trainedModel(model))?.record,
          found.definitionBytes == bytes.count
        else {
          faults.append("the definition of `\(model)` dangles")
          continue
        }
      }
      for case .deployment(let deployment) in try all(.deployment) {
        if try !has(.trainedModel(deployment.modelID)) { faults.append("\(deployment) dangles") }
        if deployment.id != deployment.modelID, try has(.trainedModel(deployment.id)) {
          faults.append("\(deployment) is called like another model")
        }
      }
      for case .trainedModel(let model) in try all(.trainedModel) {
        if let group = model.groupID, try !has(.group(group)) { faults.append("\(model) dangles") }
      }
      try findInGroups()
    }

    private mutating func findInGroups() throws {
      var versions: [String: Set<Int>] = [:]
      for case .groupModel(let model) in try all(.groupModel) {
        guard let id = model.groupID,
          case .group(let group)? = try snapshot.record(.group(id))?.record
        else {
          faults.append("\(model) dangles")
          continue
        }
        if model.version > group.latestVersion || model.version < 1 {
          faults.append("\(model) is beyond version \(group.latestVersion)")
        }
        if !versions[id, default: []].insert(model.version).inserted {
          faults.append("\(model) has the version of another")
        }
      }
      let groups = try all(.group)
      for case .group(let group) in groups {
        guard case .groupName(_, let id)? = try snapshot.record(.groupName(group.name))?.record,
          id == group.id
        else {
          faults.append("the name of \(group) is not its own")
          continue
        }
      }
      // Each group has its name, so as many names as groups means that none is left over.
      if try all(.groupName).count != groups.count { faults.append("names without groups") }
    }
  }

  /// What does not hold between the log and what was answered: each operation that was answered as
  /// done has one record of it, and no other has one.
  package static func faults(
    ofLog records: [LoggedRecord], done: Set<String>, perhaps: Set<String> = []
  ) -> [String] {
    var counts: [String: Int] = [:]
    for record in records where record.kind == "performed" {
      guard let key = record.key else { continue }
      counts[key, default: 0] += 1
      if record.outcome == "deny" { counts[key] = 100 }
    }
    var faults = done.filter { counts[$0] != 1 }.map { "\($0) has \(counts[$0] ?? 0) records" }
    for (key, count) in counts where !done.contains(key) && !perhaps.contains(key) {
      faults.append("\(key) was not done and has \(count) records")
    }
    for key in perhaps where counts[key, default: 0] > 1 { faults.append("\(key) was done twice") }
    return faults + policyFaults(records)
  }

  /// Whatever was performed was judged by the policies that were in force where it stands.
  private static func policyFaults(_ records: [LoggedRecord]) -> [String] {
    var (inForce, faults): (String?, [String]) = (nil, [])
    for record in records {
      if record.kind == "policy" { inForce = record.revision }
      if record.kind == "performed", record.revision != inForce {
        faults.append("performed under \(record.revision) while \(inForce ?? "none") was in force")
      }
    }
    return faults
  }
}
