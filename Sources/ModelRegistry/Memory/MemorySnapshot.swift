import PolicyGate

/// What `MemoryStore` shows.
struct MemorySnapshot: StoreSnapshot {
  let state: MemoryState

  var revision: StoreRevision { state.revision }

  func record(_ key: RecordKey) -> Versioned? { state.record(key) }

  func revision(ofKey key: String) -> StoreRevision? { state.revision(ofKey: key) }

  func members(_ set: RecordSet) -> (members: [Versioned], revision: StoreRevision) {
    guard let found = state.sets[set], let kind = state.records[set.parts.kind.members] else {
      return ([], state.sets[set]?.revision ?? 0)
    }
    return (found.names.elements(after: nil).compactMap { kind[$0.name] }, found.revision)
  }

  func count(_ set: RecordSet) -> (count: Int, revision: StoreRevision) {
    let found = state.sets[set]
    return (found?.names.count ?? 0, found?.revision ?? 0)
  }

  func count(of kind: Record.Kind) -> Int { state.records[kind]?.count ?? 0 }

  func page(_ kind: Record.Kind, after: String?, limit: Int) -> [Versioned] {
    (state.records[kind] ?? OrderedNames()).elements(after: after).prefix(max(0, limit))
      .map(\.value)
  }

  func groups(in ranges: [GroupRange], after: String?, limit: Int) -> [Versioned] {
    let cursors = ranges.map { names(in: $0, after: after) }
    var heads = cursors.indices.map { cursors[$0].next() }
    var found: [Versioned] = []
    while found.count < limit {
      // The least of what the ranges have next; all that have it go on, so each comes once.
      guard let next = heads.compactMap(\.self).min(by: { $0.precedesByBytes($1) }) else { break }
      for index in heads.indices where heads[index]?.isExactly(next) ?? false {
        heads[index] = cursors[index].next()
      }
      if let group = state.records[.group]?[next] { found.append(group) }
    }
    return found
  }

  private func names(in range: GroupRange, after: String?) -> AnyIterator<String> {
    switch range {
    case .all:
      var cursor = (state.records[.group] ?? OrderedNames()).elements(after: after)
      return AnyIterator { cursor.next()?.name }
    case .id(let id):
      let isBehind = after.map { $0.precedesByBytes(id) } ?? true
      var one = isBehind && state.records[.group]?[id] != nil ? id : nil
      return AnyIterator {
        defer { one = nil }
        return one
      }
    case .access, .backendRole, .owner, .noOwner:
      var cursor = (state.groups[range] ?? OrderedNames()).elements(after: after)
      return AnyIterator { cursor.next()?.name }
    }
  }

  func log(from sequence: Int64, limit: Int) -> [LogEntry] {
    let start = min(max(1, sequence), Int64(state.entries.count) + 1)
    return Array(state.entries[Int(start - 1)...].prefix(max(0, limit)))
  }

  func logHead() -> (start: LogHead, end: LogHead) {
    (.empty, state.entries.last?.head ?? .empty)
  }
}
