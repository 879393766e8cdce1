import CEL

/// What a policy set holds, for people and tools that want to see it.
public struct Listing: Sendable {
  /// A rule.
  public struct Rule: Sendable {
    /// Its id and the document that it is in.
    public let id, policy: String
    /// What it protects.
    public let description: String
    /// Where it comes from.
    public let source: String?
    /// What it does.
    public let effect: Effect
    /// When it is asked.
    public let stage: Stage
    /// How far it goes.
    public let mode: Mode
    /// Patterns of the actions that it is about; nil: every action.
    public let actions: [String]?
    /// Types of the resources that it is about; nil: every type.
    public let resourceTypes: [String]?
    /// Its conditions, as written.
    public let when, unless: String?
    /// How many examples it has.
    public let examples: Int
    /// Where it stands.
    public let position: SourcePosition
  }

  /// A privilege: a set of actions.
  public struct Privilege: Sendable {
    /// Its name.
    public let name: String
    /// What it is for.
    public let description: String?
    /// Patterns of the actions in it, and of those that are not.
    public let actions, exceptions: [String]
    /// Where it stands.
    public let position: SourcePosition
  }

  /// A role.
  public struct Role: Sendable {
    /// Its name.
    public let name: String
    /// What it is for.
    public let description: String?
    /// Names of its privileges, its own action patterns, and the roles that it includes.
    public let privileges, actions, roles: [String]
    /// Where it stands.
    public let position: SourcePosition
  }

  /// Who gets a role.
  public struct Mapping: Sendable {
    /// The role.
    public let role: String
    /// Users and backend roles, any of which is enough, and backend roles that are enough together.
    public let users, backendRoles, allBackendRoles: [String]
    /// Where it stands.
    public let position: SourcePosition
  }

  /// A named expression.
  public struct Definition: Sendable {
    /// Its name.
    public let name: String
    /// What it means.
    public let description: String?
    /// The expression, as written.
    public let expression: String
    /// Where it stands.
    public let position: SourcePosition
  }

  /// Names of the documents that hold rules and roles, in load order.
  public private(set) var policies: [String] = []
  /// How many files were loaded.
  public private(set) var files = 0
  /// All rules, in the order in which reasons are listed.
  public private(set) var rules: [Rule] = []
  /// All privileges.
  public private(set) var privileges: [Privilege] = []
  /// All roles.
  public private(set) var roles: [Role] = []
  /// All role mappings.
  public private(set) var mappings: [Mapping] = []
  /// All definitions.
  public private(set) var definitions: [Definition] = []

  fileprivate init(_ sources: [SourceFile]) {
    files = sources.count
    for file in sources where file.tape.member("policy", of: file.tape.root) != nil {
      var reader = DocumentReader(file)
      if let document = reader.policy() { add(document) }
    }
  }

  private mutating func add(_ document: PolicyDocument) {
    let file = document.file
    policies.append(document.name.name)
    rules += document.rules.map { rule in
      Rule(
        id: rule.id.name, policy: document.name.name, description: rule.description ?? "",
        source: rule.source,
        effect: rule.effect, stage: rule.stage, mode: rule.mode, actions: rule.actions?.map(\.name),
        resourceTypes: rule.resourceTypes?.map(\.name), when: rule.when?.name,
        unless: rule.unless?.name,
        examples: rule.examples.count, position: file.position(ofNode: rule.id.node))
    }
    privileges += document.privileges.map { privilege in
      Privilege(
        name: privilege.name.name, description: privilege.description,
        actions: privilege.actions.map(\.name),
        exceptions: privilege.exceptions.map(\.name),
        position: file.position(ofNode: privilege.name.node))
    }
    roles += document.roles.map { role in
      Role(
        name: role.name.name, description: role.description,
        privileges: role.privileges.map(\.name),
        actions: role.actions.map(\.name), roles: role.roles.map(\.name),
        position: file.position(ofNode: role.name.node))
    }
    mappings += document.mappings.map { mapping in
      Mapping(
        role: mapping.role.name, users: mapping.users.map(\.name),
        backendRoles: mapping.backendRoles.map(\.name),
        allBackendRoles: mapping.allBackendRoles.map(\.name),
        position: file.position(ofNode: mapping.role.node))
    }
    definitions += document.definitions.map { definition in
      Definition(
        name: definition.name.name, description: definition.description,
        expression: definition.expression.name,
        position: file.position(ofNode: definition.name.node))
    }
  }
}

extension PolicySet {
  /// What the set holds, read off its documents anew: for tools, not for deciding.
  public func listing() -> Listing { Listing(files) }
}
