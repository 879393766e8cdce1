/// A switch of the registry, which rules see in `context`.
public enum RegistrySetting: String, Sendable, CaseIterable {
  /// `true` or `false`: whether model groups bind callers. Not set: they do.
  case accessControl = "access_control_enabled"
  /// The site's licence: `basic`, `platinum`, … Not set: the site has no licences.
  case license
  /// How many deployments may run at once. Not set: any number.
  case deploymentLimit = "deployment_limit"

  /// Checks a value.
  ///
  /// - Throws: `RegistryError` of kind `invalid`.
  func check(_ value: String) throws(RegistryError) {
    switch self {
    case .accessControl:
      guard value == "true" || value == "false" else {
        throw RegistryError(
          .invalid, "setting `\(rawValue)` can't be `\(value)`", help: "say `true` or `false`")
      }
    case .license:
      guard !value.isEmpty else {
        throw RegistryError(
          .invalid, "setting `\(rawValue)` can't be empty",
          help: "name a licence, such as `basic`, or remove the setting")
      }
    case .deploymentLimit:
      guard let count = Int(value), count >= 0 else {
        throw RegistryError(
          .invalid, "setting `\(rawValue)` can't be `\(value)`",
          help: "say a number from 0, or remove the setting")
      }
    }
  }
}

/// What the settings are.
public struct Surroundings: Hashable, Sendable {
  var accessControl: Bool?
  var license: String?
  var deploymentLimit: Int?
  var deploymentCount: Int?
  var groupsWereUsed: Bool?

  /// The context of a request.
  var context: Attributes {
    var context = Attributes()
    context.add("license", license)
    context.add("access_control_enabled", accessControl)
    context.add("deployment_count", deploymentCount)
    context.add("deployment_limit", deploymentLimit)
    context.add("model_group_index_exists", groupsWereUsed)
    return context
  }

  /// Whether model groups bind this caller's requests.
  func bindsGroups(_ attempt: Attempt) -> Bool { accessControl != false && !attempt.isSuperAdmin }
}

extension FactReader {
  /// What rules about trained models may ask for.
  mutating func trainedModelSurroundings() throws(StoreError) -> Surroundings {
    Surroundings(accessControl: try accessControl(), license: try setting(.license))
  }

  /// The same, and how many deployments there are. Whoever asks depends on all deployments.
  mutating func deploymentSurroundings() throws(StoreError) -> Surroundings {
    var surroundings = try trainedModelSurroundings()
    surroundings.deploymentCount = try count(.allDeployments)
    surroundings.deploymentLimit = try setting(.deploymentLimit).flatMap { Int($0) }
    return surroundings
  }

  /// What rules about model groups may ask for.
  mutating func groupSurroundings() throws(StoreError) -> Surroundings {
    Surroundings(accessControl: try accessControl(), groupsWereUsed: try wasEverUsed(.allGroups))
  }

  private mutating func accessControl() throws(StoreError) -> Bool? {
    try setting(.accessControl).map { $0 != "false" }
  }
}
