// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Reads the settings of the registry.
public struct ReadSettings: RegistryRead {
  public static var action: String { "cluster:monitor/state" }

  /// Reads the settings.
  public init() {}

  /// The settings.
  public struct Facts: Sendable {
    let values: [RegistrySetting: String]
    let surroundings: Surroundings
  }

  public var target: String { "*" }

  public func checkLimits() throws(RegistryError) {}

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    var values: [RegistrySetting: String] = [:]
    for setting in RegistrySetting.allCases { values[setting] = try reader.setting(setting) }
    return Facts(values: values, surroundings: try reader.trainedModelSurroundings())
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    Request(
      subject: subject, action: .init(name: Self.action),
      resource: .init(type: "setting", id: target), context: facts.surroundings.context.properties)
  }

  /// What each setting is; those that are not set are left out.
  public func answer(from facts: Facts) throws(RegistryError) -> [RegistrySetting: String] {
    facts.values
  }
}
