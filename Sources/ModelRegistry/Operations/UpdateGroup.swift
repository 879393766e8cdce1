// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Changes a model group. Nobody can change who owns it.
public struct UpdateGroup: RegistryWrite {
  public static var action: String { "cluster:admin/opensearch/ml/update_model_group" }

  /// Its id.
  public var groupID: String
  /// Its new name; nil or blank keeps the old one.
  public var name: String?
  /// Its new description; nil or blank keeps the old one.
  public var summary: String?
  /// Who may use it.
  public var access: GroupAccessParameters

  /// Changes a group.
  public init(
    _ groupID: String, name: String? = nil, summary: String? = nil,
    access: GroupAccessParameters = .init()
  ) {
    (self.groupID, self.name, self.summary, self.access) = (groupID, name, summary, access)
  }

  /// What is known of the group and the name.
  public struct Facts: Sendable {
    let group: ModelGroup?
    let nameTakenBy: String?
    let surroundings: Surroundings
  }

  public var target: String { groupID }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("model group name", name)
    try size.name("model group id", groupID)
    try size.text(summary)
    try access.add(to: &size)
  }

  /// The name that the request gives, if it gives one.
  private var newName: String? { name.flatMap { Blank.isBlank($0) ? nil : $0 } }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    Facts(
      group: try reader.group(groupID),
      nameTakenBy: try newName.flatMap { try reader.groupID(named: $0) },
      surroundings: try reader.groupSurroundings())
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    var action = Attributes()
    action.add("model_group_name", name)
    action.add("description", summary)
    access.add(to: &action)
    var resource = facts.group?.properties ?? Attributes()
    resource.add("exists", facts.group != nil)
    resource.add("name_taken_by", facts.nameTakenBy)
    return Request(
      subject: subject, action: .init(name: Self.action, properties: action.properties),
      resource: .init(type: "model_group", id: groupID, properties: resource.properties),
      context: facts.surroundings.context.properties)
  }

  public func effect(on facts: Facts, of attempt: Attempt) throws(RegistryError) -> Effect<Void> {
    guard var group = facts.group else {
      throw RegistryError(.notFound, "there is no model group `\(groupID)`")
    }
    var (records, removed): ([Record], [RecordKey]) = ([], [])
    if let newName, !newName.isExactly(group.name) {
      if let other = facts.nameTakenBy {
        throw RegistryError(.alreadyExists, "model group `\(other)` has the name `\(newName)`")
      }
      removed.append(.groupName(group.name))
      group.name = newName
      records.append(.groupName(name: newName, group: group.id))
    }
    if let summary, !Blank.isBlank(summary) { group.summary = summary }
    access.apply(to: &group, attempt)
    group.lastUpdatedTime = attempt.time
    return Effect(writing: records + [.group(group)], removing: removed)
  }
}
