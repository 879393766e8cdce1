import CEL
import ModelRegistry
package import PolicyEngine

/// What is known of subjects and resources that requests name by id alone: the entities of JSON
/// files, whole and unchanging.
///
/// ```json
/// { "directory": "staff", "complete_types": ["user"],
///   "entities": [ { "type": "user", "id": "ann", "properties": { "roles": ["editor"] } } ] }
/// ```
public struct Directory: Sendable {
  /// A digest of everything that was loaded.
  public let revision: String
  /// How many files it is made of.
  public let fileCount: Int
  private let types: [ExactText: [ExactText: Request.Entity]]
  private let completeTypes: Set<ExactText>
  /// Who else knows subjects: those that no file has.
  var subjects: (any SubjectSource)?
  /// The entities of each type, in the order of their ids' bytes.
  private let ordered: [ExactText: [Request.Entity]]

  /// A directory of nobody.
  public static let empty = Directory(
    revision: SHA256().hex(), fileCount: 0, types: [:], completeTypes: [])

  init(
    revision: String, fileCount: Int, types: [ExactText: [ExactText: Request.Entity]],
    completeTypes: Set<ExactText>
  ) {
    (self.revision, self.fileCount) = (revision, fileCount)
    (self.types, self.completeTypes) = (types, completeTypes)
    ordered = types.mapValues { $0.sorted { $0.key < $1.key }.map(\.value) }
  }

  /// How many entities there are.
  public var count: Int { types.values.reduce(0) { $0 + $1.count } }

  /// What is known of an entity. Types and ids go by their bytes.
  package func entity(type: String, id: String) -> Request.Entity? {
    types[ExactText(type)]?[ExactText(id)]
  }

  /// The entities of a type, in the order of their ids' bytes.
  package func entities(ofType type: String) -> [Request.Entity] {
    ordered[ExactText(type)] ?? []
  }

  /// Whether every entity of a type that there is stands here.
  package func isComplete(_ type: String) -> Bool { completeTypes.contains(ExactText(type)) }
}

extension Directory {
  /// Attributes that decide what a subject may do, whatever rules there are. Of a subject that the
  /// directory knows, nobody else can tell them.
  package static let protectedNames: Set<String> = ["roles", "backend_roles", "super_admin"]

  /// The ids of the subjects of a type that are known, each once, in the order of their bytes.
  package func subjectIDs(ofType type: String) -> [String] {
    let own = entities(ofType: type).map(\.id)
    guard let others = subjects?.subjectIDs(ofType: type), !others.isEmpty else { return own }
    let known = Set(own.map { Array($0.utf8) })
    return (own + others.filter { !known.contains(Array($0.utf8)) }).sorted {
      $0.precedesByBytes($1)
    }
  }

  /// A subject with everything that is known of it: by the files, or else by whoever else knows
  /// subjects, and never by both. What stands here is not replaced by what a
  /// request says; a request can add only attributes that are not here, and no roles.
  package func complete(subject: Request.Entity) -> Request.Entity {
    let known =
      entity(type: subject.type, id: subject.id)
      ?? subjects?.subject(type: subject.type, id: subject.id)
    guard known != nil || isComplete(subject.type) else { return subject }
    var subject = subject
    for name in Self.protectedNames { subject.properties[name] = nil }
    if let known { subject.properties.merge(known.properties) { _, known in known } }
    return subject
  }

  /// A resource with everything that is known of it.
  package func complete(resource: Request.Entity) -> Request.Entity {
    guard let known = entity(type: resource.type, id: resource.id) else { return resource }
    var resource = resource
    resource.properties.merge(known.properties) { _, known in known }
    return resource
  }
}
