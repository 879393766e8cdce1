import CEL
import ModelRegistry
public import PolicyEngine

extension Directory {
  /// The directory of some entity files.
  ///
  /// - Throws: `PolicyLoadError` with everything that is wrong with any of them, each with its
  ///   place.
  public init(_ sources: [PolicySource]) throws(PolicyLoadError) {
    try self.init(sources, entities: ServerLimits.directoryEntities)
  }

  /// The same, of so many entities at most.
  package init(_ sources: [PolicySource], entities limit: Int) throws(PolicyLoadError) {
    var reader = DirectoryReader(limit: limit)
    for (index, source) in sources.enumerated() { reader.read(source, index) }
    guard reader.faults.isEmpty else { throw PolicyLoadError(diagnostics: reader.faults) }
    var digest = SHA256()
    for source in sources {
      // Length before content, so that no two directories read alike.
      digest.update(Array("\(source.bytes.count):".utf8))
      digest.update(source.bytes)
    }
    self.init(
      revision: digest.hex(), fileCount: sources.count, types: reader.types,
      completeTypes: reader.completeTypes)
  }

  /// The directory of the entity files below a folder (every `*.json` but schemas and tests), or of
  /// one file.
  ///
  /// - Throws: `PolicyLoadError`.
  public init(folder path: String) throws(PolicyLoadError) {
    try self.init(try PolicyLoader.sources(at: path, of: "entity", option: "--entities"))
  }
}

/// Reads entity files, and notes everything that is not as it should be.
private struct DirectoryReader {
  let limit: Int
  var types: [ExactText: [ExactText: Request.Entity]] = [:]
  var completeTypes: Set<ExactText> = []
  var faults: [LoadDiagnostic] = []
  private var places: [ExactText: [ExactText: SourcePosition]] = [:]
  private var names: [String: SourcePosition] = [:]
  private var count = 0

  init(limit: Int) { self.limit = limit }

  private static let fields = [
    "$schema", "directory", "description", "complete_types", "entities",
  ]
  private static let entityFields = ["type", "id", "description", "properties"]

  mutating func read(_ source: PolicySource, _ index: Int) {
    let file: SourceFile
    do {
      file = try SourceFile(reading: source, index: index)
    } catch {
      faults.append(error)
      return
    }
    var reader = DocumentReader(file)
    read(&reader)
    faults += reader.diagnostics
  }

  private mutating func read(_ reader: inout DocumentReader) {
    guard
      let members = reader.members(
        of: reader.tape.root, "the directory", known: Self.fields,
        required: ["directory", "entities"])
    else { return }
    if let node = members["directory"], let name = reader.identifier(node, "directory") {
      let place = reader.file.position(ofNode: node)
      if let other = names.updateValue(place, forKey: name) {
        reader.report("duplicate-id", "the directory `\(name)` is at \(other) already", at: node)
      }
    }
    _ = reader.string(members["description"], "description")
    for type in reader.strings(members["complete_types"], "complete_types") {
      guard checkType(type.name, type.node, &reader) else { continue }
      completeTypes.insert(ExactText(type.name))
    }
    for node in reader.elements(members["entities"], "entities") { entity(node, &reader) }
  }

  private mutating func entity(_ node: Int, _ reader: inout DocumentReader) {
    guard
      let members = reader.members(
        of: node, "the entity", known: Self.entityFields, required: ["type", "id"])
    else { return }
    _ = reader.string(members["description"], "description")
    let properties = self.properties(members["properties"], &reader)
    guard let typeNode = members["type"], let type = reader.string(typeNode, "type"),
      let idNode = members["id"], let id = reader.string(idNode, "id"),
      checkType(type, typeNode, &reader)
    else { return }
    if id.isEmpty { reader.report("invalid-name", "an entity's `id` can't be empty", at: idNode) }
    count += 1
    if count == limit + 1 {
      reader.report("too-many-entities", "a directory may have \(limit) entities", at: node)
    }
    guard count <= limit else { return }
    let place = reader.file.position(ofNode: idNode)
    if let other = places[ExactText(type), default: [:]].updateValue(place, forKey: ExactText(id)) {
      reader.report(
        "duplicate-id", "the entity `\(id)` of type `\(type)` is at \(other) already", at: idNode)
    }
    types[ExactText(type), default: [:]][ExactText(id)] = Request.Entity(
      type: type, id: id, properties: properties)
  }

  private func checkType(_ type: String, _ node: Int, _ reader: inout DocumentReader) -> Bool {
    guard !type.isEmpty else {
      reader.report("invalid-name", "an entity's `type` can't be empty", at: node)
      return false
    }
    guard ModelRegistry.resourceTypes[type] == nil else {
      reader.report(
        "registry-type", "what there is of type `\(type)`, the registry knows", at: node,
        help: "name the type otherwise, or leave the entity out")
      return false
    }
    return true
  }

  private func properties(
    _ node: Int?, _ reader: inout DocumentReader
  ) -> [String: CELValue] {
    var properties: [String: CELValue] = [:]
    for entry in reader.entries(of: node, "properties") {
      if ["type", "id", "unknown_roles"].contains(entry.name) {
        reader.report(
          "reserved-property", "`properties` can't hold `\(entry.name)`, which is the entity's own",
          at: entry.key)
      }
      if ["roles", "backend_roles"].contains(entry.name) {
        let names = reader.strings(entry.value, entry.name)
        if names.count > EngineLimits.rolesPerSubject {
          reader.report(
            "too-many-roles",
            "`\(entry.name)` may have \(EngineLimits.rolesPerSubject) elements", at: entry.value)
        }
      }
      if properties.updateValue(reader.tape.value(of: entry.value), forKey: entry.name) != nil {
        reader.report(
          "duplicate-name", "`\(entry.name)` looks like another name in the same object",
          at: entry.key)
      }
    }
    return properties
  }
}
