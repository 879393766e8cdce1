import CEL

/// All vocabularies of a set together: the type environments in which conditions are checked.
///
/// A rule is checked against the union of what is declared for the actions and resource types that
/// it is about. Whatever no vocabulary speaks of is `dyn`.
struct Vocabulary: Sendable {
  /// The base: record types and extension libraries, no variables yet.
  private(set) var base = Environment(extensions: [.macros, .strings, .lists, .sets])
  private var subject: [String: CELType] = [:]
  private var context: [String: CELType] = [:]
  private var hasSubject = false
  private var hasContext = false
  private var resources: [String: [String: CELType]] = [:]
  private var actions: [(name: [UInt8], resource: String?, attributes: [String: CELType])] = []
  /// Complete before the first environment is asked for.
  private(set) var definitions: [String: CELType] = [:]
  private(set) var diagnostics: [LoadDiagnostic] = []
  /// Action names that a vocabulary declares.
  var actionNames: [[UInt8]] { actions.map(\.name) }
  /// Environments by scope, so that rules of one kind share theirs.
  private var cache: [String: Scoped] = [:]
  private var numbers = 0

  init(_ documents: [VocabularyDocument], timeZones: TimeZones) {
    base.timeZones = timeZones
    var first: [String: SourcePosition] = [:]
    for document in documents {
      for type in document.types {
        if let place = first[type.name.name] {
          report(
            document, "duplicate-type", "type `\(type.name.name)` is declared twice",
            type.name.node,
            help: "it stands first at \(place)")
        } else {
          first[type.name.name] = document.file.position(ofNode: type.name.node)
        }
      }
    }
    let names = Set(first.keys)
    for document in documents {
      for type in document.types {
        base.declare(record: type.name.name, .init(attributes: types(of: type, document, names)))
      }
    }
    for document in documents {
      if let record = document.subject {
        hasSubject = true
        merge(types(of: record, document, names), into: &subject)
      }
      if let record = document.context {
        hasContext = true
        merge(types(of: record, document, names), into: &context)
      }
      for record in document.resources {
        merge(types(of: record, document, names), into: &resources[record.name.name, default: [:]])
      }
      for record in document.actions {
        actions.append(
          (Array(record.name.name.utf8), record.resource?.name, types(of: record, document, names)))
      }
    }
    checkResources(documents)
  }

  private mutating func report(
    _ document: VocabularyDocument, _ code: String, _ message: String, _ node: Int,
    help: String? = nil
  ) {
    diagnostics.append(
      document.file.diagnostic(
        code, message, at: document.file.tape.sourceRange(of: node), help: help))
  }

  private mutating func checkResources(_ documents: [VocabularyDocument]) {
    for document in documents {
      for action in document.actions {
        guard let resource = action.resource, resources[resource.name] == nil else { continue }
        report(
          document, "unknown-resource-type",
          "no vocabulary declares the resource type `\(resource.name)`",
          resource.node,
          help: suggestion(for: resource.name, among: resources.keys).map {
            "did you mean `\($0)`?"
          })
      }
    }
  }

  private mutating func types(
    of record: VocabularyDocument.Record, _ document: VocabularyDocument, _ names: Set<String>
  ) -> [String: CELType] {
    var types: [String: CELType] = [:]
    for attribute in record.attributes {
      guard let type = CELType(attribute.type.name, records: names) else {
        report(
          document, "unknown-type", "`\(attribute.type.name)` is not a type", attribute.type.node,
          help:
            "write `string`, `int`, `bool`, `double`, `timestamp`, `duration`, `list(string)`, `map(string, dyn)`, `dyn` or a name under `types`"
        )
        continue
      }
      types[attribute.name] = type
    }
    return types
  }

  private func merge(_ types: [String: CELType], into all: inout [String: CELType]) {
    for (name, type) in types { all[name] = all[name].map { $0 == type ? type : .dyn } ?? type }
  }

  mutating func setDefinitions(_ types: [String: CELType]) {
    definitions = types
    cache = [:]
  }

  // MARK: Scopes

  /// An environment, and a number that no other environment of the set has.
  struct Scoped {
    var environment: Environment
    let number: Int
    /// What it was made for.
    let name: String
  }

  /// A number for an environment that is made of one of these.
  mutating func nextNumber() -> Int {
    numbers += 1
    return numbers
  }

  /// The environment for a condition about these actions and resource types; nil stands for all of
  /// them.
  mutating func environment(actions scope: ActionSet?, types: [String]?) -> Scoped {
    let matching = actions.filter { scope?.contains($0.name) ?? true }
    let undeclaredAction = scope.map { isOpen($0, matching.map(\.name)) } ?? actions.isEmpty
    let types = types ?? Self.resourceTypes(matching.map(\.resource))
    let key =
      Self.key(matching.map { String(decoding: $0.name, as: UTF8.self) }) + "\(undeclaredAction) "
      + (types.map { Self.key($0) } ?? "every type")
    if let known = cache[key] { return known }
    var action: [String: CELType] = [:]
    for record in matching { merge(record.attributes, into: &action) }
    var resource: [String: CELType] = [:]
    var openResource = types == nil && resources.isEmpty || undeclaredAction && types == nil
    for type in types ?? Array(resources.keys) {
      guard let attributes = resources[type] else {
        openResource = true
        continue
      }
      merge(attributes, into: &resource)
    }
    var environment = base
    let own: [String: CELType] = [
      "type": .string, "id": .string, "roles": .list(.string), "unknown_roles": .list(.string),
    ]
    declare("subject", subject, own, open: !hasSubject, &environment)
    declare("action", action, ["name": .string], open: undeclaredAction, &environment)
    declare(
      "resource", resource, ["type": .string, "id": .string], open: openResource, &environment)
    declare("context", context, [:], open: !hasContext, &environment)
    for (name, type) in definitions { environment.declare(name, type) }
    let scoped = Scoped(environment: environment, number: nextNumber(), name: key)
    cache[key] = scoped
    return scoped
  }

  /// A text that no other list of names has: names may hold any character.
  private static func key(_ names: [String]) -> String {
    "\(names.count)" + names.map { ":\($0.utf8.count):\($0)" }.joined() + " "
  }

  /// Whether a scope may match actions that no vocabulary declares, so that anything may be asked
  /// of `action`.
  private func isOpen(_ scope: ActionSet, _ declared: [[UInt8]]) -> Bool {
    guard !declared.isEmpty else { return true }
    return scope.patterns.contains { pattern in
      pattern.isExact && !declared.contains(pattern.text)
    }
  }

  private static func resourceTypes(_ resources: [String?]) -> [String]? {
    guard !resources.isEmpty, !resources.contains(where: { $0 == nil }) else { return nil }
    return Array(Set(resources.compactMap { $0 })).sorted()
  }

  private func declare(
    _ name: String, _ attributes: [String: CELType], _ own: [String: CELType], open: Bool,
    _ environment: inout Environment
  ) {
    let record = Environment.Record(
      attributes: attributes.merging(own) { _, own in own }, isOpen: open)
    environment.declare(record: "\(name) of the request", record)
    environment.declare(name, .record("\(name) of the request"))
  }
}
