// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Registers a model group.
public struct RegisterGroup: RegistryWrite {
  public static var action: String { "cluster:admin/opensearch/ml/register_model_group" }

  /// Its name. Nil is for rules to refuse.
  public var name: String?
  /// For people.
  public var summary: String?
  /// An id of the caller's choice; nil lets the registry choose.
  public var groupID: String?
  /// Who may use it.
  public var access: GroupAccessParameters

  /// Registers a group.
  public init(
    _ name: String?, summary: String? = nil, id: String? = nil,
    access: GroupAccessParameters = .init()
  ) {
    (self.name, self.summary, groupID, self.access) = (name, summary, id, access)
  }

  /// What is known of the name and the id.
  public struct Facts: Sendable {
    let id: String
    let nameTakenBy: String?
    let isIDTaken: Bool
    let surroundings: Surroundings
  }

  public var target: String { groupID ?? name ?? "" }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("model group name", name)
    try size.name("model group id", groupID)
    try size.text(summary)
    try access.add(to: &size)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    let id = groupID ?? attempt.newID("group")
    return Facts(
      id: id, nameTakenBy: try name.flatMap { try reader.groupID(named: $0) },
      isIDTaken: try reader.group(id) != nil, surroundings: try reader.newGroupSurroundings())
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    var action = Attributes()
    action.add("model_group_name", name)
    action.add("description", summary)
    action.add("model_group_id", groupID)
    access.add(to: &action)
    var resource = Attributes()
    resource.add("name_taken_by", facts.nameTakenBy)
    resource.add("id_taken", facts.isIDTaken)
    return Request(
      subject: subject, action: .init(name: Self.action, properties: action.properties),
      resource: .init(type: "model_group", id: facts.id, properties: resource.properties),
      context: facts.surroundings.context.properties)
  }

  /// The id of the group.
  public func effect(on facts: Facts, of attempt: Attempt) throws(RegistryError) -> Effect<String> {
    guard let name else { throw RegistryError(.invalid, "a model group needs a name") }
    try NameRules.check("model group id", facts.id)
    if let other = facts.nameTakenBy {
      throw RegistryError(.alreadyExists, "model group `\(other)` has the name `\(name)`")
    }
    guard !facts.isIDTaken else {
      throw RegistryError(.alreadyExists, "there is a model group `\(facts.id)`")
    }
    let group = ModelGroup.new(
      facts.id, name: name, summary: summary, access: access, attempt,
      isBound: facts.surroundings.bindsGroups(attempt))
    return Effect(
      writing: [.group(group), .groupName(name: name, group: group.id)], output: group.id)
  }

  public func output(ofRepeated attempt: Attempt) -> String { groupID ?? attempt.newID("group") }
}

extension ModelGroup {
  /// A group as it is registered. While access control does not bind its maker, it is everybody's
  /// and nobody's.
  static func new(
    _ id: String, name: String, summary: String?, access: GroupAccessParameters,
    _ attempt: Attempt, isBound: Bool
  ) -> ModelGroup {
    var group = ModelGroup(
      id: id, name: name, summary: summary, access: .public, createdTime: attempt.time,
      lastUpdatedTime: attempt.time)
    guard isBound else { return group }
    (group.access, group.backendRoles) = access.forNewGroup(attempt)
    group.owner = Owner(
      name: attempt.subject.id, backendRoles: attempt.backendRoles, roles: attempt.roles)
    return group
  }
}

extension FactReader {
  /// What rules about new groups may ask for. Whether there were groups before is none of it, so
  /// that the first of them do not wait for each other.
  mutating func newGroupSurroundings() throws(StoreError) -> Surroundings {
    var surroundings = try trainedModelSurroundings()
    surroundings.license = nil
    return surroundings
  }
}
