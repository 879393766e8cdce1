// What the protocols ask for is documented there.
// swift-format-ignore-file: AllPublicDeclarationsHaveDocumentation

public import PolicyEngine

/// Changes a setting of the registry. Operations that were judged by its old value and have not
/// taken effect are judged again.
public struct ChangeSetting: RegistryWrite {
  public static var action: String { "cluster:admin/settings/update" }

  /// Which.
  public var setting: RegistrySetting
  /// What it shall be; nil to remove it.
  public var value: String?

  /// Changes a setting.
  public init(_ setting: RegistrySetting, to value: String?) {
    (self.setting, self.value) = (setting, value)
  }

  /// What the setting is.
  public struct Facts: Sendable {
    let current: String?
    let surroundings: Surroundings
  }

  public var target: String { setting.rawValue }

  public func checkLimits() throws(RegistryError) {
    var size = ParameterSize()
    try size.name("value", value)
  }

  public func facts(from reader: inout FactReader, for attempt: Attempt) throws -> Facts {
    Facts(
      current: try reader.setting(setting), surroundings: try reader.trainedModelSurroundings())
  }

  public func request(by subject: Request.Entity, given facts: Facts) -> Request {
    var action = Attributes()
    action.add("value", value)
    var resource = Attributes()
    resource.add("value", facts.current)
    return Request(
      subject: subject, action: .init(name: Self.action, properties: action.properties),
      resource: .init(type: "setting", id: setting.rawValue, properties: resource.properties),
      context: facts.surroundings.context.properties)
  }

  public func effect(on facts: Facts, of attempt: Attempt) throws(RegistryError) -> Effect<Void> {
    guard let value else { return Effect(writing: [], removing: [.setting(setting.rawValue)]) }
    try setting.check(value)
    return Effect(writing: [.setting(name: setting.rawValue, value: value)])
  }
}
