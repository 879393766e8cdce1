import CEL

/// A vocabulary as it was read: which attributes requests carry.
package struct VocabularyDocument: Sendable {
  package struct Attribute: Sendable {
    package var name: String
    package var type: Named
    package var isOptional: Bool
    package var description: String?
  }
  package struct Record: Sendable {
    package var name: Named
    package var attributes: [Attribute]
    package var description: String?
    /// The resource type that an action is about.
    package var resource: Named?
  }

  package var file: SourceFile
  package var name: Named
  package var types: [Record] = []
  package var subject: Record?
  package var context: Record?
  package var resources: [Record] = []
  package var actions: [Record] = []
}

extension DocumentReader {
  static let vocabularyFields = [
    "$schema", "vocabulary", "description", "types", "subject", "context", "resources", "actions",
  ]

  package mutating func vocabulary() -> VocabularyDocument? {
    guard let members = members(of: tape.root, "the vocabulary", known: Self.vocabularyFields),
      let node = members["vocabulary"]
    else { return nil }
    let name = identifier(node, "vocabulary") ?? ""
    var document = VocabularyDocument(file: file, name: Named(name: name, node: node))
    for entry in entries(of: members["types"], "types") {
      guard Self.isExpressionName(entry.name) else {
        report("invalid-name", "a type's name is a word of letters, digits and `_`", at: entry.key)
        continue
      }
      if let record = record(entry, "type") { document.types.append(record) }
    }
    for entry in entries(of: members["resources"], "resources") {
      if let record = record(entry, "resource") { document.resources.append(record) }
    }
    for entry in entries(of: members["actions"], "actions") {
      if let record = record(entry, "action") { document.actions.append(record) }
    }
    if let node = members["subject"] {
      document.subject = record(("subject", node, node), "subject")
    }
    if let node = members["context"] {
      document.context = record(("context", node, node), "context")
    }
    return document
  }

  private mutating func record(
    _ entry: (name: String, key: Int, value: Int), _ kind: String
  ) -> VocabularyDocument.Record? {
    let known = ["description", "attributes"] + (kind == "action" ? ["resource"] : [])
    guard let members = members(of: entry.value, "\(kind) `\(entry.name)`", known: known) else {
      return nil
    }
    var record = VocabularyDocument.Record(
      name: Named(name: entry.name, node: entry.key), attributes: [],
      description: string(members["description"], "description"))
    if let node = members["resource"], let name = string(node, "resource") {
      record.resource = Named(name: name, node: node)
    }
    for attribute in entries(of: members["attributes"], "attributes") {
      if let attribute = self.attribute(attribute) { record.attributes.append(attribute) }
    }
    return record
  }

  private mutating func attribute(
    _ entry: (name: String, key: Int, value: Int)
  ) -> VocabularyDocument.Attribute? {
    if tape.kind(of: entry.value) == .string {
      let type = tape.string(of: entry.value)
      return .init(name: entry.name, type: Named(name: type, node: entry.value), isOptional: false)
    }
    guard
      let members = members(
        of: entry.value, "attribute `\(entry.name)`",
        known: ["type", "optional", "description", "values"], required: ["type"]),
      let node = members["type"], let type = string(node, "type")
    else { return nil }
    return .init(
      name: entry.name, type: Named(name: type, node: node),
      isOptional: bool(members["optional"], "optional") ?? false,
      description: string(members["description"], "description"))
  }
}
