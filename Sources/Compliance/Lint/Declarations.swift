import CEL
import PolicyEngine

/// What vocabularies declare of attributes, for the actions and types that a rule is about.
struct Declarations {
  private struct Attribute {
    var type: CELType
    var isRequired: Bool
  }
  private typealias Attributes = [String: Attribute]

  private var types: [String: Attributes] = [:]
  private var subject: Attributes?
  private var context: Attributes?
  private var resources: [String: Attributes] = [:]
  private var actions: [(name: [UInt8], resource: String?, attributes: Attributes)] = []

  init(_ documents: [VocabularyDocument]) {
    let names = Set(documents.flatMap { $0.types.map(\.name.name) })
    func read(_ record: VocabularyDocument.Record) -> Attributes {
      Dictionary(
        record.attributes.compactMap { attribute in
          CELType(attribute.type.name, records: names).map {
            (attribute.name, Attribute(type: $0, isRequired: !attribute.isOptional))
          }
        }, uniquingKeysWith: { a, _ in a })
    }
    for document in documents {
      for type in document.types { types[type.name.name] = read(type) }
      if let record = document.subject { subject = Self.union(subject, read(record)) }
      if let record = document.context { context = Self.union(context, read(record)) }
      for record in document.resources {
        resources[record.name.name] = Self.union(resources[record.name.name], read(record))
      }
      for record in document.actions {
        actions.append((Array(record.name.name.utf8), record.resource?.name, read(record)))
      }
    }
  }

  /// Attributes of either; what only one of them requires may be missing.
  private static func union(_ first: Attributes?, _ second: Attributes) -> Attributes {
    guard let first else { return second }
    var all = first.mapValues { Attribute(type: $0.type, isRequired: false) }
    for (name, attribute) in second {
      guard let other = first[name] else {
        all[name] = Attribute(type: attribute.type, isRequired: false)
        continue
      }
      all[name] = Attribute(
        type: other.type == attribute.type ? attribute.type : .dyn,
        isRequired: other.isRequired && attribute.isRequired)
    }
    return all
  }

  /// What is declared of an attribute by its path, for a rule about these actions and types.
  func scope(_ scope: ActionSet?, _ types: [String]?) -> ([String]) -> Assumptions.Declaration? {
    let matching = actions.filter { scope?.contains($0.name) ?? true }
    let isOpen =
      matching.isEmpty
      || (scope?.patterns ?? []).contains { pattern in
        pattern.isExact && !matching.contains { $0.name == pattern.text }
      }
    var action: Attributes?
    for record in matching { action = Self.union(action, record.attributes) }
    var resource: Attributes?
    let named = types ?? Array(Set(matching.compactMap(\.resource)))
    for type in named {
      if let attributes = resources[type] { resource = Self.union(resource, attributes) }
    }
    let parts: [String: Attributes?] = [
      "subject": subject, "context": context, "action": isOpen ? nil : action,
      "resource": isOpen && types == nil ? nil : resource,
    ]
    return { path in self.declaration(path, parts) }
  }

  private func declaration(
    _ path: [String], _ parts: [String: Attributes?]
  ) -> Assumptions.Declaration? {
    guard path.count > 1, var attributes = parts[path[0]] ?? nil else { return nil }
    var found: Attribute?
    for (place, name) in path.dropFirst().enumerated() {
      guard let attribute = attributes[name] else { return nil }
      found = attribute
      guard place < path.count - 2 else { break }
      guard case .record(let type) = attribute.type, let members = types[type] else { return nil }
      attributes = members
    }
    return found.map { .init(type: $0.type, isRequired: $0.isRequired) }
  }
}
