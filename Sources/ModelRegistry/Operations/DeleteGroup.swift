// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Deletes a model group.
public struct DeleteGroup: RegistryWrite {
  public static var action: String { "cluster:admin/opensearch/ml/model_groups/delete" }

  /// Its id.
  public var groupID: String

  /// Deletes a group.
  public init(_ groupID: String) { self.groupID = groupID }

  public var target: String { groupID }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("model group id", groupID)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> GroupFacts {
    try reader.groupFacts(groupID, countsModels: true)
  }

  public func request(by subject: Request.Entity, given facts: GroupFacts) -> Request {
    facts.request(Self.action, by: subject)
  }

  /// Whether there was one.
  public func effect(
    on facts: GroupFacts, of attempt: Attempt
  ) throws(RegistryError) -> Effect<Bool> {
    guard let group = facts.group else { return Effect(writing: [], output: false) }
    guard facts.modelCount == 0 else {
      throw RegistryError(
        .inUse, "model group `\(groupID)` has models", help: "delete or move them first")
    }
    return Effect(
      writing: [], removing: [.group(groupID), .groupName(group.name)], output: true)
  }

  public func output(ofRepeated attempt: Attempt) -> Bool { true }
}
