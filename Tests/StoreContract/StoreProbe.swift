package import ModelRegistry
package import PolicyGate

extension DecisionRecord {
  /// A record for the log that can be told from others.
  package static func probe(_ note: String) -> DecisionRecord {
    DecisionRecord(policyRevision: "probe", time: 1_700_000_000_000, note: note)
  }
}

extension RegistryStore {
  /// Commits without the policy revision being asked for.
  package func put(
    _ records: [Record], removing removed: [RecordKey] = [], reads: ReadSet = ReadSet(),
    key: String, policy: String? = nil
  ) async throws -> CommitOutcome {
    var writes: [RecordKey: Record?] = [:]
    for record in records { writes[record.key] = .some(record) }
    for key in removed { writes[key] = .some(nil) }
    return try await commit(
      StoreCommit(
        reads: reads, writes: writes, key: key, record: .probe(key), policyRevision: policy))
  }

  /// Commits and expects it to take effect.
  @discardableResult
  package func mustPut(
    _ records: [Record], removing removed: [RecordKey] = [], reads: ReadSet = ReadSet(),
    key: String, policy: String? = nil, line: Int = #line
  ) async throws -> StoreRevision {
    let outcome = try await put(
      records, removing: removed, reads: reads, key: key, policy: policy)
    guard case .committed(let revision, repeated: false) = outcome else {
      throw ContractViolation(description: "commit `\(key)` was \(outcome) (line \(line))")
    }
    return revision
  }

  package func record(_ key: RecordKey) async throws -> Versioned? {
    try await read { try $0.record(key) }
  }

  package func revision(ofKey key: String) async throws -> StoreRevision? {
    try await read { try $0.revision(ofKey: key) }
  }

  package func members(_ set: RecordSet) async throws -> [String] {
    try await read { try $0.members(set).members.map(\.record.key.parts.name) }
  }

  package func groupIDs(
    _ ranges: [GroupRange], after: String? = nil, limit: Int = 1_000
  ) async throws -> [String] {
    try await read {
      try $0.groups(in: ranges, after: after, limit: limit).map(\.record.key.parts.name)
    }
  }

  /// Everything that can be told from outside, to see that nothing was changed.
  package func everything() async throws -> [String] {
    try await read { snapshot in
      var lines = ["revision \(snapshot.revision)"]
      for kind in Record.Kind.allCases {
        for found in try snapshot.page(kind, after: nil, limit: 1_000_000) {
          let bytes = String(decoding: found.record.bytes, as: UTF8.self)
          lines.append("\(kind) \(found.revision) \(bytes)")
        }
      }
      let head = try snapshot.logHead()
      return lines + ["log \(head.end.sequence) \(head.end.hash)"]
    }
  }
}

extension ReadSet {
  /// A read set of one record that has this revision, or is absent.
  package static func of(_ key: RecordKey, _ found: Versioned?) -> ReadSet {
    var reads = ReadSet()
    reads.note(key, found)
    return reads
  }

  /// A read set of one set.
  package static func of(_ set: RecordSet, _ revision: StoreRevision) -> ReadSet {
    var reads = ReadSet()
    reads.note(set, revision)
    return reads
  }
}
