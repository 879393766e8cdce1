import CEL
import ModelRegistry

/// `/_cluster/settings`: the switch of model access control.
extension OpenSearch {
  /// The one setting that there is.
  static let accessControlSetting = "plugins.ml_commons.model_access_control_enabled"

  static let siteRoutes: [(String, String, Route)] = {
    let settings = "/_cluster/settings"
    let common: Set<String> = ["flat_settings", "cluster_manager_timeout", "master_timeout"]
    return [
      (
        "GET", settings,
        Route(
          action: ReadSettings.action, parameters: common.union(["include_defaults", "local"])
        ) { try getSettings($0) }
      ),
      (
        "PUT", settings,
        Route(action: ChangeSetting.action, parameters: common.union(["timeout"])) {
          try putSettings($0)
        }
      ),
    ] + securityRoutes
  }()

  private static func getSettings(_ call: Call) throws(ErrorBody) -> Action {
    let isFlat = try call.request.query.flag("flat_settings")
    let withDefaults = try call.request.query.flag("include_defaults")
    return {
      let value = try await call.registry.read(ReadSettings())[.accessControl]
      return .json { writer in
        writer.beginObject()
        write("persistent", value, isFlat: isFlat, to: &writer)
        write("transient", nil, isFlat: isFlat, to: &writer)
        if withDefaults {
          write("defaults", value == nil ? "true" : nil, isFlat: isFlat, to: &writer)
        }
        writer.endObject()
      }
    }
  }

  private static func putSettings(_ call: Call) throws(ErrorBody) -> Action {
    let isFlat = try call.request.query.flag("flat_settings")
    let change = try SettingsBody(call.request.body)
    return {
      // What is transient counts while both are set. Here both are one setting, which stays.
      guard let wanted = change.transient ?? change.persistent else {
        throw ErrorBody(
          400, "action_request_validation_exception",
          "Validation Failed: 1: no settings to update;")
      }
      _ = try await call.registry.perform(ChangeSetting(.accessControl, to: wanted.value))
      return .json { writer in
        writer.beginObject()
        writer.member("acknowledged", true)
        write("persistent", change.persistent?.value, isFlat: isFlat, to: &writer)
        write("transient", change.transient?.value, isFlat: isFlat, to: &writer)
        writer.endObject()
      }
    }
  }

  private static func write(
    _ section: String, _ value: String?, isFlat: Bool, to writer: inout JSONWriter
  ) {
    writer.name(section)
    writer.beginObject()
    if let value {
      let names =
        isFlat
        ? [accessControlSetting] : accessControlSetting.split(separator: ".").map(String.init)
      for name in names.dropLast() {
        writer.name(name)
        writer.beginObject()
      }
      writer.member(names[names.count - 1], value)
      for _ in names.dropLast() { writer.endObject() }
    }
    writer.endObject()
  }
}

extension OpenSearch {
  /// What a change of settings says.
  private struct SettingsBody: Sendable {
    /// A value that is wanted; nil to go back to what is so without one.
    struct Wanted: Sendable { let value: String? }

    var persistent: Wanted?
    var transient: Wanted?

    init(_ bytes: [UInt8]) throws(ErrorBody) {
      guard !bytes.isEmpty else {
        throw ErrorBody(400, "parse_exception", "request body is required")
      }
      let body = try Body(bytes)
      for (section, value) in body.members {
        switch section {
        case "persistent": persistent = try Self.read(section, value, body)
        case "transient": transient = try Self.read(section, value, body)
        default:
          throw Body.parsing(
            "[put_cluster_settings_request] unknown field [\(section)]", body.place(value))
        }
      }
    }

    /// Settings are given flat, in objects, or in any mixture of the two.
    private static func read(
      _ section: String, _ node: Int, _ body: Body
    ) throws(ErrorBody) -> Wanted? {
      try body.expect(.object, node)
      var wanted: Wanted?
      var waiting = body.members(of: node)
      while let (name, value) = waiting.popLast() {
        if body.tape.kind(of: value) == .object {
          waiting += body.members(of: value).map { ("\(name).\($0.name)", $0.value) }
          continue
        }
        guard name == accessControlSetting else {
          throw .illegalArgument("\(section) setting [\(name)], not recognized")
        }
        guard let text = try body.optionalText(value) else {
          wanted = Wanted(value: nil)
          continue
        }
        guard text == "true" || text == "false" else {
          throw .illegalArgument(
            "Failed to parse value [\(text)] as only [true] or [false] are allowed.")
        }
        wanted = Wanted(value: text)
      }
      return wanted
    }
  }
}
