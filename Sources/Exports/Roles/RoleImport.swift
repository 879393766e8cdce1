import CEL
public import PolicyEngine

/// Exported roles and mappings as a policy document that stands beside others.
///
/// What a rule file can say is taken; whatever can't be said is named in `notes`, with its place in
/// the export. Nothing is widened: a grant that can't be expressed is left out.
public struct RoleImport: Sendable {
  /// The document: JSON, the same for the same export.
  public let document: PolicySource
  /// Roles that were taken, by name.
  public private(set) var roles: [String] = []
  /// Roles that the policies declare already.
  public private(set) var declared: [String] = []
  /// Roles that users or backend roles are mapped to in the document.
  public private(set) var mapped: [String] = []
  /// Roles that mean less in the export than a role of that name in the policies, so that nobody gets
  /// them.
  public private(set) var refused: Set<String> = []
  /// What was not taken, and what differs.
  public private(set) var notes: [LoadDiagnostic] = []

  /// Turns the roles of an export into a document.
  ///
  /// - Parameters:
  ///   - policies: what the document will stand beside. Its roles are not declared again, and its
  ///     privileges are what names of privileges refer to.
  ///   - name: how the file is called.
  public init(_ export: RegistryExport, beside policies: PolicySet, name: String) {
    var draft = RoleDraft(export, policies)
    draft.addRoles()
    draft.addMappings()
    roles = draft.roles.map(\.name)
    declared = draft.declared
    mapped = draft.mappings.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    (notes, refused) = (draft.notes, draft.refused)
    document = PolicySource(name: name, bytes: draft.document)
  }

  /// Whether there is nothing in the document.
  public var isEmpty: Bool { roles.isEmpty && mapped.isEmpty }
}

/// A document in the making.
struct RoleDraft {
  struct Role {
    let name: String
    var description: String
    var privileges: [String] = []
    var actions: [String] = []
  }
  struct Mapping {
    var users: Set<String> = []
    var backendRoles: Set<String> = []
    var allBackendRoles: [String] = []
  }

  let export: RegistryExport
  let policies: PolicySet
  private let privilegeNames: Set<String>
  private let roleNumbers: [String: Int]
  private let documentOfRole: [String: String]
  private(set) var roles: [Role] = []
  private(set) var declared: [String] = []
  private(set) var mappings: [String: Mapping] = [:]
  private(set) var refused: Set<String> = []
  private(set) var notes: [LoadDiagnostic] = []

  init(_ export: RegistryExport, _ policies: PolicySet) {
    (self.export, self.policies) = (export, policies)
    documentOfRole = Dictionary(
      policies.documents.flatMap { document in
        document.roles.map { ($0.name.name, document.name.name) }
      }, uniquingKeysWith: { first, _ in first })
    privilegeNames = Set(policies.privilegeNames)
    roleNumbers = Dictionary(
      policies.roleNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private mutating func note(
    _ code: String, _ message: String, _ position: SourcePosition, help: String? = nil
  ) {
    notes.append(
      LoadDiagnostic(
        code: code, message: message, help: help, position: position, severity: .warning))
  }

  // MARK: Roles

  mutating func addRoles() {
    for exported in export.roles {
      guard Self.isIdentifier(exported.name) else {
        note(
          "invalid-name", "role `\(exported.name)` is not taken: rule files have no such name",
          exported.position, help: "names are 1 to 128 letters, digits, `_`, `-` or `.`")
        continue
      }
      if exported.isDisabled {
        note(
          "disabled-role", "role `\(exported.name)` is not taken: it is disabled by its licence",
          exported.position)
        continue
      }
      let role = read(exported)
      if let number = roleNumbers[exported.name] {
        declared.append(exported.name)
        compare(role, number, exported)
      } else {
        roles.append(role)
      }
    }
  }

  private mutating func read(_ exported: ExportedRole) -> Role {
    var role = Role(name: exported.name, description: "")
    var left: [String] = []
    for grant in exported.grants {
      let meaning =
        export.system == .elasticsearch
        ? ElasticsearchGrants.meaning(grant.name, privileges: privilegeNames)
        : OpenSearchGrants.meaning(grant.name, groups: export.actionGroups)
      switch meaning {
      case .privilege(let name): if !role.privileges.contains(name) { role.privileges.append(name) }
      case .actions(let patterns):
        role.actions += patterns.filter { !role.actions.contains($0) }
      case .irrelevant: left.append("`\(grant.name)`")
      case .unsupported:
        left.append("`\(grant.name)`")
        note(
          "unsupported-pattern",
          "`\(grant.name)` of role `\(role.name)` is not taken: rule files have `*` alone",
          grant.position)
      case .unknown:
        left.append("`\(grant.name)`")
        noteUnknown(grant, role.name)
      }
    }
    left += exported.others
    let summary = exported.summary.map { $0.hasSuffix(".") ? $0 : "\($0)." }
    role.description =
      (summary ?? "A role of \(export.system.title).")
      + (left.isEmpty ? "" : " Not taken: \(left.joined(separator: ", ")).")
    return role
  }

  private mutating func noteUnknown(_ grant: ExportedName, _ role: String) {
    if export.system == .elasticsearch {
      note(
        "unknown-privilege", "`\(grant.name)` of role `\(role)` is no cluster privilege",
        grant.position,
        help: suggestion(for: grant.name, among: privilegeNames).map { "did you mean `\($0)`?" }
          ?? "Elasticsearch takes privileges that it knows, and names of cluster actions")
    } else {
      note(
        "unknown-permission", "`\(grant.name)` of role `\(role)` is no action and no action group",
        grant.position,
        help: "give the site's own action groups too: \(ExportKind.actionGroups.rawValue)")
    }
  }

  /// Whether a role that the policies declare grants what the export says, as far as the policies
  /// know actions.
  private mutating func compare(_ role: Role, _ number: Int, _ exported: ExportedRole) {
    let patterns = ActionSet(patterns: role.actions.compactMap { ActionPattern($0) })
    let listing = policies.listing()
    let privileges = listing.privileges.filter { role.privileges.contains($0.name) }.map {
      ActionSet(
        patterns: $0.actions.compactMap { ActionPattern($0) },
        exceptions: $0.exceptions.compactMap { ActionPattern($0) })
    }
    var (more, less): ([String], [String]) = ([], [])
    for action in policies.actionNames {
      let bytes = Array(action.utf8)
      let isExported = patterns.contains(bytes) || privileges.contains { $0.contains(bytes) }
      let isDeclared = policies.grants(role: number, action: action)
      if isExported, !isDeclared { less.append(action) }
      if isDeclared, !isExported { more.append(action) }
    }
    guard let example = more.first ?? less.first else { return }
    // Whoever has the role there would get more here.
    if !more.isEmpty { refused.insert(role.name) }
    let counts = [
      counted(more.count, "action more", "actions more"),
      counted(less.count, "action less", "actions less"),
    ]
    note(
      "role-differs",
      "role `\(role.name)` is declared by the policies, which grant it "
        + counts.flatMap { $0 }.joined(separator: " and ") + ": `\(example)`"
        + (more.isEmpty ? "" : "; it is mapped to nobody"), exported.position,
      help: more.isEmpty
        ? "what the policies say counts; change it there if the export is right"
        : "give the role another name in \(export.system.title), or change the policies")
  }

  // MARK: Mappings

  mutating func addMappings() {
    let taken = Set(roles.map(\.name))
    for mapping in export.mappings {
      for other in mapping.others {
        note(
          "unsupported-mapping", "the mapping of role `\(mapping.role)` has \(other): not taken",
          mapping.position)
      }
      let users = literal(mapping.users, mapping)
      let backendRoles = literal(mapping.backendRoles, mapping)
      let all = literal(mapping.allBackendRoles, mapping)
      // Fewer of those that are all needed would be more people.
      let isWhole = all.count == mapping.allBackendRoles.count
      guard !users.isEmpty || !backendRoles.isEmpty || isWhole && !all.isEmpty else { continue }
      if let why = reasonAgainst(mapping.role, taken) {
        note(
          "unknown-role", "the mapping of role `\(mapping.role)` is not taken: \(why)",
          mapping.position)
        continue
      }
      var merged = mappings[mapping.role] ?? Mapping()
      merged.users.formUnion(users)
      merged.backendRoles.formUnion(backendRoles)
      if isWhole, !all.isEmpty { merged.allBackendRoles = all }
      mappings[mapping.role] = merged
    }
  }

  /// Why nobody can be mapped to a role.
  private func reasonAgainst(_ role: String, _ taken: Set<String>) -> String? {
    if taken.contains(role) { return nil }
    guard roleNumbers[role] != nil else { return "there is no such role" }
    if refused.contains(role) { return "the policies grant the role more than the export" }
    // A role that the export does not describe is the policies' own one only if they mean this
    // system's.
    let other: ExportSystem = export.system == .elasticsearch ? .opensearch : .elasticsearch
    guard !declared.contains(role), documentOfRole[role]?.hasPrefix(other.rawValue + ".") ?? false
    else { return nil }
    return "the policies have it as a role of \(other.title)"
  }

  /// Names that stand for themselves: a pattern among users would be nobody's name.
  private mutating func literal(_ names: [String], _ mapping: ExportedMapping) -> [String] {
    names.filter { name in
      guard name.contains("*") || name.contains("?") || name.hasPrefix("/") && name.hasSuffix("/")
      else { return true }
      note(
        "unsupported-pattern",
        "`\(name)` in the mapping of role `\(mapping.role)` is not taken: mappings name users and backend roles one by one",
        mapping.position)
      return false
    }
  }

  /// What names in rule files are made of.
  static func isIdentifier(_ text: String) -> Bool {
    (1...128).contains(text.utf8.count)
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
          UInt8(ascii: "."):
          true
        default: false
        }
      }
  }
}
