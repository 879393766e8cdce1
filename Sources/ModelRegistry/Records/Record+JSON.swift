import CEL

extension Record {
  /// What a store keeps of it: a line of JSON; of a definition, the definition itself.
  package var bytes: [UInt8] {
    if case .definition(_, let bytes) = self { return bytes }
    var writer = JSONWriter()
    writer.beginObject()
    write(to: &writer)
    writer.endObject()
    return writer.bytes
  }

  private func write(to writer: inout JSONWriter) {
    switch self {
    case .trainedModel(let model): model.write(to: &writer)
    case .definition: break
    case .alias(let alias): alias.write(to: &writer)
    case .deployment(let deployment): deployment.write(to: &writer)
    case .pipeline(let pipeline): pipeline.write(to: &writer)
    case .group(let group): group.write(to: &writer)
    case .groupName(let name, let group):
      writer.member("name", name)
      writer.member("group", group)
    case .groupModel(let model): model.write(to: &writer)
    case .setting(let name, let value):
      writer.member("name", name)
      writer.member("value", value)
    case .policy(let revision): writer.member("revision", revision)
    }
  }

  /// Reads what `bytes` wrote.
  ///
  /// - Parameters:
  ///   - kind: the kind under which it is kept.
  ///   - name: the name under which it is kept; a record of another name is in a wrong place.
  /// - Throws: `StoreError.damaged`, also if a newer version wrote it.
  package init(kind: Kind, name: String, bytes: [UInt8]) throws(StoreError) {
    guard kind != .definition else {
      self = .definition(model: name, bytes: bytes)
      return
    }
    let what = "the \(kind.rawValue) `\(name)`"
    var reader = try RecordReader(bytes, what: what)
    self = try Self.read(kind, &reader)
    try reader.finish()
    guard key.parts.name.isExactly(name) else {
      throw .damaged("\(what) is that of `\(key.parts.name)`")
    }
  }

  private static func read(_ kind: Kind, _ reader: inout RecordReader) throws(StoreError) -> Record
  {
    switch kind {
    case .trainedModel: .trainedModel(try TrainedModel(&reader))
    // It has no members to read; the initializer takes it whole.
    case .definition: .definition(model: "", bytes: [])
    case .alias: .alias(try ModelAlias(&reader))
    case .deployment: .deployment(try Deployment(&reader))
    case .pipeline: .pipeline(try IngestPipeline(&reader))
    case .group: .group(try ModelGroup(&reader))
    case .groupName: .groupName(name: try reader.text("name"), group: try reader.text("group"))
    case .groupModel: .groupModel(try GroupModel(&reader))
    case .setting: .setting(name: try reader.text("name"), value: try reader.text("value"))
    case .policy: .policy(revision: try reader.text("revision"))
    }
  }
}

extension RecordKey {
  /// The key of a kind and a name.
  package init(kind: Record.Kind, name: String) {
    self =
      switch kind {
      case .trainedModel: .trainedModel(name)
      case .definition: .definition(name)
      case .alias: .alias(name)
      case .deployment: .deployment(name)
      case .pipeline: .pipeline(name)
      case .group: .group(name)
      case .groupName: .groupName(name)
      case .groupModel: .groupModel(name)
      case .setting: .setting(name)
      case .policy: .policy
      }
  }
}
