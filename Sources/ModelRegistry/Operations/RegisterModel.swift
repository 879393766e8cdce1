// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Registers a model: as the next version of the group that it names or whose name it has, or with
/// a group of its own.
public struct RegisterModel: RegistryWrite {
  public static var action: String { "cluster:admin/opensearch/ml/register_model" }

  /// Its name.
  public var name: String
  /// The group that it joins; nil for the group of its own name.
  public var groupID: String?
  /// For people.
  public var summary: String?
  /// Whether it is a pretrained model: no URL, not remote, no connector.
  public var isPretrained: Bool
  /// Who may use its group, if that is made on the way.
  public var access: GroupAccessParameters
  /// The other members of its configuration, as a JSON object.
  public var configuration: [UInt8]

  /// Registers a model.
  public init(
    _ name: String, in groupID: String? = nil, summary: String? = nil, isPretrained: Bool = false,
    access: GroupAccessParameters = .init(), configuration: [UInt8] = []
  ) {
    (self.name, self.groupID, self.summary) = (name, groupID, summary)
    (self.isPretrained, self.access) = (isPretrained, access)
    self.configuration = configuration
  }

  /// What is known of the group.
  public struct Facts: Sendable {
    let id: String
    let isIDTaken: Bool
    let group: ModelGroup?
    let newGroupID: String
    let isNewGroupIDTaken: Bool
    let surroundings: Surroundings
  }

  public var target: String { name }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("model name", name)
    try size.name("model group id", groupID)
    try size.text(summary)
    try access.add(to: &size)
    try size.bytes(configuration)
    _ = try Configuration.object(configuration)
  }

  /// Models of the administrators' certificate are called by their names.
  private func id(_ attempt: Attempt) -> String {
    attempt.isSuperAdmin ? name : attempt.newID("model")
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    let (id, newGroupID) = (id(attempt), attempt.newID("group"))
    let wanted = try groupID ?? reader.groupID(named: name)
    return Facts(
      id: id, isIDTaken: try reader.groupModel(id) != nil,
      group: try wanted.flatMap { try reader.group($0) }, newGroupID: newGroupID,
      isNewGroupIDTaken: try wanted == nil && reader.group(newGroupID) != nil,
      surroundings: try groupID == nil
        ? reader.newGroupSurroundings() : reader.groupSurroundings())
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    var action = Attributes()
    action.add("model_name", name)
    action.add("model_group_id", groupID)
    action.add("pretrained", isPretrained)
    access.add(to: &action)
    var resource = Attributes()
    resource.add("model_group", facts.group?.reference)
    return Request(
      subject: subject, action: .init(name: Self.action, properties: action.properties),
      resource: .init(type: "model", id: facts.id, properties: resource.properties),
      context: facts.surroundings.context.properties)
  }

  /// The id of the model.
  public func effect(on facts: Facts, of attempt: Attempt) throws(RegistryError) -> Effect<String> {
    try NameRules.check("model id", facts.id)
    guard !facts.isIDTaken else {
      throw RegistryError(.alreadyExists, "there is a model `\(facts.id)`")
    }
    var (group, names) = try group(facts, attempt)
    try group.addVersion()
    let model = GroupModel(
      id: facts.id, name: name, groupID: group.id, version: group.latestVersion,
      summary: summary, isHidden: attempt.isSuperAdmin, createdTime: attempt.time,
      lastUpdatedTime: attempt.time,
      configuration: try Configuration.object(configuration))
    return Effect(writing: names + [.group(group), .groupModel(model)], output: model.id)
  }

  /// The group that it joins, and what a new one needs besides.
  private func group(
    _ facts: Facts, _ attempt: Attempt
  ) throws(RegistryError) -> (ModelGroup, [Record]) {
    if let group = facts.group { return (group, []) }
    if let groupID { throw RegistryError(.notFound, "there is no model group `\(groupID)`") }
    guard !facts.isNewGroupIDTaken else {
      throw RegistryError(.alreadyExists, "there is a model group `\(facts.newGroupID)`")
    }
    let group = ModelGroup.new(
      facts.newGroupID, name: name, summary: summary, access: access, attempt,
      isBound: facts.surroundings.bindsGroups(attempt))
    return (group, [.groupName(name: name, group: group.id)])
  }

  public func output(ofRepeated attempt: Attempt) -> String { id(attempt) }
}

extension ModelGroup {
  /// Counts one more version.
  mutating func addVersion() throws(RegistryError) {
    let (next, overflows) = latestVersion.addingReportingOverflow(1)
    guard !overflows else {
      throw RegistryError(.tooLarge, "model group `\(id)` has as many versions as there can be")
    }
    latestVersion = next
  }
}
